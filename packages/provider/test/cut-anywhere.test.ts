import type { CutawayError, JsonObject } from "@cutaway/core";
import { startExchange } from "@cutaway/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chatStream, messagesStream, responsesStream } from "./streams.ts";
import { bytesOf, callIn, fold, items, sse } from "./support.ts";

const streams: { name: string; text: string; payloads: JsonObject[] }[] = [
  { name: "openai-chat", text: sse(chatStream, { done: true }), payloads: chatStream },
  { name: "openai-responses", text: sse(responsesStream, { named: true }), payloads: responsesStream },
  { name: "anthropic-messages", text: sse(messagesStream, { named: true }), payloads: messagesStream },
];

function decodePieces(pieces: readonly Uint8Array[], path = "/v1/unknown") {
  const events: Parameters<typeof fold>[0] extends Iterable<infer E> ? E[] : never = [];
  const exchange = startExchange({ url: `https://example.test${path}` }, (event) => events.push(event));
  exchange.headers(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) exchange.chunk(piece);
  exchange.close("server");
  return fold(events);
}

describe.each(streams)("$name", ({ text }) => {
  const bytes = bytesOf(text);
  const whole = callIn(text);

  test("the whole stream is complete", () => {
    expect(whole).toMatchObject({
      ending: "complete",
      notices: [],
      usage: { inputTokens: 12, cacheReadTokens: 4, outputTokens: 30 },
      answers: [{ text: "Grüße 🌍", reasoning: "hm", finish: { reason: "tool-use" } }],
    });
    expect(whole.answers[0]?.toolCalls[0]).toEqual({
      id: expect.stringMatching(/^(call_a|toolu_1)$/),
      name: "weather",
      arguments: '{"city":"Zürich"}',
    });
  });

  test("cut at any byte before the end of the terminal payload it is cut, and never more than the whole", () => {
    const end = bytesOf(text.trimEnd()).length;
    for (let length = 1; length < end; length++) {
      const call = callIn(bytes.slice(0, length));
      if (call.ending !== "cut") expect.fail(`${length} of ${bytes.length} bytes: ${call.ending}`);
      expect(whole.answers[0]?.text.startsWith(call.answers[0]?.text ?? "")).toBe(true);
      expect(call.notices).toEqual([]);
    }
    for (let length = end; length <= bytes.length; length++) expect(callIn(bytes.slice(0, length)).ending).toBe("complete");
  });

  test("any fragmentation gives the same call", () => {
    const reference = decodePieces([bytes]);
    expect(reference.ending).toBe("complete");
    expect(decodePieces([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(reference);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] as number;
          pieces.push(bytes.slice(at, at + size));
          at += size;
        }
        expect(decodePieces(pieces)).toEqual(reference);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["CR", text.replaceAll("\n", "\r")],
    ["comments and fields without meaning", text.replaceAll("data: ", ": comment\nid: 7\nretry: 100\nunknown\ndata: ")],
    ["no space after the colon", text.replaceAll("data: ", "data:")],
    ["a byte order mark", `\uFEFF${text}`],
  ])("%s changes nothing", (_, variant) => {
    expect(callIn(variant)).toEqual(whole);
  });

  test("an event over several data lines is joined with line feeds", () => {
    expect(callIn(text.replace(/data: \{/, "data: {\ndata: "))).toEqual(whole);
  });
});

describe.each(streams)("$name as bare payload lines", ({ payloads }) => {
  const text = payloads.map((payload) => JSON.stringify(payload)).join("\n");
  const bytes = bytesOf(text);

  test("are complete only when the last payload is whole", () => {
    expect(callIn(text).ending).toBe("complete");
    const firstLine = bytesOf(JSON.stringify(payloads[0])).length;
    for (let length = firstLine; length < bytes.length; length++) {
      const ending = callIn(bytes.slice(0, length)).ending;
      if (ending !== "cut") expect.fail(`${length} of ${bytes.length} bytes: ${ending}`);
    }
  });

  test("cut inside the first payload they are no call but JSON that looks cut off", () => {
    const firstLine = bytesOf(JSON.stringify(payloads[0])).length;
    for (let length = 1; length < firstLine; length++) {
      expect(() => items(bytes.slice(0, length))).toThrow(
        expect.objectContaining({ code: "invalid-json", data: expect.objectContaining({ cutOff: true }) }) as CutawayError,
      );
    }
  });
});

test("bare chat lines without announced usage end with the last finish", () => {
  const payloads = chatStream.slice(0, -1).map(({ usage: _, ...payload }) => payload);
  expect(callIn(payloads.map((payload) => JSON.stringify(payload)).join("\n")).ending).toBe("complete");
  expect(
    callIn(
      payloads
        .slice(0, -1)
        .map((payload) => JSON.stringify(payload))
        .join("\n"),
    ).ending,
  ).toBe("cut");
});

test("a chat stream without [DONE] is cut although every choice finished", () => {
  expect(callIn(sse(chatStream))).toMatchObject({ ending: "cut", answers: [{ finish: { reason: "tool-use" } }] });
});

test("a stream that the caller closes is cancelled", () => {
  const events: Parameters<typeof fold>[0] extends Iterable<infer E> ? E[] : never = [];
  const exchange = startExchange({ url: "https://example.test/v1/messages", issued: 1 }, (event) => events.push(event));
  exchange.headers(200, {}, 5);
  exchange.chunk(bytesOf(sse(messagesStream.slice(0, 8), { named: true })), 10);
  exchange.close("client", 20);
  exchange.close("server", 30);
  exchange.chunk(bytesOf("data: late"), 40);
  expect(fold(events)).toMatchObject({
    ending: "cancelled",
    answers: [{ text: "Grüße ", finish: { reason: "cancelled" } }],
    instants: { headers: 5, firstToken: 10, closed: 20, chunks: [[10, expect.any(Number)]] },
  });
});

test("a whole body tells when it ended, and not when its first token was written", () => {
  const events: Parameters<typeof fold>[0] extends Iterable<infer E> ? E[] : never = [];
  const exchange = startExchange({ url: "https://example.test/v1/chat/completions", issued: 1 }, (event) => events.push(event));
  const choice = { index: 0, finish_reason: "tool_calls", message: { role: "assistant", content: "Hi.", tool_calls: [weather] } };
  exchange.headers(200, { "content-type": "application/json" }, 5);
  exchange.chunk(bytesOf(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: "m", choices: [choice] })), 900);
  exchange.close("server", 901);
  const call = fold(events);
  expect(call).toMatchObject({ ending: "complete", answers: [{ text: "Hi.", toolCalls: [{ name: "weather" }] }] });
  expect(call.instants).toEqual({ issued: 1, headers: 5, closed: 901, chunks: [[900, expect.any(Number)]] });
});

const weather = { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } };
