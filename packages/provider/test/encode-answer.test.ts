import type { Answer, Call, CallEvent, JsonObject, TokenStep, Usage, WireFormat } from "@cutaway/core";
import { codecs, encodeAnswer, eventsOfCall } from "@cutaway/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, callIn, fold, id } from "./support.ts";

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const json = fc.dictionary(fc.constantFrom("a", "b"), fc.oneof(fc.nat(9), text));

const stepsOf = (answer: string): TokenStep[] =>
  [...bytesOf(answer)].map((byte, i) => {
    const step: TokenStep = { bytes: Uint8Array.of(byte), logprob: -0.25 - 0.25 * (i % 4) };
    if (i % 2 === 1) return step;
    return { ...step, top: [{ bytes: step.bytes, logprob: step.logprob ?? 0 }], rank: 0, tailMass: 1 - Math.exp(step.logprob ?? 0) };
  });

/** Finishes a format can say, as its own decoder reads them. */
const finishes: Record<WireFormat, Answer["finish"][]> = {
  "openai-chat": [
    { reason: "stop", raw: "stop" },
    { reason: "output-cap", raw: "length" },
    { reason: "content-filter", raw: "content_filter" },
    { reason: "stop-sequence", raw: "stop", stopSequence: "END" },
  ],
  "openai-responses": [
    { reason: "stop", raw: "completed" },
    { reason: "output-cap", raw: "max_output_tokens", details: { reason: "max_output_tokens" } },
  ],
  "anthropic-messages": [
    { reason: "stop", raw: "end_turn" },
    { reason: "output-cap", raw: "max_tokens" },
    { reason: "refusal", raw: "refusal", details: { category: "x" } },
    { reason: "stop-sequence", raw: "stop_sequence", stopSequence: "END" },
  ],
};

const otherOf: Record<WireFormat, fc.Arbitrary<Answer["other"][number]>> = {
  "openai-chat": json.map((fields) => ({ name: "url_citation", json: { type: "url_citation", fields } })),
  "openai-responses": fc.oneof(json.map((fields) => ({ name: "web_search_call", json: { type: "web_search_call", fields } }))),
  "anthropic-messages": fc.oneof(json.map((fields) => ({ name: "server_tool_use", json: { type: "server_tool_use", fields } }))),
};

const usageOf: Record<WireFormat, JsonObject> = {
  "openai-chat": { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 2 } },
  "openai-responses": { input_tokens: 10, output_tokens: 5, total_tokens: 15, output_tokens_details: { reasoning_tokens: 1 } },
  "anthropic-messages": { input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 5 },
};

function answerOf(format: WireFormat, index: number): fc.Arbitrary<Answer> {
  return fc
    .record({
      text,
      reasoning: fc.option(text, { nil: undefined }),
      refusal: format === "anthropic-messages" ? fc.constant(undefined) : fc.option(text, { nil: undefined }),
      tools: fc.array(fc.record({ name: text, fields: json }), { maxLength: 3 }),
      hasSteps: format === "anthropic-messages" ? fc.constant(false) : fc.boolean(),
      finish: fc.constantFrom(...finishes[format]),
      other: fc.array(otherOf[format], { maxLength: 2 }),
    })
    .map(({ text, reasoning, refusal, tools, hasSteps, finish, other }) => ({
      text,
      ...(reasoning !== undefined && { reasoning }),
      ...(refusal !== undefined && { refusal }),
      toolCalls: tools.map(({ name, fields }, i) => ({ id: `call_${index}_${i}`, name, arguments: JSON.stringify(fields) })),
      ...(hasSteps && { steps: stepsOf(text) }),
      finish:
        format === "openai-responses" && tools.length > 0 && finish.raw === "completed" ? { reason: "tool-use" as const, raw: "completed" } : finish,
      other,
    }));
}

function callOf(format: WireFormat): fc.Arbitrary<Call> {
  const answers =
    format === "openai-chat"
      ? fc.tuple(answerOf(format, 0), answerOf(format, 1)).chain((two) => fc.constantFrom([two[0]], two))
      : answerOf(format, 0).map((answer) => [answer]);
  return fc.record({ answers, hasUsage: fc.boolean() }).map(({ answers, hasUsage }) => {
    const usage: Usage = hasUsage ? codecs[format].decodeUsage(usageOf[format]) : {};
    const response = { id: "x1", ...(format !== "anthropic-messages" && { created: 7 }) };
    return {
      id,
      origin: { kind: "file" as const },
      model: { served: "m" },
      format,
      answers,
      usage,
      instants: {},
      response,
      ending: "complete" as const,
      notices: [],
    };
  });
}

describe.each(Object.keys(codecs) as WireFormat[])("%s", (format) => {
  test.each([false, true])("decode(encode(call)) is the call; streamed: %s", (stream) => {
    fc.assert(
      fc.property(callOf(format), (call) => {
        expect(callIn(encodeAnswer(call, { stream }))).toEqual(call);
      }),
      { numRuns: 200 },
    );
  });

  test("a call's events fold to the call again, and its cuts stay cut", () => {
    fc.assert(
      fc.property(callOf(format), fc.constantFrom<Call["ending"]>("complete", "cut", "cancelled", "open"), (call, ending) => {
        const changed: Call = { ...call, ending };
        expect(fold(eventsOfCall(changed))).toEqual(changed);
      }),
      { numRuns: 100 },
    );
  });

  test("an answer that was cut is written without its end", () => {
    const [call] = fc.sample(callOf(format), { numRuns: 1, seed: 3 });
    if (!call) throw new Error("no sample");
    expect(callIn(encodeAnswer({ ...call, ending: "cut" }, { stream: true })).ending).toBe("cut");
  });
});

test("instants survive the way through a stored call", () => {
  const at = [
    { type: "call-start", model: { served: "m" }, format: "openai-chat", issued: 5 },
    { type: "connected", at: 1, reused: true },
    { type: "headers-received", at: 2, response: { status: 200 } },
    { type: "chunk-received", at: 3, bytes: 7 },
    { type: "reasoning-delta", answer: 0, text: "r", at: 3 },
    { type: "text-delta", answer: 0, text: "ab", at: 4 },
    { type: "text-delta", answer: 0, text: "cd", at: 9 },
    { type: "answer-finish", answer: 0, finish: { reason: "stop" }, at: 9 },
    { type: "response-end", at: 10 },
    { type: "closed", by: "server", at: 11 },
  ] satisfies CallEvent[];
  const call = fold(at);
  expect(call.instants).toEqual({
    issued: 5,
    connected: 1,
    reused: true,
    headers: 2,
    firstToken: 3,
    firstText: 4,
    lastToken: 9,
    closed: 11,
    chunks: [[3, 7]],
  });
  expect(fold(eventsOfCall(call))).toEqual(call);
  const onlyText = fold(at.filter((event) => event.type !== "reasoning-delta"));
  expect(fold(eventsOfCall(onlyText))).toEqual(onlyText);
  const toolFirst = fold([
    ...at.slice(0, 3),
    { type: "tool-call-start", answer: 0, call: 0, id: "a", name: "f", at: 3 },
    { type: "tool-call-delta", answer: 0, call: 0, arguments: "{}", at: 6 },
    ...at.slice(7),
  ]);
  expect(fold(eventsOfCall(toolFirst))).toEqual(toolFirst);
});
