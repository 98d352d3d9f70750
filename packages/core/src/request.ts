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
  /** Whose order and rules the sampler follows: `transformers`, `llama.cpp`, `vllm`. Default: our own order, which is that of transformers for what it has. */
  samplerPreset?: string;
  /** Tokens the three penalties look back on. Default: all. */
  repetitionWindow?: number;
  /** What counts as having occurred for frequency and presence penalty: the answer (default), or the prompt too. */
  penaltyScope?: "answer" | "all";
  /** Parameters that change from token to token, by the names of `Parameters`; each as a schedule's text, e.g. `linear:1.2:0.2:50`. */
  schedules?: Record<string, string>;
  /** What the answer has to be a text of, and how it is held to it. */
  constraint?: ConstraintOptions;
}

/**
 * The language that an answer is held to, token by token: one of `regex`, `grammar` and `choice`, or the schema of `parameters.responseFormat`; and
 * how it is read.
 */
export interface ConstraintOptions {
  /** The whole answer matches it: ECMA-262 with the flag u, as if between ^ and $. */
  regex?: string;
  grammar?: { syntax: GrammarSyntax; text: string };
  /** The answer is one of these texts. */
  choice?: string[];
  /** Of JSON: none at all; (default) at most a space, or a line break with its indentation; or any, without end. */
  whitespace?: "none" | "bounded" | "any";
  /** Of JSON objects: as the schema lists the properties (default), or any. */
  propertyOrder?: "declared" | "any";
  /** What of a schema no mask can hold is checked when the answer is there, instead of refused before it. */
  checkAfter?: true;
  /** The language begins after this text; what is before it is free: thinking. */
  after?: string;
  /** Bytes that are forced are written without asking the model how probable it finds them: faster, and the mass kept is not known there. */
  fastForward?: true;
}

export type GrammarSyntax = "gbnf" | "lark";

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
  /** Added to the logits of tokens, by id. */
  logitBias?: Record<string, number>;
  typicalP?: number;
  topNSigma?: number;
  topH?: number;
  epsilonCutoff?: number;
  etaCutoff?: number;
  noRepeatNgramSize?: number;
  dryMultiplier?: number;
  dryBase?: number;
  dryAllowedLength?: number;
  /** Tokens that DRY looks back on; -1: all. */
  dryPenaltyLastN?: number;
  /** Texts over which a repeated run does not reach. */
  drySequenceBreakers?: string[];
  xtcProbability?: number;
  xtcThreshold?: number;
  /** 0: off; 1, 2: the version. */
  mirostat?: number;
  /** Bits. */
  mirostatTau?: number;
  mirostatEta?: number;
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
