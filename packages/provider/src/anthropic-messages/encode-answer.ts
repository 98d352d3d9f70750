import { type Answer, type Call, type FinishReason, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import type { StreamPayload } from "../codec.ts";
import { known, objectOf } from "../json/fields.ts";
import { tryJson } from "../json/parse-json.ts";
import { textPieces } from "../shared/encode-steps.ts";

/** The call's answer as one message, or its error. */
export function encodeResponse(call: Call): JsonObject {
  if (call.error && call.answers.length === 0) return errorBody(call);
  const [answer] = call.answers;
  return { ...head(call), content: blocksOf(answer), ...finishOf(answer), ...(Object.keys(call.usage).length > 0 && { usage: usageJson(call) }) };
}

/** The same as events; `message_stop` ends it where the call is complete. */
export function encodeStream(call: Call): StreamPayload[] {
  const payloads: StreamPayload[] = [];
  const send = (type: string, fields: JsonObject = {}) => payloads.push({ event: type, data: { type, ...fields } });
  const [answer] = call.answers;
  const usage = objectOf(usageJson(call)) ?? {};
  const hasUsage = Object.keys(call.usage).length > 0;
  send("message_start", {
    message: { ...head(call), content: [], stop_reason: null, stop_sequence: null, ...(hasUsage && { usage: { ...usage, output_tokens: 1 } }) },
  });
  for (const [index, block] of blocksOf(answer).entries()) {
    const start = (content_block: JsonObject) => send("content_block_start", { index, content_block });
    const delta = (json: JsonObject) => send("content_block_delta", { index, delta: json });
    if (block.type === "text") {
      start({ type: "text", text: "" });
      for (const citation of Array.isArray(block.citations) ? block.citations : []) delta({ type: "citations_delta", citation });
      for (const { text } of answer ? textPieces(answer) : []) delta({ type: "text_delta", text });
    } else if (block.type === "thinking") {
      start({ type: "thinking", thinking: "", signature: "" });
      delta({ type: "thinking_delta", thinking: block.thinking ?? "" });
    } else if (block.type === "tool_use") {
      start({ ...block, input: {} });
      delta({ type: "input_json_delta", partial_json: JSON.stringify(block.input) });
    } else start(block);
    send("content_block_stop", { index });
  }
  const finish = finishOf(answer);
  if (answer && finish.stop_reason !== null)
    send("message_delta", { delta: finish, ...(call.usage.outputTokens !== undefined && { usage: { output_tokens: usage.output_tokens ?? 0 } }) });
  if (call.error) send("error", errorBody(call));
  if (call.ending === "complete") send("message_stop");
  return payloads;
}

function head(call: Call): JsonObject {
  return known({ id: call.response?.id, type: "message", role: "assistant", model: call.model.served });
}

function blocksOf(answer: Answer | undefined): JsonObject[] {
  if (!answer) return [];
  const blocks: JsonObject[] = [];
  if (answer.reasoning !== undefined) blocks.push({ type: "thinking", thinking: answer.reasoning, signature: "" });
  const citations = answer.other.filter((item) => isCitation(item.name)).map((item) => item.json);
  for (const item of answer.other) if (!isCitation(item.name) && isJsonObject(item.json)) blocks.push(item.json);
  if (answer.text !== "" || citations.length > 0) blocks.push({ type: "text", text: answer.text, ...(citations.length > 0 && { citations }) });
  for (const tool of answer.toolCalls)
    blocks.push({ type: "tool_use", ...(tool.id !== undefined && { id: tool.id }), name: tool.name, input: tryJson(tool.arguments) ?? {} });
  return blocks;
}

const isCitation = (name: string) => /citation|_location$/.test(name);

function finishOf(answer: Answer | undefined): JsonObject {
  if (!answer) return { stop_reason: null, stop_sequence: null };
  const { reason, raw, stopSequence, details } = answer.finish;
  return { stop_reason: raw ?? words[reason] ?? null, stop_sequence: stopSequence ?? null, ...(isJsonObject(details) && { stop_details: details }) };
}

const words: { [reason in FinishReason]?: string } = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  "output-cap": "max_tokens",
  "context-full": "model_context_window_exceeded",
  "tool-use": "tool_use",
  refusal: "refusal",
  paused: "pause_turn",
};

function errorBody(call: Call): JsonObject {
  const error = call.error;
  if (isJsonObject(error?.raw) && error.raw.type === "error") return error.raw;
  return {
    type: "error",
    error: { type: error?.type ?? "api_error", message: error?.message ?? "" },
    ...(call.response?.requestId !== undefined && { request_id: call.response.requestId }),
  };
}

function usageJson(call: Call): JsonValue {
  const { usage, response } = call;
  const tier = response?.serviceTier !== undefined ? { service_tier: response.serviceTier } : {};
  if (isJsonObject(usage.raw) && "input_tokens" in usage.raw && !("total_tokens" in usage.raw)) return usage.raw;
  const cached = (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
  return known({
    input_tokens: usage.inputTokens === undefined ? undefined : usage.inputTokens - cached,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    output_tokens: usage.outputTokens,
    output_tokens_details: usage.reasoningTokens === undefined ? undefined : { thinking_tokens: usage.reasoningTokens },
    ...tier,
  });
}
