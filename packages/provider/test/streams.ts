import type { JsonObject } from "@cutaway/core";

/** Small constructed streams, one a format, that hold text, reasoning, tool calls, characters of several bytes, and usage. */
const chunk = (fields: JsonObject): JsonObject => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_750_000_000,
  model: "gpt-x-2026",
  system_fingerprint: "fp_1",
  usage: null,
  ...fields,
});
const delta = (fields: JsonObject, finish: string | null = null, index = 0) =>
  chunk({ choices: [{ index, delta: fields, logprobs: null, finish_reason: finish }] });

export const chatStream: JsonObject[] = [
  delta({ role: "assistant", content: "" }),
  delta({ reasoning_content: "hm" }),
  delta({ content: "Grüße 🌍" }),
  delta({ tool_calls: [{ index: 0, id: "call_a", type: "function", function: { name: "weather", arguments: "" } }] }),
  delta({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Zü' } }] }),
  delta({ tool_calls: [{ index: 1, id: "call_b", type: "function", function: { name: "time", arguments: "{}" } }] }),
  delta({ tool_calls: [{ index: 0, function: { arguments: 'rich"}' } }] }),
  delta({}, "tool_calls"),
  chunk({
    choices: [],
    usage: {
      prompt_tokens: 12,
      completion_tokens: 30,
      total_tokens: 42,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
  }),
];

const response = (fields: JsonObject): JsonObject => ({
  id: "resp_1",
  object: "response",
  created_at: 1_750_000_000,
  model: "gpt-x-2026",
  service_tier: "default",
  output: [],
  ...fields,
});

export const responsesStream: JsonObject[] = [
  { type: "response.created", response: response({ status: "in_progress" }) },
  { type: "response.output_item.added", output_index: 0, item: { type: "reasoning", id: "rs_1", summary: [] } },
  { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "hm" },
  { type: "response.output_item.done", output_index: 0, item: { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }] } },
  { type: "response.output_item.added", output_index: 1, item: { type: "message", id: "msg_1", role: "assistant", content: [] } },
  { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "Grüße ", logprobs: [] },
  { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "🌍", logprobs: [] },
  { type: "response.output_text.done", output_index: 1, content_index: 0, text: "Grüße 🌍", logprobs: [] },
  {
    type: "response.output_item.added",
    output_index: 2,
    item: { type: "function_call", id: "fc_1", call_id: "call_a", name: "weather", arguments: "" },
  },
  { type: "response.function_call_arguments.delta", output_index: 2, delta: '{"city":"Zürich"}' },
  {
    type: "response.output_item.done",
    output_index: 2,
    item: { type: "function_call", id: "fc_1", call_id: "call_a", name: "weather", arguments: '{"city":"Zürich"}' },
  },
  {
    type: "response.completed",
    response: response({
      status: "completed",
      usage: {
        input_tokens: 12,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 30,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 42,
      },
    }),
  },
];

export const messagesStream: JsonObject[] = [
  {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-x-2026",
      content: [],
      stop_reason: null,
      usage: { input_tokens: 8, cache_read_input_tokens: 4, cache_creation_input_tokens: 0, output_tokens: 1, service_tier: "standard" },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
  { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "s" } },
  { type: "content_block_stop", index: 0 },
  { type: "ping" },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Grüße " } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "🌍" } },
  { type: "content_block_stop", index: 1 },
  { type: "content_block_start", index: 2, content_block: { type: "tool_use", id: "toolu_1", name: "weather", input: {} } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"city":' } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '"Zürich"}' } },
  { type: "content_block_stop", index: 2 },
  { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 30 } },
  { type: "message_stop" },
];
