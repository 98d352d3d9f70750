import type { JsonObject } from "@cutaway/core";
import { expect, test } from "vitest";
import { responsesStream } from "./streams.ts";
import { bytesOf, callIn, sse } from "./support.ts";

const whole = (output: JsonObject[], more: JsonObject = {}): JsonObject => ({
  id: "resp_1",
  object: "response",
  created_at: 7,
  model: "m-2026",
  status: "completed",
  output,
  ...more,
});
const message = (...content: JsonObject[]): JsonObject => ({ type: "message", role: "assistant", content });
const text = (value: string, more: JsonObject = {}): JsonObject => ({ type: "output_text", text: value, annotations: [], logprobs: [], ...more });
const call = { type: "function_call", call_id: "call_a", name: "f", arguments: "{}" };

test("ids, tier, usage", () => {
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 15,
  };
  const decoded = callIn(whole([message(text("Hi"))], { usage, service_tier: "default" }));
  expect(decoded).toMatchObject({
    model: { served: "m-2026" },
    response: { id: "resp_1", created: 7, serviceTier: "default" },
    ending: "complete",
    answers: [{ text: "Hi" }],
  });
  expect(decoded.usage).toEqual({
    inputTokens: 10,
    outputTokens: 5,
    totalTokens: 15,
    cacheReadTokens: 4,
    cacheWriteTokens: 2,
    reasoningTokens: 3,
    source: "provider",
    raw: usage,
  });
});

test.each([
  ["completed", [message(text("x"))], {}, { reason: "stop", raw: "completed" }],
  ["completed", [message(text("x")), call], {}, { reason: "tool-use", raw: "completed" }],
  ["completed", [call, message(text("x"))], {}, { reason: "stop", raw: "completed" }],
  [
    "incomplete",
    [message(text("x"))],
    { incomplete_details: { reason: "max_output_tokens" } },
    { reason: "output-cap", raw: "max_output_tokens", details: { reason: "max_output_tokens" } },
  ],
  [
    "incomplete",
    [message(text("x"))],
    { incomplete_details: { reason: "content_filter" } },
    { reason: "content-filter", raw: "content_filter", details: { reason: "content_filter" } },
  ],
  ["cancelled", [], {}, { reason: "cancelled", raw: "cancelled" }],
  ["in_progress", [], {}, { reason: "unknown", raw: "in_progress" }],
])("status %s", (status, output, more, finish) => {
  expect(callIn(whole(output, { status, ...more })).answers[0]?.finish).toEqual(finish);
});

test("refusals, reasoning, custom tools, citations and the provider's own tools", () => {
  const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } };
  const citation = { type: "url_citation", url: "https://example.test", start_index: 0, end_index: 1 };
  const [answer] = callIn(
    whole([
      { type: "reasoning", summary: [{ type: "summary_text", text: "a" }], content: [{ type: "reasoning_text", text: "b" }] },
      search,
      message(text("x", { annotations: [citation] }), { type: "refusal", refusal: "No." }),
      { type: "custom_tool_call", call_id: "call_b", name: "sql", input: "select 1" },
    ]),
  ).answers;
  expect(answer).toMatchObject({
    text: "x",
    refusal: "No.",
    reasoning: "ab",
    toolCalls: [{ id: "call_b", name: "sql", arguments: "select 1" }],
    finish: { reason: "tool-use" },
  });
  expect(answer?.other).toEqual([
    { name: "web_search_call", json: search },
    { name: "url_citation", json: citation },
  ]);
});

test("logprobs of deltas are steps, and not counted again at done", () => {
  const entry = { token: "Hi", logprob: -0.5, top_logprobs: [{ token: "Hi", logprob: -0.5 }] };
  const events: JsonObject[] = [
    { type: "response.created", response: whole([], { status: "in_progress" }) },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hi", logprobs: [entry] },
    { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hi", logprobs: [entry] },
    { type: "response.completed", response: whole([message(text("Hi", { logprobs: [entry] }))]) },
  ];
  const [answer] = callIn(sse(events)).answers;
  expect(answer?.steps).toEqual([
    {
      bytes: bytesOf("Hi"),
      logprob: -0.5,
      top: [{ bytes: bytesOf("Hi"), logprob: -0.5 }],
      rank: 0,
      tailMass: expect.closeTo(1 - Math.exp(-0.5), 12),
    },
  ]);
  const late = [events[0], { ...events[1], logprobs: [] }, events[2], events[3]] as JsonObject[];
  expect(callIn(sse(late)).answers[0]?.steps).toHaveLength(1);
});

test("ids that change with every event do not double the output", () => {
  const rotated = responsesStream.map((event, i) => ({
    ...event,
    item_id: `id-${i}`,
    ...(event.item !== undefined && { item: { ...(event.item as JsonObject), id: `id-${i}` } }),
  }));
  expect(callIn(sse(rotated)).answers).toEqual(callIn(sse(responsesStream)).answers);
});

test("a stream that tells everything only in its last event", () => {
  const call1 = callIn(sse([{ type: "response.completed", response: whole([message(text("Hi")), call]) }]));
  expect(call1).toMatchObject({ ending: "complete", answers: [{ text: "Hi", toolCalls: [{ id: "call_a", name: "f", arguments: "{}" }] }] });
});

test("an item of the provider's own tools that began and was cut is kept as far as told", () => {
  const item = { type: "web_search_call", id: "ws_1", status: "in_progress" };
  expect(callIn(sse([{ type: "response.output_item.added", output_index: 0, item }])).answers[0]).toMatchObject({
    other: [{ name: "web_search_call", json: item }],
    finish: { reason: "cut" },
  });
});

test("an error event, then response.failed: one error, complete, no answer", () => {
  const error = { type: "insufficient_quota", code: "insufficient_quota", message: "You exceeded your current quota" };
  const failed = {
    type: "response.failed",
    response: whole([], { status: "failed", error: { code: "insufficient_quota", message: "You exceeded your current quota" } }),
  };
  const decoded = callIn(
    sse([{ type: "response.created", response: whole([], { status: "in_progress" }) }, { type: "error", sequence_number: 1, error }, failed]),
  );
  expect(decoded).toMatchObject({ ending: "complete", answers: [], error: { kind: "quota", type: "insufficient_quota", inStream: true } });
  expect(
    callIn(
      sse([
        { type: "response.created", response: {} },
        { type: "error", sequence_number: 1, code: "server_error", message: "x" },
      ]),
    ),
  ).toMatchObject({ ending: "cut", error: { kind: "server", code: "server_error" } });
  expect(callIn(sse([failed]))).toMatchObject({ ending: "complete", error: { kind: "quota" } });
});

test("an event type that is new is a notice", () => {
  expect(
    callIn(sse([...responsesStream.slice(0, 1), { type: "response.brand_new.delta", delta: "x" }, ...responsesStream.slice(1)])).notices,
  ).toEqual([{ code: "unknown-event", says: expect.stringContaining("response.brand_new.delta") }]);
});

test("a second response in the same event stream is told, and its output is not taken for the first one's", () => {
  const decoded = callIn(sse([...responsesStream, ...responsesStream]));
  expect(decoded.notices.map((notice) => notice.code)).toEqual(["after-the-end", "duplicate-start"]);
  expect(decoded.answers[0]).toMatchObject({ text: "Grüße 🌍Grüße 🌍", toolCalls: [{ name: "weather" }, { name: "weather" }] });
});
