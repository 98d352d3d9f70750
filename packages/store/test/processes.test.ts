import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { CallId } from "@cutaway/core";
import { afterAll, expect, test } from "vitest";
import { openStore } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "cutaway-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that puts calls and prints each id once `put` has returned. */
const startWriter = (path: string, count: number) =>
  spawn(process.execPath, ["--conditions=@cutaway/source", fileURLToPath(new URL("fixtures/writer.ts", import.meta.url)), path, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });

const linesOf = async (child: ReturnType<typeof startWriter>, onLine: (line: string) => void) => {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) onLine(line);
};

test("three processes write at once: no call is lost, every change is seen", async () => {
  const path = join(folder, "shared.db");
  const writers = [startWriter(path, 60), startWriter(path, 60), startWriter(path, 60)];
  const written: string[] = [];
  await Promise.all(writers.map((writer) => linesOf(writer, (line) => written.push(line))));
  const store = openStore(path);
  const seen = store.changedSince(0).ids;
  expect(written).toHaveLength(180);
  expect(seen.toSorted()).toEqual(written.toSorted());
  for (const id of written) expect(store.get(id as CallId)?.call.ending).toBe("complete");
  store.close();
});

test("kill -9 in the middle of writing: every put that returned is there, and whole", async () => {
  const path = join(folder, "killed.db");
  const written: string[] = [];
  for (let round = 0; round < 5; round++) {
    const writer = startWriter(path, 100_000);
    const killAt = written.length + 3 + round * 7;
    const exit = once(writer, "exit");
    await linesOf(writer, (line) => {
      written.push(line);
      if (written.length === killAt) writer.kill("SIGKILL");
    });
    await exit;
  }
  const store = openStore(path);
  for (const id of written) expect(store.get(id as CallId)?.call.ending).toBe("complete");
  expect(written.length).toBeGreaterThanOrEqual(31);
  expect(store.changedSince(0).ids.length).toBeGreaterThanOrEqual(written.length);
  store.close();
});
