import { request as httpRequest } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Seen } from "./support/replay-server.ts";
import { running } from "./support/running.ts";
import { chatBody, chatStream } from "./support/wire.ts";

interface Raw {
  status: number;
  rawHeaders: string[];
  body: Buffer;
}

/** One request with exactly these headers, and the answer as it comes off the socket. */
function send(base: string, path: string, headers: string[], body = "", method = "POST"): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, base);
    const outgoing = httpRequest(
      { hostname: url.hostname, port: url.port, path, method, headers: ["Host", url.host, ...headers], agent: false },
      (incoming) => {
        const pieces: Buffer[] = [];
        incoming.on("data", (piece) => pieces.push(piece));
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body: Buffer.concat(pieces) }));
        incoming.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const ofConnection = ["connection", "keep-alive", "transfer-encoding", "host"];
const endToEnd = (rawHeaders: string[]) => {
  const pairs = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1] as string] as const] : []));
  return pairs.filter(([name]) => !ofConnection.includes(name.toLowerCase()));
};

const requestBody = JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Grüße\u0000 👋" }], stream: true });
const requestHeaders = [
  "AUTHORIZATION",
  "Bearer sk-test-12345678",
  "content-TYPE",
  "application/json",
  "X-Twice",
  "a",
  "X-Twice",
  "b",
  "Accept-Encoding",
  "br, gzip",
  "Content-Length",
  String(Buffer.byteLength(requestBody)),
];

test("request and answer pass byte for byte, headers in their order and case", async () => {
  const answer = {
    status: 203,
    headers: ["X-Odd-CASE", "1", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "Content-Type", "text/event-stream"],
    chunks: chatStream(["Hel", "lo"]).chunks,
  };
  const { url, upstream } = await running(() => answer);
  const direct = await send(upstream.url, "/v1/chat/completions?x=%7e&y=a+b", requestHeaders, requestBody);
  const through = await send(url, "/v1/chat/completions?x=%7e&y=a+b", requestHeaders, requestBody);
  expect(through.status).toBe(203);
  expect(through.body.equals(direct.body)).toBe(true);
  expect(endToEnd(through.rawHeaders)).toEqual(endToEnd(direct.rawHeaders));
  const [seenDirect, seenThrough] = upstream.seen as [Seen, Seen];
  expect(seenThrough.url).toBe(seenDirect.url);
  expect(seenThrough.body.equals(seenDirect.body)).toBe(true);
  expect(endToEnd(seenThrough.rawHeaders)).toEqual(endToEnd(seenDirect.rawHeaders));
  expect(seenThrough.rawHeaders[seenThrough.rawHeaders.indexOf("Host") + 1]).toBe(new URL(upstream.url).host);
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
])("a compressed answer (%s) passes compressed and is recorded decoded", async (encoding, compress) => {
  const plain = chatStream(["Hel", "lo"])
    .chunks.flat()
    .filter((part) => typeof part === "string")
    .join("");
  const packed = compress(Buffer.from(plain));
  const chunks = [packed.subarray(0, 20), packed.subarray(20)];
  const { url, store } = await running(() => ({ headers: ["content-type", "text/event-stream", "content-encoding", encoding], chunks }));
  const { body } = await send(url, "/v1/chat/completions", requestHeaders, requestBody);

  expect(body.equals(packed)).toBe(true);
  const { call } = store.get(store.resolve("latest")) ?? {};
  expect(call?.answers[0]?.text).toBe("Hello");
  expect(call?.ending).toBe("complete");
  expect(Buffer.from(store.body(call?.bodies?.response ?? "") ?? []).toString()).toBe(plain);
});

test("an encoding not known here passes, and the call is counted as unrecorded", async () => {
  const { url, store, warnings } = await running(() => ({
    headers: ["content-type", "application/json", "content-encoding", "aes128gcm"],
    chunks: ["\u0001\u0002"],
  }));
  const { body } = await send(url, "/v1/chat/completions", requestHeaders, requestBody);
  expect(body.toString()).toBe("\u0001\u0002");
  expect(store.list().rows[0]?.ending).toBe("open");
  expect(warnings).toEqual([expect.stringContaining("aes128gcm")]);
  const about = (await (await fetch(`${url}/api/about`)).json()) as { recording: object };
  expect(about.recording).toEqual({ recorded: 0, unrecorded: 1 });
});

test.each(["application/x-www-form-urlencoded", "application/octet-stream", "multipart/form-data; boundary=x"])(
  "a model call that its client calls %s is recorded all the same",
  async (type) => {
    const { url, store } = await running(() => ({ headers: ["content-type", "application/json"], chunks: [chatBody("Hello")] }));
    await send(url, "/v1/chat/completions", ["content-type", type, "content-length", String(Buffer.byteLength(requestBody))], requestBody);
    const { call } = store.get(store.resolve("latest")) ?? {};
    expect([call?.answers[0]?.text, call?.request?.model, call?.ending]).toEqual(["Hello", "gpt-4o-mini", "complete"]);
  },
);

test("what is no model call passes and is not recorded", async () => {
  const { url, store, upstream } = await running(({ url: path }) => ({ status: path === "/v1/none" ? 404 : 200, chunks: ['{"data":', "[]}"] }));
  expect((await send(url, "/v1/models", [], "", "GET")).body.toString()).toBe('{"data":[]}');
  const embeddings = '{"model":"text-embedding-3-small","input":"x"}';
  expect(
    (await send(url, "/v1/embeddings", ["content-type", "application/json", "content-length", String(embeddings.length)], embeddings)).status,
  ).toBe(200);
  expect((await send(url, "/v1/none", [], "", "DELETE")).status).toBe(404);
  expect(upstream.seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual(["GET /v1/models", "POST /v1/embeddings", "DELETE /v1/none"]);
  expect(store.list().rows).toEqual([]);
});

test("headers meant for Cutaway are read and go no further", async () => {
  const { url, store, upstream } = await running(() => ({ chunks: [chatBody("Hi")] }));
  const headers = [...requestHeaders, "X-Cutaway-Session", "night run", "x-cutaway-tag", "blue, green"];
  await send(url, "/v1/chat/completions", headers, requestBody);
  expect(upstream.seen[0]?.rawHeaders.filter((text) => /cutaway/i.test(text))).toEqual([]);
  const { call } = store.get(store.resolve("latest")) ?? {};
  expect(call?.trace?.session).toBe("night run");
  expect(call?.tags).toEqual(["blue", "green"]);
  expect(store.list({ session: "night run" }).rows).toHaveLength(1);
});

test("a base URL with a path, with and without /v1", async () => {
  const { url, upstream, store } = await running(() => ({ chunks: [chatBody("Hi")] }));
  const { startServer } = await import("../src/index.ts");
  for (const [path, expected] of [
    ["/api", "/api/v1/models"],
    ["/api/v1/", "/api/v1/models"],
  ]) {
    const server = await startServer({ store, port: 0, upstreams: { openai: upstream.url + path } });
    await send(server.url, "/v1/models", [], "", "GET");
    expect(upstream.seen.at(-1)?.url).toBe(expected);
    await server.close();
  }
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});
