import type { JsonObject } from "@cutaway/core";
import { expect, test } from "vitest";
import { messagesStream } from "./streams.ts";
import { callIn, sse } from "./support.ts";

const whole = (content: JsonObject[], more: JsonObject = {}): JsonObject => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content,
  stop_reason: "end_turn",
  stop_sequence: null,
  ...more,
});
const named = (...events: JsonObject[]) => sse(events, { named: true });
const start = (usage: JsonObject): JsonObject => ({ type: "message_start", message: { ...whole([]), stop_reason: null, usage } });

test("input includes what was read from and written to the cache, split by lifetime", () => {
  const usage = {
    input_tokens: 10,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
    output_tokens: 5,
    output_tokens_details: { thinking_tokens: 2 },
    server_tool_use: { web_search_requests: 3 },
    service_tier: "standard",
  };
  const call = callIn(whole([{ type: "text", text: "Hi" }], { usage }));
  expect(call.usage).toEqual({
    inputTokens: 140,
    outputTokens: 5,
    cacheReadTokens: 100,
    cacheWriteTokens: 30,
    cacheWrite5mTokens: 20,
    cacheWrite1hTokens: 10,
    reasoningTokens: 2,
    webSearches: 3,
    source: "provider",
    raw: usage,
  });
  expect(call.response).toEqual({ id: "msg_1", serviceTier: "standard" });
});

test("counts of message_delta replace those of message_start; a split that no longer adds up is dropped", () => {
  const call = callIn(
    named(
      start({
        input_tokens: 700,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 1,
      }),
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { input_tokens: 1600, cache_creation_input_tokens: 50, cache_read_input_tokens: null, output_tokens: 40 },
      },
      { type: "message_stop" },
    ),
  );
  expect(call.usage).toMatchObject({ inputTokens: 1650, cacheWriteTokens: 50, cacheReadTokens: 0, outputTokens: 40 });
  expect(call.usage.cacheWrite5mTokens).toBe(undefined);
});

test("a stream cut before message_delta knows its input and not its output", () => {
  expect(callIn(named(start({ input_tokens: 7, output_tokens: 1 }))).usage).toMatchObject({ inputTokens: 7 });
  expect(callIn(named(start({ input_tokens: 7, output_tokens: 1 }))).usage).not.toHaveProperty("outputTokens");
});

test.each([
  ["end_turn", {}, { reason: "stop", raw: "end_turn" }],
  ["max_tokens", {}, { reason: "output-cap", raw: "max_tokens" }],
  ["stop_sequence", { stop_sequence: "END" }, { reason: "stop-sequence", raw: "stop_sequence", stopSequence: "END" }],
  ["tool_use", {}, { reason: "tool-use", raw: "tool_use" }],
  ["pause_turn", {}, { reason: "paused", raw: "pause_turn" }],
  ["refusal", { stop_details: { category: "cyber" } }, { reason: "refusal", raw: "refusal", details: { category: "cyber" } }],
  ["model_context_window_exceeded", {}, { reason: "context-full", raw: "model_context_window_exceeded" }],
  ["new_reason", {}, { reason: "unknown", raw: "new_reason" }],
])("stop_reason %s", (stop_reason, more, finish) => {
  expect(callIn(whole([], { stop_reason, ...more })).answers[0]?.finish).toEqual(finish);
  expect(
    callIn(named(start({}), { type: "message_delta", delta: { stop_reason, stop_sequence: null, ...more } }, { type: "message_stop" })).answers[0]
      ?.finish,
  ).toEqual(finish);
});

test("a tool without arguments is {} whether whole or streamed", () => {
  const block = { type: "tool_use", id: "toolu_1", name: "f", input: {} };
  const expected = [{ id: "toolu_1", name: "f", arguments: "{}" }];
  expect(callIn(whole([block], { stop_reason: "tool_use" })).answers[0]?.toolCalls).toEqual(expected);
  const streamed = named(
    start({}),
    { type: "content_block_start", index: 0, content_block: block },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "" } },
    { type: "content_block_stop", index: 0 },
  );
  expect(callIn(streamed).answers[0]?.toolCalls).toEqual(expected);
});

test("server tools keep their streamed input, citations their order; the same whole and streamed", () => {
  const search = { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "q" } };
  const result = { type: "web_search_tool_result", tool_use_id: "srv_1", content: [] };
  const citation = { type: "web_search_result_location", url: "https://example.test" };
  const expected = [
    { name: "server_tool_use", json: search },
    { name: "web_search_tool_result", json: result },
    { name: "web_search_result_location", json: citation },
  ];
  expect(callIn(whole([search, result, { type: "text", text: "x", citations: [citation] }])).answers[0]?.other).toEqual(expected);
  const streamed = named(
    start({}),
    { type: "content_block_start", index: 0, content_block: { ...search, input: {} } },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"query"' } },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: ':"q"}' } },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: result },
    { type: "content_block_stop", index: 1 },
    { type: "content_block_start", index: 2, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 2, delta: { type: "citations_delta", citation } },
    { type: "content_block_delta", index: 2, delta: { type: "text_delta", text: "x" } },
    { type: "content_block_stop", index: 2 },
  );
  expect(callIn(streamed).answers[0]).toMatchObject({ text: "x", other: expected });
});

test("an error event ends nothing that the format ends; a whole error body is complete", () => {
  const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_9" };
  expect(callIn(named(...messagesStream.slice(0, 3), error))).toMatchObject({
    ending: "cut",
    error: { kind: "overloaded", inStream: true, type: "overloaded_error" },
    response: { requestId: "req_9" },
  });
  expect(callIn(error)).toMatchObject({ ending: "complete", error: { kind: "overloaded" }, answers: [] });
});

test("a second message_start without an end in between is a notice", () => {
  const call = callIn(named(...messagesStream.slice(0, -1), ...messagesStream));
  expect(call).toMatchObject({ ending: "complete", answers: [{ text: "Grüße 🌍Grüße 🌍" }] });
  expect(call.notices.map((notice) => notice.code)).toEqual(["duplicate-start"]);
});

test("a delta without its block's start, and a delta type that is new", () => {
  const call = callIn(
    named(
      start({}),
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x" } },
      { type: "content_block_delta", index: 0, delta: { type: "new_delta" } },
      { type: "message_stop" },
    ),
  );
  expect(call).toMatchObject({ ending: "complete", answers: [{ text: "x" }] });
  expect(call.notices.map((notice) => notice.code)).toEqual(["missing-block-start", "unknown-event"]);
});

test.each([
  ["msg_bdrk_01abc", "aws"],
  ["msg_vrtx_01abc", "google"],
  ["msg_01XFDUDYJgAACzvnptvVoYEL", "anthropic"],
  ["something", undefined],
])("the id %s tells the provider %s", (id, provider) => {
  expect(callIn({ ...whole([]), id }).model.provider).toBe(provider);
});
