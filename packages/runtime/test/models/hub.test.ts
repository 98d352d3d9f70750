import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { type PullEvent, pullModel } from "@cutaway/runtime/models";
import { afterAll, describe, expect, it } from "vitest";
import { registry, sendFile, serve, testPlace, tiny, weights } from "./place.ts";

const half = Math.floor(weights.length / 2);
const path = `/${tiny.hub.repo}/resolve/${tiny.hub.revision}/tiny%20model.gguf`;
const error = (code: string, says: string, kind = "network") => expect.objectContaining({ code, kind, message: expect.stringContaining(says) });

describe("a model from the hub", () => {
  it("is asked for by repository, commit and file, and comes with a record of where it is from", async () => {
    const place = testPlace();
    const server = await serve((request, response) => sendFile(request, response, weights));
    const events: PullEvent[] = [];
    const env = { ...place.env, HF_ENDPOINT: `${server.origin}/` };
    const pulled = await pullModel("tiny", { env, registry, from: "hub", onProgress: (event) => events.push(event) });
    expect(pulled).toMatchObject({ name: "tiny", path: join(place.models, "tiny.gguf"), sha256: tiny.sha256, alreadyHere: false });
    expect(pulled.source).toBe(`hub ${server.origin}/${tiny.hub.repo}@${tiny.hub.revision}`);
    expect(readFileSync(pulled.path).equals(weights)).toBe(true);
    expect(place.files()).toEqual(["tiny.gguf", "tiny.json"]);
    expect(server.requests.map((request) => request.path)).toEqual([path]);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(events[0]).toEqual({ type: "trying", source: "hub", from: new URL(server.origin).host });
    expect(events.at(-1)).toEqual({ type: "bytes", source: "hub", doing: "download", bytes: tiny.size, of: tiny.size });
  });

  it("is not asked for again when it is here and whole, and replaced when it is damaged", async () => {
    const place = testPlace();
    const server = await serve((request, response) => sendFile(request, response, weights));
    const options = { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub" };
    await pullModel("tiny", options);
    expect((await pullModel("tiny", options)).alreadyHere).toBe(true);
    expect(server.requests.length).toBe(1);
    const broken = Buffer.from(weights);
    broken[1000] = 255 - (broken[1000] ?? 0);
    writeFileSync(join(place.models, "tiny.gguf"), broken);
    expect((await pullModel("tiny", options)).alreadyHere).toBe(false);
    expect(server.requests.length).toBe(2);
    expect(readFileSync(join(place.models, "tiny.gguf")).equals(weights)).toBe(true);
  });

  it("is asked for with the token; a redirect to another origin goes without it, one to the same with it", async () => {
    const place = testPlace();
    const storage = await serve((request, response) => sendFile(request, response, weights));
    const hub = await serve((request, response) => {
      const location = request.url === path ? "/moved?to=storage" : `${storage.origin}/file?signature=s`;
      response.writeHead(307, { location }).end();
    });
    await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: hub.origin, HF_TOKEN: " hf_secret\n" }, registry, from: "hub" });
    expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer hf_secret", "Bearer hf_secret"]);
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(readFileSync(join(place.models, "tiny.json"), "utf8")).not.toMatch(/secret|signature/);
  });

  it("gets no token after a redirect away, even where another leads back", async () => {
    const place = testPlace();
    const other = await serve((_request, response) => response.writeHead(302, { location: `${hub.origin}/back` }).end());
    const hub = await serve((request, response) =>
      request.url === "/back" ? sendFile(request, response, weights) : response.writeHead(302, { location: `${other.origin}/x` }).end(),
    );
    await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: hub.origin, HF_TOKEN: "hf_secret" }, registry, from: "hub" });
    expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer hf_secret", undefined]);
  });

  it("goes on where a connection was cut, in the same run", async () => {
    const place = testPlace();
    let cut = () => {};
    const server = await serve((request, response, count) => {
      if (count > 1) return sendFile(request, response, weights);
      response.writeHead(200, { "content-length": weights.length, etag: '"v1"' });
      response.write(weights.subarray(0, half));
      cut = () => response.destroy();
    });
    const onProgress = (event: PullEvent) => {
      if (event.type === "bytes" && event.bytes === half) cut();
    };
    const pulled = await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub", onProgress });
    expect(pulled.sha256).toBe(tiny.sha256);
    expect(server.requests.map(({ headers }) => [headers.range, headers["if-range"]])).toEqual([
      [undefined, undefined],
      [`bytes=${half}-`, '"v1"'],
    ]);
  });

  it("goes on where it was stopped, in the next run; stopping leaves only the part", async () => {
    const place = testPlace();
    const stop = new AbortController();
    const server = await serve((request, response, count) => {
      if (count > 1) return sendFile(request, response, weights);
      response.writeHead(200, { "content-length": weights.length, etag: '"v1"' });
      response.write(weights.subarray(0, half));
    });
    const options = { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub" };
    const onProgress = (event: PullEvent) => {
      if (event.type === "bytes" && event.bytes === half) stop.abort(130);
    };
    await expect(pullModel("tiny", { ...options, signal: stop.signal, onProgress })).rejects.toEqual(error("interrupted", "tiny", "interrupted"));
    expect(place.files()).toEqual(["tiny.partial", "tiny.partial.etag"]);
    const bytes: number[] = [];
    await pullModel("tiny", { ...options, onProgress: (event) => event.type === "bytes" && bytes.push(event.bytes) });
    expect(server.requests[1]?.headers.range).toBe(`bytes=${half}-`);
    expect(bytes[0]).toBe(half);
    expect(place.files()).toEqual(["tiny.gguf", "tiny.json"]);
  });

  it("takes over what a process left that was killed, and not what one is writing", async () => {
    const place = testPlace();
    const server = await serve((request, response) => sendFile(request, response, weights));
    mkdirSync(place.models);
    const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
    const running = `tiny.${host}-${process.pid}-00000001.partial`;
    const gone = `tiny.${host}-${2 ** 22 + 1}-00000002.partial`;
    writeFileSync(join(place.models, running), weights.subarray(0, half + 10));
    writeFileSync(join(place.models, gone), weights.subarray(0, half));
    await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub" });
    expect(server.requests[0]?.headers.range).toBe(`bytes=${half}-`);
    expect(place.files()).toEqual([running, "tiny.gguf", "tiny.json"].sort());
  });

  it("starts again where the file on the server changed, or the server sends no parts", async () => {
    const place = testPlace();
    mkdirSync(place.models);
    writeFileSync(join(place.models, "tiny.partial"), new Uint8Array(half));
    writeFileSync(join(place.models, "tiny.partial.etag"), '"old"');
    const server = await serve((request, response) => sendFile(request, response, weights, '"new"'));
    const { sha256 } = await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub" });
    expect([sha256, server.requests.length]).toEqual([tiny.sha256, 1]);
  });

  it("starts again, once, where what was there before turns out to be wrong", async () => {
    const place = testPlace();
    mkdirSync(place.models);
    writeFileSync(join(place.models, "tiny.partial"), new Uint8Array(half));
    const server = await serve((request, response) => sendFile(request, response, weights));
    const { sha256 } = await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub" });
    expect(sha256).toBe(tiny.sha256);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([`bytes=${half}-`, undefined]);
  });

  it("is installed whole by each of two that pull it at once", async () => {
    const place = testPlace();
    const server = await serve((request, response) => {
      if (request.headers.range) return sendFile(request, response, weights);
      response.writeHead(200, { "content-length": weights.length });
      response.write(weights.subarray(0, half));
      setTimeout(() => response.end(weights.subarray(half)), 50);
    });
    const options = { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub" };
    const both = await Promise.all([pullModel("tiny", options), pullModel("tiny", options)]);
    expect(both.map(({ sha256 }) => sha256)).toEqual([tiny.sha256, tiny.sha256]);
    expect(readFileSync(join(place.models, "tiny.gguf")).equals(weights)).toBe(true);
    expect(place.files()).toEqual(["tiny.gguf", "tiny.json"]);
  });
});

it("the hub is asked through HTTP_PROXY where that is set", async () => {
  const place = testPlace();
  const proxy = await serve((request, response) => sendFile(request, response, weights));
  const env = { ...place.env, NO_PROXY: "", HTTP_PROXY: proxy.origin, HF_ENDPOINT: "http://hub.invalid" };
  expect((await pullModel("tiny", { env, registry, from: "hub" })).sha256).toBe(tiny.sha256);
  expect(proxy.requests.map((request) => request.path)).toEqual([`http://hub.invalid${path}`]);
});

describe("a hub that does not give the file", () => {
  type Answer = Parameters<typeof serve>[0];
  const same = Buffer.from(weights);
  same[same.length - 1] = 255 - (same.at(-1) ?? 0);
  const endless: Answer = (_request, response) => {
    response.writeHead(200);
    const more = () => void (response.destroyed || response.write(weights, more));
    more();
  };
  const refusals: [string, Answer, ReturnType<typeof error>][] = [
    ["another file of the size", (request, response) => sendFile(request, response, same), error("wrong-hash", "SHA-256")],
    ["a shorter file", (request, response) => sendFile(request, response, weights.subarray(1)), error("hub-failed", `${weights.length - 1} bytes`)],
    [
      "a short body without a length",
      (_, response) => void response.write(weights.subarray(1), () => response.end()),
      error("wrong-size", `${weights.length - 1} bytes came`),
    ],
    ["a body without end", endless, error("wrong-size", "more than")],
    ["401", (_, response) => response.writeHead(401).end(), error("hub-refused", "(401), without a token", "auth")],
    ["403", (_, response) => response.writeHead(403).end(), error("hub-refused", "(403)", "auth")],
    ["404", (_, response) => response.writeHead(404).end(), error("hub-missing", "(404)")],
    ["500", (_, response) => response.writeHead(500).end(), error("hub-failed", "answers 500")],
    ["another part", (_, response) => response.writeHead(206, { "content-range": "bytes 5-9/10" }).end(), error("hub-failed", "another part")],
    [
      "a redirect in a circle",
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      error("redirect-refused", "more than 5 times"),
    ],
    ["a redirect to nowhere", (_, response) => response.writeHead(302).end(), error("redirect-refused", "to no address")],
    ["a redirect to a file", (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(), error("redirect-refused", "file:")],
    [
      "a redirect with a password",
      (_, response) => response.writeHead(302, { location: "http://a:b@127.0.0.1/" }).end(),
      error("redirect-refused", "password"),
    ],
    ["silence", () => {}, error("unreachable", "no answer within 0.2 s")],
    ["nothing more after the start", (_, response) => void response.writeHead(200).write("GGUF"), error("download-cut", "nothing came for 0.2 s")],
  ];
  for (const [what, answer, expected] of refusals) {
    it(`by ${what}: the reason is named and nothing is installed`, async () => {
      const place = testPlace();
      const server = await serve(answer);
      const patience = { answerMs: 200, idleMs: 200 };
      const pulling = pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: server.origin }, registry, from: "hub", patience });
      await expect(pulling).rejects.toEqual(expected);
      expect(place.files().filter((file) => !file.startsWith("tiny.partial"))).toEqual([]);
    });
  }

  it("because it is not there, or lets connections hang: told soon", async () => {
    const place = testPlace();
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as { port: number };
    afterAll(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const pull = (HF_ENDPOINT: string) =>
      pullModel("tiny", { env: { ...place.env, HF_ENDPOINT }, registry, from: "hub", patience: { connectMs: 200 } });
    await expect(pull(`https://127.0.0.1:${port}`)).rejects.toEqual(error("unreachable", "no connection within 0.2 s"));
    await expect(pull("http://127.0.0.1:1")).rejects.toEqual(error("unreachable", "refuses the connection"));
    await expect(pull("http://no-such-host.invalid")).rejects.toEqual(error("unreachable", "no-such-host.invalid cannot be reached"));
    expect(place.files()).toEqual([]);
  });

  it("because its settings are wrong: nothing is sent", async () => {
    const place = testPlace();
    const pull = (env: object) => pullModel("tiny", { env: { ...place.env, ...env }, registry, from: "hub" });
    await expect(pull({ HF_ENDPOINT: "ftp://x" })).rejects.toEqual(error("hub-endpoint", "HF_ENDPOINT", "usage"));
    const withPassword = pull({ HF_ENDPOINT: "https://me:sesame@hub.invalid" });
    await expect(withPassword).rejects.toEqual(error("hub-endpoint", "HF_ENDPOINT", "usage"));
    await expect(withPassword).rejects.not.toEqual(error("hub-endpoint", "sesame", "usage"));
    await expect(pull({ HF_ENDPOINT: "http://127.0.0.1:1", HF_TOKEN: "two\nlines" })).rejects.toEqual(error("hub-token", "HF_TOKEN", "auth"));
    await expect(pull({ HF_HUB_OFFLINE: "1" })).rejects.toEqual(error("hub-offline", "HF_HUB_OFFLINE"));
  });
});
