import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallEvent, type CallId, callFromJson, callToJson, foldCall, startFold } from "../src/index.ts";

const seed = { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" as CallId, origin: { kind: "file" as const } };
const bytes = (text: string) => new TextEncoder().encode(text);

const stream: CallEvent[] = [
  { type: "call-start", model: { provider: "openai", asked: "gpt-4o" }, issued: 1_790_000_000_000 },
  { type: "connected", at: 20 },
  { type: "headers-received", at: 180, response: { status: 200, requestId: "req_1" } },
  { type: "chunk-received", at: 200, bytes: 90 },
  { type: "response-start", model: "gpt-4o-2024-08-06", response: { id: "chatcmpl-1", created: 1_790_000_000 } },
  { type: "text-delta", answer: 0, text: "", at: 200 },
  { type: "reasoning-delta", answer: 0, text: "hm", at: 210 },
  { type: "text-delta", answer: 0, text: "Hel", at: 220 },
  { type: "token-step", answer: 0, step: { bytes: bytes("Hel"), logprob: -0.5, top: [{ bytes: Uint8Array.of(0xff), logprob: -0.5 }] } },
  { type: "text-delta", answer: 0, text: "lo", at: 260 },
  { type: "tool-call-start", answer: 0, call: 1, id: "call_1", name: "look", at: 270 },
  { type: "tool-call-delta", answer: 0, call: 1, arguments: '{"a"', at: 270 },
  { type: "answer-finish", answer: 0, finish: { reason: "stop", raw: "stop" }, at: 280 },
  { type: "usage", usage: { inputTokens: 9, outputTokens: 3, source: "provider" } },
  { type: "response-end", at: 300 },
  { type: "closed", at: 301, by: "server" },
];

describe("a whole stream", () => {
  const call = foldCall(stream, seed);

  test("becomes one Call", () => {
    expect(call).toMatchObject({
      ending: "complete",
      model: { provider: "openai", asked: "gpt-4o", served: "gpt-4o-2024-08-06" },
      response: { id: "chatcmpl-1", status: 200, requestId: "req_1", created: 1_790_000_000 },
      usage: { inputTokens: 9, outputTokens: 3 },
      instants: {
        issued: 1_790_000_000_000,
        connected: 20,
        headers: 180,
        firstToken: 210,
        firstText: 220,
        lastToken: 270,
        closed: 301,
        chunks: [[200, 90]],
      },
    });
    expect(call.answers).toHaveLength(1);
    expect(call.answers[0]).toMatchObject({ text: "Hello", reasoning: "hm", finish: { reason: "stop", raw: "stop" } });
    expect(call.answers[0]?.toolCalls).toEqual([
      { name: "", arguments: "" },
      { id: "call_1", name: "look", arguments: '{"a"' },
    ]);
  });

  test("survives JSON, with bytes that are no UTF-8, and shows unknown counts as null", () => {
    const json = JSON.parse(JSON.stringify(callToJson(call)));
    expect(callFromJson(json)).toEqual(call);
    expect(json.usage.reasoningTokens).toBeNull();
    expect(json.instants.connected).toBe(20);
  });
});

describe("a stream cut anywhere", () => {
  test.each(stream.map((_, i) => i).filter((i) => i > 1 && i < 14))("after %i events is cut, and what came is kept", (count) => {
    const call = foldCall([...stream.slice(0, count), { type: "closed", by: "server" }], seed);
    expect(call.ending).toBe("cut");
    expect(call.answers).toHaveLength(1);
    if (count < 13) expect(call.answers[0]?.finish).toEqual({ reason: "cut" });
    expect("Hello".startsWith(call.answers[0]?.text ?? "")).toBe(true);
  });

  test("by the client is cancelled; not yet closed is open; a request alone has no ending", () => {
    expect(foldCall([...stream.slice(0, 8), { type: "closed", by: "client" }], seed)).toMatchObject({
      ending: "cancelled",
      answers: [{ finish: { reason: "cancelled" } }],
    });
    expect(foldCall(stream.slice(0, 8), seed)).toMatchObject({ ending: "open", answers: [{ finish: { reason: "unknown" } }] });
    expect(foldCall(stream.slice(0, 2), seed)).toMatchObject({ ending: "none", answers: [] });
  });

  test("by an error says so", () => {
    const failed = foldCall(
      [
        ...stream.slice(0, 8),
        { type: "call-error", error: { kind: "overloaded", message: "try later", inStream: true } },
        { type: "closed", by: "server" },
      ],
      seed,
    );
    expect(failed).toMatchObject({ ending: "cut", error: { kind: "overloaded" }, answers: [{ text: "Hel", finish: { reason: "error" } }] });
  });
});

test("a Call taken in mid-stream does not change when more events come", () => {
  const folder = startFold(seed);
  stream.slice(0, 9).forEach(folder.push);
  const early = folder.call();
  const copy = structuredClone(early);
  stream.slice(9).forEach(folder.push);
  expect(early).toEqual(copy);
  expect(folder.call()).toEqual(foldCall(stream, seed));
});

const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constantFrom(...stream),
  fc.record({ type: fc.constant("text-delta" as const), answer: fc.nat(3), text: fc.string({ unit: "binary" }) }),
  fc.record({ type: fc.constant("tool-call-delta" as const), answer: fc.nat(3), call: fc.nat(3), arguments: fc.string() }),
  fc.record({ type: fc.constant("usage" as const), usage: fc.record({ outputTokens: fc.nat() }) }),
);

test("any sequence of events folds to a Call that JSON keeps, and text is the join of its deltas", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      const call = foldCall(events, seed);
      expect(callFromJson(JSON.parse(JSON.stringify(callToJson(call))))).toEqual(call);
      const joined = events.flatMap((event) => (event.type === "text-delta" && event.answer === 0 ? [event.text] : [])).join("");
      expect(call.answers[0]?.text ?? "").toBe(joined);
    }),
  );
});
