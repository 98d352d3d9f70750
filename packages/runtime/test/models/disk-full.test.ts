import { writeFileSync } from "node:fs";
import type * as Files from "node:fs/promises";
import { join } from "node:path";
import { pullModel } from "@cutaway/runtime/models";
import { beforeEach, expect, it, vi } from "vitest";
import { registry, sendFile, serve, testPlace, weights } from "./place.ts";

/** Bytes that the disk of this test still takes. */
let room = 0;

vi.mock("node:fs/promises", async (original) => {
  const files = await original<typeof Files>();
  return {
    ...files,
    async open(path: string, flags: string) {
      const handle = await files.open(path, flags);
      const write = handle.write.bind(handle) as (bytes: Uint8Array, offset?: number, length?: number) => Promise<{ bytesWritten: number }>;
      handle.write = (async (bytes: Uint8Array, offset = 0) => {
        const taken = Math.min(room, bytes.length - offset);
        if (taken === 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
        room -= taken;
        return write(bytes, offset, taken);
      }) as typeof handle.write;
      return handle;
    },
  };
});

beforeEach(() => {
  room = 100_000;
});

it("a disk that fills up in the middle ends the pull: nothing is left, and no other source is asked", async () => {
  const place = testPlace();
  const server = await serve((request, response) => sendFile(request, response, weights));
  const asked: string[] = [];
  const onProgress = (event: { type: string; source: string }) => event.type === "trying" && asked.push(event.source);
  const pulling = pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, onProgress });
  await expect(pulling).rejects.toMatchObject({ code: "disk-full", fix: expect.stringContaining("CUTAWAY_MODELS") });
  expect([place.files(), asked]).toEqual([[], ["hub"]]);
});

it("a disk that takes less at a time than it is given still takes all", async () => {
  const place = testPlace();
  const file = join(place.folder, "brought.gguf");
  writeFileSync(file, weights);
  room = weights.length;
  await expect(pullModel("tiny", { env: place.env, registry, from: file })).resolves.toMatchObject({ size: weights.length });
});
