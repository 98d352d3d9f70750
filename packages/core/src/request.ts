import type { JsonObject, JsonValue } from "./json.ts";

/** Names of wire formats are stable: they appear in JSON, in the store and in `unsupported-format: NAME`. */
export type WireFormat = "openai-chat" | "openai-responses" | "anthropic-messages";

/** `local`: asked of the local runtime; it was never on a wire, so there is no body. */
export type RequestFormat = WireFormat | "local";

/**
 * What was asked of a model, in words common to all providers, with the body as sent beside it.
 * A change to the request is a change of these fields; the codec writes what differs back over `body`,
 * so that what Cutaway does not understand is sent again untouched.
 */
export interface Request {
  format: RequestFormat;
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
  /** What only a local model can be told; `format` is `local`. */
  local?: LocalOptions;
}

/** What a remote API decides for its callers: so that a wrong choice can be made again, and changed. */
export interface LocalOptions {
  /** A Jinja chat template in place of the model's own. */
  template?: string;
  /** No template: the texts of the messages, joined, are the prompt. */
  raw?: true;
  /** The prompt as token ids, in place of messages. */
  tokens?: number[];
  /** Whether the prompt begins with the BOS token. `auto` (default): as the model's file says. */
  bos?: "auto" | "always" | "never";
  /** Whether the text of a special token inside a message becomes that token. Default: no, it stays text. */
  parseSpecial?: boolean;
  /** The text that the answer begins with; the model goes on from there. */
  prefill?: string;
  /** Positions the model may use, prompt and answer together. Default: what the model was trained for, within the memory limit. */
  contextSize?: number;
  /** What to do with a prompt longer than the context: `refuse` (default), or leave out tokens at its start or its end. */
  overflow?: "refuse" | "truncate-start" | "truncate-end";
  /** The sampler's stages in the order in which they run; only those whose parameter is set may stand here. */
  samplerOrder?: string[];
  /** Tokens the repetition penalty looks back on. Default: all. */
  repetitionWindow?: number;
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
