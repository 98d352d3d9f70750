import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { running } from "./support/running.ts";
import { chatBody, chatStream, messagesStream } from "./support/wire.ts";

const chat = (stream = true) => ({
  method: "POST",
  headers: { authorization: "Bearer sk-test-12345678", "content-type": "application/json" },
  body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }], stream }),
});

test("a finished stream is recorded whole, with times, usage, ids and both bodies", async () => {
  const { url, store } = await running(() => chatStream(["Hel", "lo"], 15));
  const body = await (await fetch(`${url}/v1/chat/completions`, chat())).text();
  const { call } = store.get(store.resolve("latest")) ?? {};
  expect(call).toMatchObject({
    ending: "complete",
    format: "openai-chat",
    model: { asked: "gpt-4o-mini", served: "gpt-4o-mini-2024-07-18" },
    answers: [{ text: "Hello", finish: { reason: "stop" } }],
    usage: { inputTokens: 9, outputTokens: 2 },
    response: { id: "chatcmpl-1", requestId: "req_chat", processingMs: 12, status: 200 },
    origin: { kind: "proxy" },
  });
  const { issued = 0, connected = 0, headers = 0, firstToken = 0, lastToken = 0, closed = 0, chunks = [] } = call?.instants ?? {};
  expect(Math.abs(issued - Date.now())).toBeLessThan(10_000);
  const order = [0, connected, headers, firstToken, lastToken, closed];
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(lastToken).toBeGreaterThan(firstToken);
  expect(chunks.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(Buffer.byteLength(body));
  expect(Buffer.from(store.body(call?.bodies?.response ?? "") ?? []).toString()).toBe(body);
  expect(Buffer.from(store.body(call?.bodies?.request ?? "") ?? []).toString()).toBe(chat().body);
});

test("the call is in the file before the client has the terminal event", async () => {
  const { url, path } = await running(() => ({ ...chatStream(["Hello"]), end: "hang" as const }));
  const abort = new AbortController();
  const response = await fetch(`${url}/v1/chat/completions`, { ...chat(), signal: abort.signal });
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString();
    if (text.includes("[DONE]")) break;
  }
  const other = new DatabaseSync(path, { readOnly: true });
  expect(other.prepare("select ending from calls").get()?.ending).toBe("complete");
  other.close();
  abort.abort();
});

test("a stream that the upstream cuts is cut for the client too, and recorded as cut", async () => {
  const { url, store } = await running(() => ({
    headers: ["content-type", "text/event-stream"],
    chunks: chatStream(["Hel", "lo"]).chunks.slice(0, 3),
    end: "close",
  }));
  const response = await fetch(`${url}/v1/chat/completions`, chat());
  await expect(response.text()).rejects.toThrow();
  await vi.waitFor(() => expect(store.list().rows[0]?.ending).toBe("cut"));
  expect(store.get(store.resolve("latest"))?.call.answers[0]).toMatchObject({ text: "Hello", finish: { reason: "cut" } });
});

test("a client that goes away ends the upstream's work, and the call is cancelled", async () => {
  const { url, store, upstream } = await running(() => ({ ...chatStream(["Hel"]), chunks: chatStream(["Hel"]).chunks.slice(0, 2), end: "hang" }));
  const abort = new AbortController();
  const response = await fetch(`${url}/v1/chat/completions`, { ...chat(), signal: abort.signal });
  await response.body?.getReader().read();
  await vi.waitFor(() => expect(store.list().rows[0]?.ending).toBe("open"));
  abort.abort();
  await vi.waitFor(() => expect(upstream.aborted).toBe(1));
  await vi.waitFor(() => expect(store.list().rows[0]?.ending).toBe("cancelled"));
});

test.each([
  ["/v1/chat/completions", (message: string) => ({ error: { message, type: "upstream_error", param: null, code: "upstream_unreachable" } })],
  ["/v1/messages", (message: string) => ({ type: "error", error: { type: "api_error", message } })],
])("an upstream that cannot be reached is a 502 in the vendor's shape (%s)", async (path, shape) => {
  const dead = "http://127.0.0.1:1";
  const { url, store } = await running(() => ({ chunks: [] }), { upstreams: { openai: dead, anthropic: dead } });
  const response = await fetch(url + path, { ...chat(), body: JSON.stringify({ ...JSON.parse(chat().body), max_tokens: 5 }) });
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual(shape(expect.stringContaining(dead)));
  await vi.waitFor(() => expect(store.list().rows[0]?.error).toBe("network"));
});

test("an error of the API passes as it is and is recorded", async () => {
  const body = '{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}';
  const { url, store } = await running(() => ({ status: 429, headers: ["content-type", "application/json", "retry-after", "2"], chunks: [body] }));
  const response = await fetch(`${url}/v1/chat/completions`, chat());
  expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([429, "2", body]);
  expect(store.list().rows[0]).toMatchObject({ error: "rate-limit", status: 429, ending: "complete" });
});

test("a slow reader slows the upstream, and nothing is lost", async () => {
  const words = Array.from({ length: 1000 }, (_, i) => `${i} ${"x".repeat(1000)}`);
  const { url, store } = await running(() => chatStream(words));
  const response = await fetch(`${url}/v1/chat/completions`, chat());
  let size = 0;
  for await (const bytes of response.body ?? []) {
    size += bytes.length;
    if (size % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { call } = store.get(store.resolve("latest")) ?? {};
  expect(store.body(call?.bodies?.response ?? "")?.length).toBe(size);
  expect(call?.answers[0]?.text).toBe(words.join(""));
});

test("a store that cannot be written to holds up no call: it waits in memory and is stored when the lock is gone", async () => {
  const { url, path, store, warnings } = await running(({ url: asked }) =>
    asked === "/v1/messages" ? messagesStream(["Hi"]) : { chunks: [chatBody("Hi")] },
  );
  const other = new DatabaseSync(path);
  other.exec("begin immediate");
  for (const route of ["/v1/chat/completions", "/v1/messages"]) {
    const response = await fetch(url + route, {
      ...chat(),
      body: JSON.stringify({ ...JSON.parse(chat().body), max_tokens: 5, stream: route === "/v1/messages" }),
    });
    expect((await response.text()).length).toBeGreaterThan(10);
  }
  expect(store.list().rows).toEqual([]);
  const recording = async () => ((await (await fetch(`${url}/api/about`)).json()) as { recording: object }).recording;
  expect(await recording()).toEqual({ recorded: 0, unrecorded: 0 });
  expect(warnings).toEqual([expect.stringContaining("wait in memory")]);
  other.exec("rollback");
  other.close();
  await vi.waitFor(() => expect(store.list().rows.map(({ ending }) => ending)).toEqual(["complete", "complete"]), { timeout: 5000 });
  await vi.waitFor(async () => expect(await recording()).toEqual({ recorded: 2, unrecorded: 0 }));
});

test("what the store would not take until the end is counted as unrecorded", async () => {
  const { url, path, counts, close } = await running(() => ({ chunks: [chatBody("Hi")] }));
  const other = new DatabaseSync(path);
  other.exec("begin immediate");
  await (await fetch(`${url}/v1/chat/completions`, chat(false))).text();
  await close();
  expect(counts).toEqual({ recorded: 0, unrecorded: 1 });
  other.close();
});

test("stopping the server stores what is known of the calls in flight, and frees the port", async () => {
  const { url, port, store, close } = await running(() => ({ ...chatStream([]), chunks: chatStream(["Hel"]).chunks.slice(0, 2), end: "hang" }));
  const response = await fetch(`${url}/v1/chat/completions`, chat());
  await response.body?.getReader().read();
  await close();
  const { call } = store.get(store.resolve("latest")) ?? {};
  expect(call).toMatchObject({ ending: "open", notices: [{ code: "recorder-stopped" }] });
  const { createServer } = await import("node:http");
  const next = createServer().listen(port, "127.0.0.1");
  await once(next, "listening");
  next.close();
});
