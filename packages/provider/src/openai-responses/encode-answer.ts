import { type Answer, type Call, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import type { StreamPayload } from "../codec.ts";
import { known, objectOf } from "../json/fields.ts";
import { logprobEntry, textPieces } from "../shared/encode-steps.ts";
import { errorJson } from "../shared/error-json.ts";

/** The call's answer as one response object, or its error. */
export function encodeResponse(call: Call): JsonObject {
  if (call.error && call.answers.length === 0 && call.response?.id === undefined) return errorJson(call.error);
  return {
    ...head(call),
    ...statusOf(call),
    output: itemsOf(call.answers[0]),
    ...(Object.keys(call.usage).length > 0 && { usage: usageJson(call) }),
  };
}

/** The same as events; the last one is terminal where the call is complete. */
export function encodeStream(call: Call): StreamPayload[] {
  const payloads: StreamPayload[] = [];
  const send = (type: string, fields: JsonObject) => payloads.push({ event: type, data: { type, sequence_number: payloads.length, ...fields } });
  const [answer] = call.answers;
  send("response.created", { response: { ...head(call), status: "in_progress", output: [] } });
  const items = itemsOf(answer);
  for (const [output_index, item] of items.entries()) {
    const at = { output_index };
    send("response.output_item.added", { ...at, item: begun(item) });
    if (item.type === "reasoning")
      for (const [summary_index, part] of list(item.summary).entries())
        send("response.reasoning_summary_text.delta", { ...at, summary_index, delta: part.text ?? "" });
    if (item.type === "message") {
      for (const [content_index, part] of list(item.content).entries()) {
        if (part.type === "refusal") send("response.refusal.delta", { ...at, content_index, delta: part.refusal ?? "" });
        else if (answer) {
          for (const { text, steps } of textPieces(answer))
            send("response.output_text.delta", { ...at, content_index, delta: text, logprobs: steps.map(logprobEntry) });
          for (const [annotation_index, annotation] of list(part.annotations).entries())
            send("response.output_text.annotation.added", { ...at, content_index, annotation_index, annotation });
        }
      }
    }
    if (item.type === "function_call" && item.arguments) send("response.function_call_arguments.delta", { ...at, delta: item.arguments });
    send("response.output_item.done", { ...at, item });
  }
  if (call.error?.inStream && call.ending !== "complete") send("error", errorJson(call.error));
  if (call.ending === "complete") {
    const response = encodeResponse(call);
    const status = typeof response.status === "string" ? response.status : "failed";
    send(`response.${status}`, { response: { ...head(call), status, ...response } });
  }
  return payloads;
}

function head(call: Call): JsonObject {
  const { id, created, serviceTier } = call.response ?? {};
  return known({ id, object: "response", created_at: created, model: call.model.served, service_tier: serviceTier });
}

function statusOf(call: Call): JsonObject {
  const finish = call.answers[0]?.finish;
  if (call.error) return { status: "failed", ...(isJsonObject(errorJson(call.error).error) && { error: errorJson(call.error).error }) };
  switch (finish?.reason) {
    case "output-cap":
    case "context-full":
      return { status: "incomplete", incomplete_details: finish.details ?? { reason: finish.raw ?? "max_output_tokens" } };
    case "content-filter":
      return { status: "incomplete", incomplete_details: finish.details ?? { reason: finish.raw ?? "content_filter" } };
    case "cancelled":
      return { status: "cancelled" };
    case "unknown":
      return { status: finish.raw ?? "in_progress" };
    default:
      return { status: "completed" };
  }
}

/** Reasoning, what the provider's own tools did, the message, then the calls of the caller's tools: the order in which a model works. */
function itemsOf(answer: Answer | undefined): JsonObject[] {
  if (!answer) return [];
  const items: JsonObject[] = [];
  if (answer.reasoning !== undefined) items.push({ type: "reasoning", summary: [{ type: "summary_text", text: answer.reasoning }] });
  const annotations = answer.other.filter((item) => isAnnotation(item.name)).map((item) => item.json);
  for (const item of answer.other) if (!isAnnotation(item.name) && isJsonObject(item.json)) items.push(item.json);
  const content: JsonValue[] = [];
  if (answer.text !== "" || answer.steps || annotations.length > 0)
    content.push({ type: "output_text", text: answer.text, annotations, logprobs: (answer.steps ?? []).map(logprobEntry) });
  if (answer.refusal !== undefined) content.push({ type: "refusal", refusal: answer.refusal });
  if (content.length > 0) items.push({ type: "message", role: "assistant", status: "completed", content });
  for (const tool of answer.toolCalls)
    items.push({
      type: "function_call",
      ...(tool.id !== undefined && { call_id: tool.id }),
      name: tool.name,
      arguments: tool.arguments,
      status: "completed",
    });
  return items;
}

const isAnnotation = (name: string) => /citation|file_path|annotation/.test(name);

/** An item as it is announced: without what follows in deltas. */
function begun(item: JsonObject): JsonObject {
  if (item.type === "message") return { ...item, content: [], status: "in_progress" };
  if (item.type === "reasoning") return { ...item, summary: [] };
  return item.type === "function_call" ? { ...item, arguments: "", status: "in_progress" } : item;
}

const list = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? value.map((item) => objectOf(item) ?? {}) : []);

function usageJson(call: Call): JsonValue {
  const { usage } = call;
  if (isJsonObject(usage.raw) && "input_tokens" in usage.raw) return usage.raw;
  return known({
    input_tokens: usage.inputTokens,
    input_tokens_details: known({ cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens }),
    output_tokens: usage.outputTokens,
    output_tokens_details: known({ reasoning_tokens: usage.reasoningTokens }),
    total_tokens: usage.totalTokens,
  });
}
