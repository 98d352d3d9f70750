import type { JsonObject, JsonValue } from "./json.ts";

/** Names of wire formats are stable: they appear in JSON, in the store and in `unsupported-format: NAME`. */
export type WireFormat = "openai-chat" | "openai-responses" | "anthropic-messages";

/**
 * What was asked of a model, in words common to all providers, with the body as sent beside it.
 * A change to the request is a change of these fields; the codec writes what differs back over `body`,
 * so that what Cutaway does not understand is sent again untouched.
 */
export interface Request {
  format: WireFormat;
  /** As asked, before the provider resolves an alias. */
  model: string;
  /** In order, system and developer messages included, wherever the wire format keeps them. */
  messages: Message[];
  tools: Tool[];
  parameters: Parameters;
  /** Names of the body's fields (dotted paths) that Cutaway keeps and does not interpret. */
  notUnderstood: string[];
  /** The JSON body as sent. Absent for a request that was never on a wire. */
  body?: JsonObject;
  /** Where it was sent. Never holds a key: query parameters that can are removed. */
  url?: string;
  /** An allow-list of the request's headers, lower-case names; never credentials. */
  headers?: Record<string, string>;
}

export type Role = "system" | "developer" | "user" | "assistant" | "tool";

export interface Message {
  role: Role;
  parts: Part[];
  name?: string;
  /** Where in the body it stands, e.g. `messages[2]`, `system`, `input[0]`, `instructions`. */
  at: string;
}

export type Part = (
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | { type: "refusal"; text: string }
  | { type: "tool-call"; id?: string; name: string; arguments: string }
  | { type: "tool-result"; id?: string; text: string; isError?: boolean }
  | { type: "media"; media: "image" | "audio" | "file" | "video"; mediaType?: string; url?: string; bytes?: number; detail?: string }
  | { type: "other"; name: string; json: JsonValue }
) & {
  /** Where in the body it stands, e.g. `messages[2].content[0].text`. */
  at: string;
  /** A cache breakpoint after this part (`cache_control`). */
  cacheBreakpoint?: { ttl?: string };
};

export interface Tool {
  name: string;
  description?: string;
  /** JSON Schema of the arguments; absent for tools the provider runs itself. */
  schema?: JsonValue;
  /** The tool as it stands in the body: this is what costs tokens. */
  json: JsonValue;
  at: string;
  cacheBreakpoint?: { ttl?: string };
}

/** The sampling and limit parameters, named as the field names them (`docs/parameters.md` maps them to each wire format). */
export interface Parameters {
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  /** The cap on output tokens: `max_tokens`, `max_completion_tokens`, `max_output_tokens`. */
  maxOutputTokens?: number;
  stop?: string[];
  seed?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  repetitionPenalty?: number;
  logitBias?: Record<string, number>;
  logprobs?: boolean;
  topLogprobs?: number;
  n?: number;
  stream?: boolean;
  /** Whether the stream was asked to carry usage (`stream_options.include_usage`). */
  streamUsage?: boolean;
  responseFormat?: { type: "text" | "json" | "json-schema"; name?: string; schema?: JsonValue; strict?: boolean };
  toolChoice?: JsonValue;
  parallelToolCalls?: boolean;
  reasoning?: { effort?: string; budgetTokens?: number; mode?: string };
  verbosity?: string;
  serviceTier?: string;
  truncation?: string;
  promptCacheKey?: string;
  user?: string;
}
