import type { Recording } from "./recordings.ts";

/**
 * What a Call must say of a recording, taken from the raw body by code that shares nothing with the codecs.
 * Deliberately naive: it parses every event, looks fields up by name and keeps what the last event says.
 */
export interface Expected {
  format: "openai-chat" | "openai-responses" | "anthropic-messages";
  answers: { reason: string; raw?: string; text: string; reasoning: string; tools: [name: string, args: string][] }[];
  usage: Record<string, number | undefined>;
  id?: string;
  served?: string;
  created?: number;
  fingerprint?: string;
  serviceTier?: string;
  error?: { message: string; code?: string };
}

// biome-ignore lint/suspicious/noExplicitAny: raw wire JSON, looked up by name on purpose
type Raw = any;

export function expectedOf(recording: Recording): Expected | undefined {
  const events = parseBody(recording.body);
  const first = events.find((event) => event?.object !== "" && !(Array.isArray(event?.choices) && event.choices.length === 0)) ?? events[0];
  if (!first || typeof first !== "object") return undefined;
  if (isChat(first)) return chat(events);
  if (events.some((event) => String(event?.type ?? "").startsWith("response.")) || first.object === "response") return responses(events);
  if (first.type === "message" || events.some((event) => event?.type === "message_start")) return anthropic(events);
  return undefined;
}

/** Whole JSON, SSE text, or JSON lines; events that are not JSON are dropped. */
function parseBody(body: string): Raw[] {
  try {
    return [JSON.parse(body)];
  } catch {
    const lines = body.split(/\r?\n/);
    const data = lines.some((line) => line.startsWith("data:"))
      ? lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5))
      : lines;
    return data.flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }
}

const isChat = (body: Raw) =>
  Array.isArray(body.choices) &&
  body.choices.length > 0 &&
  body.object !== "text_completion" &&
  (body.choices[0].message !== undefined || body.choices[0].delta !== undefined);

const present = <T>(value: T | null | undefined | ""): T | undefined => (value === null || value === "" ? undefined : value);
const last = <T>(values: (T | null | undefined | "")[]): T | undefined =>
  values.map(present).findLast((value) => value !== undefined) as T | undefined;

const textOf = (content: Raw, type: string): string => {
  if (typeof content === "string") return type === "text" ? content : "";
  if (!Array.isArray(content)) return "";
  return content.map((part: Raw) => (part.type === type ? (type === "thinking" ? textOf(part.thinking, "text") : part.text) : "")).join("");
};

function chat(events: Raw[]): Expected {
  const indices = [...new Set(events.flatMap((event) => (event.choices ?? []).map((choice: Raw) => choice.index ?? 0)))].toSorted() as number[];
  const answers = indices.map((index) => {
    const choices = events.flatMap((event) => (event.choices ?? []).filter((choice: Raw) => (choice.index ?? 0) === index));
    const messages = choices.map((choice: Raw) => choice.message ?? choice.delta ?? {});
    const raw = last<string>(choices.map((choice: Raw) => choice.finish_reason));
    const tools = new Map<unknown, [string, string]>();
    for (const message of messages) {
      for (const [position, call] of (message.tool_calls ?? []).entries()) {
        const key = call.index ?? position;
        const [name, args] = tools.get(key) ?? ["", ""];
        const more = call.function?.arguments ?? "";
        tools.set(key, [name || (call.function?.name ?? ""), args + (typeof more === "string" ? more : JSON.stringify(more))]);
      }
    }
    return {
      reason:
        { stop: "stop", length: "output-cap", tool_calls: "tool-use", function_call: "tool-use", content_filter: "content-filter" }[raw ?? ""] ??
        "unknown",
      ...(raw !== undefined && { raw }),
      text: messages.map((message: Raw) => textOf(message.content, "text")).join(""),
      reasoning: messages.map((message: Raw) => message.reasoning_content ?? message.reasoning ?? textOf(message.content, "thinking")).join(""),
      tools: [...tools.values()],
    };
  });
  const usage = last<Raw>(events.map((event) => event.usage ?? event.x_groq?.usage)) ?? {};
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? usage.reasoning_tokens;
  /** Some servers leave reasoning out of the completion count; their total tells. */
  const outside = reasoning > 0 && usage.total_tokens === usage.prompt_tokens + usage.completion_tokens + reasoning;
  return {
    format: "openai-chat",
    answers,
    usage: {
      inputTokens: present(usage.prompt_tokens),
      outputTokens: outside ? usage.completion_tokens + reasoning : present(usage.completion_tokens),
      totalTokens: present(usage.total_tokens),
      cacheReadTokens: present(
        usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens ?? usage.num_cached_tokens,
      ),
      reasoningTokens: present(reasoning),
    },
    ...top(events, "created"),
  };
}

function responses(events: Raw[]): Expected {
  const body = last<Raw>(events.map((event) => event.response ?? (event.object === "response" ? event : undefined))) ?? {};
  const done = events.filter((event) => event.type === "response.output_item.done").map((event) => event.item);
  const output: Raw[] = body.output?.length ? body.output : done;
  const of = (type: string) => output.filter((item) => item.type === type);
  const parts = of("message").flatMap((item) => item.content ?? []);
  const tools = output.filter((item) => item.type === "function_call" || item.type === "custom_tool_call");
  const waits = tools.includes(output.findLast((item) => item.type !== "reasoning"));
  const incomplete = body.incomplete_details?.reason;
  const refused = parts.some((part: Raw) => part.type === "refusal");
  const reason =
    { max_output_tokens: "output-cap", content_filter: "content-filter" }[String(incomplete)] ??
    { failed: "error", cancelled: "cancelled", completed: refused ? "refusal" : waits ? "tool-use" : "stop" }[String(body.status)] ??
    "unknown";
  const usage = body.usage ?? {};
  return {
    format: "openai-responses",
    answers:
      output.length === 0 && body.error
        ? []
        : [
            {
              reason,
              raw: incomplete ?? body.status,
              text: parts.map((part: Raw) => (part.type === "output_text" ? part.text : "")).join(""),
              reasoning: of("reasoning")
                .flatMap((item) => [...(item.summary ?? []), ...(item.content ?? [])])
                .map((part: Raw) => part.text ?? "")
                .join(""),
              tools: tools.map((item) => [item.name, item.arguments ?? item.input ?? ""]),
            },
          ],
    usage: {
      inputTokens: present(usage.input_tokens),
      outputTokens: present(usage.output_tokens),
      totalTokens: present(usage.total_tokens),
      cacheReadTokens: present(usage.input_tokens_details?.cached_tokens),
      reasoningTokens: present(usage.output_tokens_details?.reasoning_tokens),
    },
    ...top([body], "created_at"),
    ...(body.error && { error: { message: body.error.message, code: present(body.error.code) } }),
  };
}

function anthropic(events: Raw[]): Expected {
  const message = events.find((event) => event.type === "message_start")?.message ?? events[0];
  const deltas = events.filter((event) => event.type === "message_delta");
  const blocks: Raw[] = (message.content ?? []).map((block: Raw) => ({ ...block }));
  for (const event of events) {
    if (event.type === "content_block_start") blocks[event.index] = { ...event.content_block, json: "" };
    const { delta } = event;
    const block = blocks[event.index];
    if (delta?.type === "text_delta") block.text = (block.text ?? "") + delta.text;
    if (delta?.type === "thinking_delta") block.thinking = (block.thinking ?? "") + delta.thinking;
    if (delta?.type === "input_json_delta") block.json += delta.partial_json;
  }
  const raw = last<string>([message.stop_reason, ...deltas.map((event) => event.delta?.stop_reason)]);
  const usage = Object.assign({}, known(message.usage), ...deltas.map((event) => known(event.usage)));
  const input = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"].map((name) => usage[name]);
  const kept = blocks.filter(Boolean);
  return {
    format: "anthropic-messages",
    answers: [
      {
        reason:
          {
            end_turn: "stop",
            max_tokens: "output-cap",
            stop_sequence: "stop-sequence",
            tool_use: "tool-use",
            pause_turn: "paused",
            refusal: "refusal",
            model_context_window_exceeded: "context-full",
          }[raw ?? ""] ?? "unknown",
        ...(raw !== undefined && { raw }),
        text: kept.map((block) => (block.type === "text" ? block.text : "")).join(""),
        reasoning: kept.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
        tools: kept.filter((block) => block.type === "tool_use").map((block) => [block.name, block.json || JSON.stringify(block.input)]),
      },
    ],
    usage: {
      inputTokens: usage.input_tokens === undefined ? undefined : input.reduce((sum, count) => sum + (count ?? 0), 0),
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens,
      cacheWriteTokens: usage.cache_creation_input_tokens,
      reasoningTokens: usage.output_tokens_details?.thinking_tokens,
    },
    ...top([message]),
    serviceTier: present(usage.service_tier),
  };
}

const known = (values: Raw) => Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== null && value !== undefined));

function top(bodies: Raw[], created?: string) {
  return {
    id: bodies.map((body) => present(body.id)).find(Boolean),
    served: last<string>(bodies.map((body) => body.model)),
    created: created && last<number>(bodies.map((body) => body[created] || undefined)),
    fingerprint: last<string>(bodies.map((body) => body.system_fingerprint)),
    serviceTier: last<string>(bodies.map((body) => body.service_tier)),
  } as Pick<Expected, "id" | "served" | "created" | "fingerprint" | "serviceTier">;
}
