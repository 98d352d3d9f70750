import { setTimeout as sleep } from "node:timers/promises";
import type { CallEvent, Request, WireFormat } from "@cutaway/core";
import { codecs, liveModel } from "@cutaway/provider";
import { type ReplayAnswer, startReplayServer } from "@cutaway/provider/testing";
import { afterEach, describe, expect, test } from "vitest";
import { chatStream, messagesStream, responsesStream } from "./streams.ts";
import { fold, sse } from "./support.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(answer: ReplayAnswer | ((index: number) => ReplayAnswer)) {
  const server = await startReplayServer((_, index) => (typeof answer === "function" ? answer(index) : answer));
  open.push(server);
  return server;
}

const request = (format: WireFormat): Request =>
  codecs[format].decodeRequest(
    format === "openai-responses"
      ? { model: "m", input: "Hi", stream: true }
      : { model: "m", max_tokens: 9, stream: true, messages: [{ role: "user", content: "Hi" }] },
  );

async function callOf(events: AsyncIterable<CallEvent>) {
  const seen: CallEvent[] = [];
  for await (const event of events) seen.push(event);
  return { call: fold(seen), events: seen };
}

const environment = { OPENAI_API_KEY: "sk-very-secret", ANTHROPIC_API_KEY: "sk-ant-very-secret" };

describe.each([
  ["openai-chat", "/v1/chat/completions", sse(chatStream, { done: true }), "authorization", "Bearer sk-very-secret"],
  ["openai-responses", "/v1/responses", sse(responsesStream, { named: true }), "authorization", "Bearer sk-very-secret"],
  ["anthropic-messages", "/v1/messages", sse(messagesStream, { named: true }), "x-api-key", "sk-ant-very-secret"],
] as const)("%s", (format, path, body, header, key) => {
  test("streams, stamps times and keeps the key to itself", async () => {
    const half = body.length >> 1;
    const server = await serve({
      headers: { "content-type": "text/event-stream", "x-request-id": "r1" },
      chunks: [body.slice(0, half), { after: 30, bytes: body.slice(half) }],
    });
    const bodies = { request: "", response: "" };
    const model = liveModel({
      format,
      baseUrl: `${server.url}/v1`,
      environment,
      onBytes: (side, bytes) => {
        bodies[side] += new TextDecoder().decode(bytes);
      },
    });
    const { call, events } = await callOf(model.call(request(format)));
    expect(call).toMatchObject({
      format,
      ending: "complete",
      answers: [{ text: "Grüße 🌍" }],
      response: { status: 200, requestId: "r1" },
      model: { asked: "m" },
      instants: { reused: false },
    });
    const { connected, headers, firstToken, lastToken, closed, chunks } = call.instants;
    expect([connected, headers, firstToken, lastToken, closed]).toEqual(
      [connected, headers, firstToken, lastToken, closed].toSorted((a, b) => Number(a) - Number(b)),
    );
    expect(chunks?.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(new TextEncoder().encode(body).length);
    expect(bodies).toEqual({ request: JSON.stringify(request(format).body), response: body });
    expect(server.requests).toMatchObject([{ method: "POST", url: path, headers: { [header]: key } }]);
    expect(JSON.stringify(events)).not.toContain("secret");
    // The connection goes back to the pool a moment after the answer's end.
    await sleep(100);
    expect((await callOf(model.call(request(format)))).call.instants.reused).toBe(true);
  });

  test("an aborted call is cancelled and keeps what came", async () => {
    const server = await serve({
      headers: { "content-type": "text/event-stream" },
      chunks: [body.slice(0, -200), { after: 60_000, bytes: body.slice(-200) }],
    });
    const abort = new AbortController();
    const seen: CallEvent[] = [];
    for await (const event of liveModel({ format, baseUrl: server.url, environment }).call(request(format), abort.signal)) {
      seen.push(event);
      if (event.type === "text-delta") abort.abort();
    }
    expect(seen.at(-1)).toMatchObject({ type: "closed", by: "client" });
    expect(fold(seen)).toMatchObject({ ending: "cancelled", answers: [{ text: expect.stringContaining("Grüße") }] });
  });

  test("a connection that breaks cuts the answer", async () => {
    const server = await serve({ headers: { "content-type": "text/event-stream" }, chunks: [body], cutAfter: body.length >> 1 });
    const { call } = await callOf(liveModel({ format, baseUrl: server.url, environment }).call(request(format)));
    expect(call).toMatchObject({ ending: "cut", notices: [{ code: "connection-lost", says: expect.stringContaining(new URL(server.url).host) }] });
  });
});

test("an error answer becomes the call's error", async () => {
  const server = await serve({
    status: 429,
    headers: { "content-type": "application/json", "retry-after": "7" },
    chunks: ['{"error":{"message":"slow down","code":"rate_limit_exceeded"}}'],
  });
  const { call } = await callOf(liveModel({ format: "openai-chat", baseUrl: server.url, environment }).call(request("openai-chat")));
  expect(call).toMatchObject({ ending: "complete", error: { kind: "rate-limit", status: 429, retryAfterMs: 7000 } });
});

test("nothing listening is a network error that names the host", async () => {
  const server = await serve({ chunks: [] });
  const { host } = new URL(server.url);
  await server.close();
  open.length = 0;
  const { call } = await callOf(liveModel({ format: "openai-chat", baseUrl: server.url, environment }).call(request("openai-chat")));
  expect(call).toMatchObject({
    ending: "cut",
    answers: [],
    error: { kind: "network", code: "ECONNREFUSED", message: expect.stringContaining(host) },
  });
});

test("a redirect is not followed: it would carry the key elsewhere", async () => {
  const other = await serve({ chunks: ["{}"] });
  const server = await serve({ status: 307, headers: { location: `${other.url}/v1/chat/completions` }, chunks: [] });
  const { call } = await callOf(liveModel({ format: "openai-chat", baseUrl: server.url, environment }).call(request("openai-chat")));
  expect(call.error?.kind).toBe("network");
  expect(other.requests).toEqual([]);
});

test("a caller who stops listening stops the transfer", async () => {
  const server = await serve({
    headers: { "content-type": "text/event-stream" },
    chunks: [sse(chatStream), { after: 60_000, bytes: "data: [DONE]\n\n" }],
  });
  for await (const event of liveModel({ format: "openai-chat", baseUrl: server.url, environment }).call(request("openai-chat")))
    if (event.type === "text-delta") break;
  expect(server.requests).toHaveLength(1);
});

describe("keys and URLs", () => {
  const first = async (options: Parameters<typeof liveModel>[0]) => {
    for await (const event of liveModel(options).call(request(options.format))) return event;
    return undefined;
  };
  test("no key, no call; but servers on this machine need none", async () => {
    await expect(first({ format: "openai-chat", environment: {} })).rejects.toMatchObject({
      code: "key-missing",
      kind: "auth",
      message: expect.stringContaining("OPENAI_API_KEY"),
    });
    await expect(first({ format: "anthropic-messages", environment: {} })).rejects.toMatchObject({
      code: "key-missing",
      message: expect.stringContaining("ANTHROPIC_API_KEY"),
    });
    const server = await serve({ chunks: ["{}"] });
    await callOf(liveModel({ format: "openai-chat", baseUrl: server.url, environment: {} }).call(request("openai-chat")));
    expect(server.requests[0]?.headers.authorization).toBe(undefined);
  });
  test("a key that no header can carry", async () => {
    await expect(first({ format: "openai-chat", environment: { OPENAI_API_KEY: "sk-a\nb" } })).rejects.toMatchObject({
      code: "key-invalid",
      message: expect.not.stringContaining("sk-a"),
    });
  });
  test.each([
    ["https://me:sk-secret@host.test/v1", "key-in-url"],
    ["https://host.test/v1?api_key=sk-secret", "key-in-url"],
    ["ftp://host.test", "base-url-invalid"],
    ["host", "base-url-invalid"],
  ])("%s is refused", (baseUrl, code) => {
    expect(() => liveModel({ format: "openai-chat", baseUrl, environment })).toThrow(
      expect.objectContaining({ code, message: expect.not.stringContaining("secret") }),
    );
  });
  test.each([
    ["", "/v1/chat/completions"],
    ["/v1", "/v1/chat/completions"],
    ["/v1/", "/v1/chat/completions"],
    ["/openai/v1", "/openai/v1/chat/completions"],
    ["/v1/chat/completions", "/v1/chat/completions"],
  ])("a base that ends in %j posts to %s", async (end, path) => {
    const server = await serve({ chunks: ["{}"] });
    await callOf(liveModel({ format: "openai-chat", baseUrl: `${server.url}${end}`, environment }).call(request("openai-chat")));
    expect(server.requests.map((seen) => seen.url)).toEqual([path]);
  });
});

describe("Azure", () => {
  test("gets its own key by its own header, and the version of its API in the URL", async () => {
    const server = await serve({ headers: { "content-type": "application/json" }, chunks: ["{}"] });
    const baseUrl = `${server.url}/openai/deployments/prod-4o?api-version=2024-10-21`;
    const model = liveModel({ format: "openai-chat", baseUrl, environment: { ...environment, AZURE_OPENAI_API_KEY: "azure-secret" } });
    await callOf(model.call(request("openai-chat")));
    expect(server.requests[0]).toMatchObject({ url: "/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21" });
    expect(server.requests[0]?.headers).toMatchObject({ "api-key": "azure-secret" });
    expect(server.requests[0]?.headers.authorization).toBe(undefined);
  });
  test("is never sent a key of OpenAI", async () => {
    for (const host of ["me.openai.azure.com", "me.cognitiveservices.azure.com"]) {
      const model = liveModel({ format: "openai-chat", baseUrl: `https://${host}/openai/v1`, environment });
      await expect(callOf(model.call(request("openai-chat")))).rejects.toMatchObject({
        code: "key-missing",
        fix: expect.stringContaining("AZURE_OPENAI_API_KEY"),
      });
    }
  });
});
