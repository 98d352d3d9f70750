import { isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import { filledOf, listOf, objectOf, textOf } from "../json/fields.ts";
import type { Identified } from "./identified.ts";

/** What role a body plays: what was sent, a whole answer, or one payload of a stream. */
export type BodyKind = "request" | "response" | "payload";

/** A body's format and kind, from its own fields; undefined when they do not decide it. Certain marks first, weak ones last. */
export function identifyBody(body: JsonValue | undefined): (Identified & { kind: BodyKind }) | undefined {
  if (Array.isArray(body)) {
    const [first] = body;
    if (isJsonObject(first) && Array.isArray(first.candidates)) return { unsupported: "gemini-generate-content", kind: "response" };
    if (isJsonObject(first) && typeof first.generated_text === "string") return { unsupported: "tgi-generate", kind: "response" };
    return undefined;
  }
  if (!isJsonObject(body)) return undefined;
  return payload(body) ?? response(body) ?? request(body);
}

type Found = (Identified & { kind: BodyKind }) | undefined;

function payload(body: JsonObject): Found {
  const type = textOf(body.type) ?? "";
  const kind = "payload" as const;
  if (body.object === "chat.completion.chunk") return { format: "openai-chat", kind };
  if (Array.isArray(body.choices)) {
    const [choice] = body.choices;
    if (isJsonObject(choice) && isJsonObject(choice.delta)) return { format: "openai-chat", kind };
    if (
      body.choices.length === 0 &&
      (body.prompt_filter_results !== undefined || body.usage !== undefined) &&
      body.object !== "chat.completion" &&
      body.object !== "text_completion"
    )
      return { format: "openai-chat", kind };
  }
  if (/^response\.[a-z_.]+$/.test(type)) return { format: "openai-responses", kind };
  if (type === "error" && isJsonObject(body.error) && body.sequence_number !== undefined) return { format: "openai-responses", kind };
  if (/^(?:message_start|message_delta|message_stop|content_block_start|content_block_delta|content_block_stop)$/.test(type))
    return { format: "anthropic-messages", kind };
  if (/^(?:interaction|step)\./.test(textOf(body.event_type) ?? "")) return { unsupported: "gemini-interactions", kind };
  if (
    /^(?:message-start|message-end|content-start|content-delta|content-end|tool-plan-delta|tool-call-start|tool-call-delta|tool-call-end|citation-start|citation-end)$/.test(
      type,
    )
  )
    return { unsupported: "cohere-chat", kind };
  if (
    ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop"].some((name) => isJsonObject(body[name])) ||
    (isJsonObject(body.metadata) && isJsonObject(objectOf(body.metadata)?.usage) && Object.keys(body).length === 1)
  ) {
    return { unsupported: "bedrock-converse", kind };
  }
  if (/^(?:session|conversation|input_audio_buffer)\./.test(type)) return { unsupported: "openai-realtime", kind };
  if (/^thread\./.test(textOf(body.object) ?? "")) return { unsupported: "openai-assistants", kind };
  return undefined;
}

function response(body: JsonObject): Found {
  const kind = "response" as const;
  const object = textOf(body.object);
  if (object === "response" || (Array.isArray(body.output) && typeof body.status === "string" && typeof body.id === "string"))
    return { format: "openai-responses", kind };
  if (object === "text_completion" || (Array.isArray(body.choices) && typeof objectOf(body.choices[0])?.text === "string"))
    return { unsupported: "openai-completions", kind };
  if (object === "chat.completion" || isJsonObject(objectOf(listOf(body.choices)[0])?.message)) return { format: "openai-chat", kind };
  if (body.type === "message" && body.role === "assistant" && Array.isArray(body.content)) return { format: "anthropic-messages", kind };
  if (Array.isArray(body.candidates) || isJsonObject(body.usageMetadata) || isJsonObject(body.promptFeedback))
    return { unsupported: "gemini-generate-content", kind };
  if (
    object === "interaction" ||
    (typeof body.status === "string" && Array.isArray(body.steps)) ||
    (isJsonObject(body.usage) && body.usage.total_input_tokens !== undefined)
  )
    return { unsupported: "gemini-interactions", kind };
  if (isJsonObject(body.output) && isJsonObject(objectOf(body.output)?.message)) return { unsupported: "bedrock-converse", kind };
  if (isJsonObject(body.message) && typeof body.done === "boolean") return { unsupported: "ollama-chat", kind };
  if (typeof body.response === "string" && typeof body.done === "boolean") return { unsupported: "ollama-generate", kind };
  if (isJsonObject(body.message) && typeof body.finish_reason === "string") return { unsupported: "cohere-chat", kind };
  if (body.type === "completion" && typeof body.completion === "string") return { unsupported: "anthropic-complete", kind };
  if (listOf(body.results).some((item) => isJsonObject(item) && typeof item.relevance_score === "number")) return { unsupported: "rerank", kind };
  if (listOf(body.results).some((item) => isJsonObject(item) && isJsonObject(item.categories))) return { unsupported: "openai-moderations", kind };
  if (Array.isArray(body.retrievalResults)) return { unsupported: "bedrock-retrieve", kind };
  const item = objectOf(listOf(body.data)[0]);
  if (item?.object === "embedding") return { unsupported: "openai-embeddings", kind };
  if (item?.object === "model") return { unsupported: "openai-models", kind };
  if (typeof item?.b64_json === "string" || (typeof item?.url === "string" && body.created !== undefined))
    return { unsupported: "openai-images", kind };
  if (Array.isArray(body.embeddings)) return { unsupported: "embeddings", kind };
  if (typeof body.generated_text === "string") return { unsupported: "tgi-generate", kind };
  return undefined;
}

function request(body: JsonObject): Found {
  const kind = "request" as const;
  if (Array.isArray(body.contents)) return { unsupported: "gemini-generate-content", kind };
  if (Array.isArray(body.resourceSpans)) return { unsupported: "otlp-traces", kind };
  if (Array.isArray(body.messages)) {
    if (isJsonObject(body.inferenceConfig) || isJsonObject(body.toolConfig) || body.schemaVersion !== undefined)
      return { unsupported: "bedrock-converse", kind };
    if (isOllama(body)) return { unsupported: "ollama-chat", kind };
    if (isAnthropic(body)) return { format: "anthropic-messages", kind };
    if (body.messages.every((message) => isJsonObject(message) && typeof message.role === "string")) return { format: "openai-chat", kind };
    return undefined;
  }
  if (typeof body.prompt === "string" && body.max_tokens_to_sample !== undefined) return { unsupported: "anthropic-complete", kind };
  const model = filledOf(body.model) ?? "";
  if (body.input !== undefined) {
    if (/embed/i.test(model) || body.encoding_format !== undefined || body.dimensions !== undefined)
      return { unsupported: "openai-embeddings", kind };
    if (/moderation/i.test(model)) return { unsupported: "openai-moderations", kind };
    if (typeof body.voice === "string") return { unsupported: "openai-speech", kind };
    if (/^(?:models\/)?gemini/i.test(model)) return { unsupported: "gemini-interactions", kind };
    const isItems = Array.isArray(body.input) && body.input.length > 0 && body.input.every(isJsonObject);
    if (isItems || (typeof body.input === "string" && model !== "")) return { format: "openai-responses", kind };
    return undefined;
  }
  if (typeof body.prompt === "string" && model !== "")
    return { unsupported: typeof body.size === "string" ? "openai-images" : "openai-completions", kind };
  return undefined;
}

const isOllama = (body: JsonObject) =>
  isJsonObject(body.options) && (body.options.num_ctx !== undefined || body.options.num_predict !== undefined || body.keep_alive !== undefined);

/** Marks that only Anthropic's requests have, against marks that only OpenAI's have; a Claude with a cap decides the rest. */
function isAnthropic(body: JsonObject): boolean {
  if (typeof body.anthropic_version === "string" || Array.isArray(body.stop_sequences) || (body.system !== undefined && body.system !== null))
    return true;
  if (listOf(body.tools).some((tool) => isJsonObject(tool) && (tool.input_schema !== undefined || /_20\d{6}$/.test(textOf(tool.type) ?? ""))))
    return true;
  const messages = listOf(body.messages).map((message) => objectOf(message));
  const types = messages.flatMap((message) => listOf(message?.content).map((part) => textOf(objectOf(part)?.type)));
  if (types.some((type) => type === "tool_use" || type === "tool_result" || type === "thinking" || type === "image" || type === "document"))
    return true;
  if (
    messages.some(
      (message) => message?.role === "system" || message?.role === "developer" || message?.role === "tool" || message?.tool_calls !== undefined,
    )
  )
    return false;
  if (types.some((type) => type === "image_url" || type === "input_audio")) return false;
  if (
    ["response_format", "stream_options", "frequency_penalty", "presence_penalty", "max_completion_tokens", "logprobs", "n", "stop", "seed"].some(
      (name) => body[name] !== undefined,
    )
  )
    return false;
  return (
    isJsonObject(body.thinking) ||
    (/claude/i.test(textOf(body.model) ?? "") && typeof body.max_tokens === "number" && !(textOf(body.model) ?? "").includes("/"))
  );
}
