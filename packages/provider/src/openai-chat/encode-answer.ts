import { type Answer, type Call, type FinishReason, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import type { StreamPayload } from "../codec.ts";
import { known, objectOf } from "../json/fields.ts";
import { logprobEntry, textPieces } from "../shared/encode-steps.ts";
import { errorJson } from "../shared/error-json.ts";

/** The call's answer as one chat completion, or its error. */
export function encodeResponse(call: Call): JsonObject {
  if (call.error && call.answers.length === 0) return errorJson(call.error);
  return {
    ...head(call, "chat.completion"),
    choices: call.answers.map((answer, index) => ({
      index,
      message: { role: "assistant", ...messageOf(answer) },
      logprobs: answer.steps ? { content: answer.steps.map(logprobEntry) } : null,
      ...finishOf(answer),
    })),
    ...tailOf(call),
    ...(Object.keys(call.usage).length > 0 && { usage: usageJson(call) }),
    ...(call.error && errorJson(call.error)),
  };
}

/** The same as chunks; `[DONE]` ends it where the call is complete. */
export function encodeStream(call: Call): StreamPayload[] {
  const payloads: StreamPayload[] = [];
  const chunk = (fields: JsonObject) => payloads.push({ data: { ...head(call, "chat.completion.chunk"), ...fields } });
  const delta = (index: number, fields: JsonObject, more: JsonObject = {}) =>
    chunk({ choices: [{ index, delta: fields, logprobs: null, finish_reason: null, ...more }] });
  for (const [index, answer] of call.answers.entries()) {
    delta(index, { role: "assistant", content: "" });
    if (answer.reasoning !== undefined) delta(index, { reasoning_content: answer.reasoning });
    for (const { text, steps } of textPieces(answer))
      delta(index, { content: text }, steps.length > 0 ? { logprobs: { content: steps.map(logprobEntry) } } : {});
    if (answer.refusal !== undefined) delta(index, { refusal: answer.refusal });
    const { tool_calls: calls, annotations, audio, images } = messageOf(answer);
    for (const [position, json] of (Array.isArray(calls) ? calls : []).entries()) {
      const inner = objectOf(objectOf(json)?.function) ?? {};
      delta(index, { tool_calls: [{ ...objectOf(json), index: position, function: { ...inner, arguments: "" } }] });
      if (inner.arguments) delta(index, { tool_calls: [{ index: position, function: { arguments: inner.arguments } }] });
    }
    const media = known({ annotations, audio, images });
    if (Object.keys(media).length > 0) delta(index, media);
    const finish = finishOf(answer);
    if (finish.finish_reason !== null) chunk({ choices: [{ index, delta: {}, logprobs: null, ...finish }], ...tailOf(call) });
  }
  if (Object.keys(call.usage).length > 0) chunk({ choices: [], usage: usageJson(call) });
  if (call.error) payloads.push({ data: errorJson(call.error) });
  if (call.ending === "complete") payloads.push({ data: "[DONE]" });
  return payloads;
}

function head(call: Call, object: string): JsonObject {
  const { id, created, fingerprint, serviceTier } = call.response ?? {};
  return known({ id, object, created, model: call.model.served, system_fingerprint: fingerprint, service_tier: serviceTier });
}

function messageOf(answer: Answer): JsonObject {
  const tools = answer.toolCalls.map((tool) => ({
    ...(tool.id !== undefined && { id: tool.id }),
    type: "function",
    function: { name: tool.name, arguments: tool.arguments },
  }));
  const other = (fits: (item: Answer["other"][number]) => boolean) => answer.other.filter(fits).map((item) => item.json);
  const annotations = other((item) => isJsonObject(item.json) && item.json.type === item.name);
  const [audio] = other((item) => item.name === "audio");
  const images = other((item) => item.name === "image");
  return known({
    content: answer.text,
    refusal: answer.refusal,
    reasoning_content: answer.reasoning,
    tool_calls: tools.length > 0 ? tools : undefined,
    annotations: annotations.length > 0 ? annotations : undefined,
    audio,
    images: images.length > 0 ? images : undefined,
  });
}

function finishOf(answer: Answer): JsonObject {
  const { reason, raw, stopSequence, details } = answer.finish;
  const word = raw ?? words[reason] ?? null;
  const filter = objectOf(details)?.content_filter_results;
  return {
    finish_reason: word,
    ...(stopSequence !== undefined && { stop_reason: stopSequence }),
    ...(filter !== undefined && { content_filter_results: filter }),
  };
}

/** What stands beside the choices. */
function tailOf(call: Call): JsonObject {
  const [first] = call.answers;
  const prompt = objectOf(first?.finish.details)?.prompt_filter_results;
  const listed = (name: string): JsonValue | undefined => first?.other.find((item) => item.name === name && Array.isArray(item.json))?.json;
  return known({ prompt_filter_results: prompt, citations: listed("citations"), search_results: listed("search_results") });
}

const words: { [reason in FinishReason]?: string } = {
  stop: "stop",
  "stop-sequence": "stop",
  "output-cap": "length",
  "context-full": "length",
  "tool-use": "tool_calls",
  refusal: "stop",
  "content-filter": "content_filter",
};

function usageJson(call: Call): JsonValue {
  const { usage } = call;
  if (isJsonObject(usage.raw) && "prompt_tokens" in usage.raw) return usage.raw;
  return known({
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: details({
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: usage.inputAudioTokens,
      image_tokens: usage.inputImageTokens,
    }),
    completion_tokens_details: details({
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.outputAudioTokens,
      accepted_prediction_tokens: usage.acceptedPredictionTokens,
      rejected_prediction_tokens: usage.rejectedPredictionTokens,
    }),
  });
}

function details(counts: { [name: string]: number | undefined }): JsonObject | undefined {
  const told = known(counts);
  return Object.keys(told).length > 0 ? told : undefined;
}
