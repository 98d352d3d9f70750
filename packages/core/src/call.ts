import type { CallId } from "./call-id.ts";
import type { JsonValue } from "./json.ts";
import type { LocalRun } from "./local-run.ts";
import type { Request, RequestFormat } from "./request.ts";

/**
 * One request to a model and all that was observed of the answer. Built by `foldCall`, never by hand;
 * immutable. What is unknown is absent: 0 always means that somebody counted nothing.
 */
export interface Call {
  id: CallId;
  /** The call this one replays or changes. */
  parent?: CallId;
  trace?: { traceId: string; spanId: string; parentSpanId?: string; session?: string };
  /** Labels the caller gave (`x-cutaway-tag`), in the order given. */
  tags?: string[];
  model: ModelRef;
  origin: Origin;
  format?: RequestFormat;
  /** Absent when only an answer was recorded. */
  request?: Request;
  /** The prompt as the model read it, token by token, where the model ran locally. */
  prompt?: PromptToken[];
  /** What the local runtime did with the request; only for calls of local models. */
  local?: LocalRun;
  /** One per choice. Empty when only a request was given, or when an error came instead of an answer. */
  answers: Answer[];
  usage: Usage;
  instants: Instants;
  response?: ResponseMeta;
  error?: CallError;
  /**
   * How the recording of the answer ends. `complete`: with the wire format's own terminal event or a whole body.
   * `cut`: without it. `cancelled`: the caller closed the stream. `open`: not seen to its end (still running, or the recorder died).
   * `none`: there is no answer at all, only a request.
   */
  ending: "complete" | "cut" | "cancelled" | "open" | "none";
  /** Oddities of the wire that did not stop the decoding: a malformed event, a type not understood, a duplicate start. */
  notices: Notice[];
  bodies?: BodyRefs;
}

export interface ModelRef {
  /** `openai`, `anthropic`, … as the catalog spells it; absent when neither URL nor format tells. */
  provider?: string;
  asked?: string;
  served?: string;
  revision?: string;
}

export interface Origin {
  kind: "local" | "live" | "proxy" | "otlp" | "file";
  /** File name with position, proxy upstream, base URL. */
  from?: string;
}

export interface Answer {
  text: string;
  reasoning?: string;
  /** Text of a refusal, where the wire format keeps it apart from the answer. */
  refusal?: string;
  toolCalls: ToolCall[];
  /** One entry a token, where the provider sent logprobs or the model ran locally. Their bytes join to `text`. */
  steps?: TokenStep[];
  finish: Finish;
  /** How the answer was held to a language; absent where it was free. */
  held?: HeldAnswer;
  /** Output that is neither text, reasoning nor a call of the caller's tools (citations, server tools, media), kept and named. */
  other: { name: string; json: JsonValue }[];
}

/** What became of an answer that was held to a language, token by token. */
export interface HeldAnswer {
  /** The text is a whole sentence of the language. False: it was cut before its end. */
  complete: boolean;
  /**
   * Natural log of the product, over all steps, of the probability that the mask left: −(the sum of the mask's KL divergences). 0: nothing the model
   * wanted was ever masked. Absent where tokens were written without asking the model.
   */
  logMass?: number;
  /** Tokens that were chosen under the mask, the end included; of these, those where only one was allowed; and those written without asking. */
  steps: number;
  forced: number;
  unasked: number;
  /** Whether the tokens are those that the tokenizer gives for their text. */
  canonical?: boolean;
  /** What of the schema no mask holds, checked at the end: where the answer breaks it. Absent where nothing was left to check. */
  broken?: BrokenRule[];
}

/** A place of a language: in a schema, in a grammar's text. */
export interface LanguagePlace {
  /** JSON pointer into the schema. */
  pointer?: string;
  keyword?: string;
  /** Of a grammar: from 1. */
  line?: number;
  rule?: string;
}

export interface BrokenRule extends LanguagePlace {
  /** JSON pointer into the answer. */
  at?: string;
  says: string;
}

/** Why a mask took a token out. */
export interface MaskReason {
  /** The first of the token's bytes that cannot stand there, from 0; the token's length where its bytes may stand and no text goes on from them. */
  at: number;
  /** What could stand there, for a person: `“0” to “9”, “-”`. */
  expected: string;
  /** What asks for it, outermost first. */
  places?: LanguagePlace[];
  /** A token that could stand there and shares the most bytes with it, as text. */
  nearest?: string;
}

export interface ToolCall {
  id?: string;
  name: string;
  /** As sent: usually JSON text, possibly broken or cut. */
  arguments: string;
}

export type TokenId = number & { readonly __brand: "TokenId" };

export interface TokenStep {
  /** Absent for remote APIs: they send bytes, no ids. */
  id?: TokenId;
  bytes: Uint8Array;
  /** Milliseconds after `instants.issued`. */
  at?: number;
  /** Natural log of the probability before the sampler's stages. */
  logprob?: number;
  /** Natural log of the probability after the sampler's stages. */
  sampledLogprob?: number;
  /** 0 is the most probable. */
  rank?: number;
  /** Nats. */
  entropy?: number;
  /** Probability mass outside `top`, 0 to 1. */
  tailMass?: number;
  top?: Alternative[];
  /** What each stage of the sampler did, in the order in which they ran. */
  stages?: StageReport[];
  forced?: "template" | "grammar" | "prefill";
}

export interface Alternative {
  id?: TokenId;
  bytes: Uint8Array;
  /** Before the sampler's stages. */
  logprob: number;
  /** After all of them; absent where a stage took the token out, or where nobody told. */
  sampledLogprob?: number;
  /** The stage that took the token out. */
  removedBy?: string;
  /** Of one that `grammar` took out: why it cannot stand there. */
  because?: MaskReason;
}

/** What one stage of the sampler did to the distribution that the stage before it left. */
export interface StageReport {
  /** `grammar`, `repetition_penalty`, `temperature`, `top_k`, `top_p`, `min_p`, … */
  stage: string;
  /** Its setting, e.g. 0.8 of `temperature`. */
  setting?: number;
  /** Tokens that still have a probability above 0. */
  kept: number;
  /** Probability, under the distribution before the stage, of the tokens it took out; 0 to 1. */
  removedMass: number;
  /** Nats, before and after the stage. */
  entropyBefore: number;
  entropyAfter: number;
  /** Kullback–Leibler divergence of the distribution after from the one before, KL(after ‖ before), nats. */
  kl: number;
}

export type FinishReason =
  | "stop"
  | "stop-sequence"
  | "output-cap"
  | "context-full"
  | "tool-use"
  | "refusal"
  | "content-filter"
  | "paused"
  | "cancelled"
  | "cut"
  | "error"
  | "unknown";

export interface Finish {
  reason: FinishReason;
  /** The provider's own word; absent where it gave none. */
  raw?: string;
  /** Which stop sequence ended the answer, where told. */
  stopSequence?: string;
  /** What the provider said beside it: refusal category, filter results, incomplete details. */
  details?: JsonValue;
}

export type UsageCount =
  | "inputTokens"
  | "outputTokens"
  | "totalTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "cacheWrite5mTokens"
  | "cacheWrite1hTokens"
  | "reasoningTokens"
  | "inputAudioTokens"
  | "outputAudioTokens"
  | "inputImageTokens"
  | "acceptedPredictionTokens"
  | "rejectedPredictionTokens"
  | "webSearches";

/**
 * Counts as OpenTelemetry defines them: `inputTokens` includes cache reads and writes, `outputTokens` includes reasoning.
 * A provider that counts otherwise (Anthropic) is converted; its own numbers stay in `raw`.
 */
export type Usage = { [count in UsageCount]?: number } & {
  /** Who counted. Absent when nothing is known. */
  source?: "provider" | "tokenizer" | "chunks";
  raw?: JsonValue;
};

export const usageCounts: readonly UsageCount[] = [
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "reasoningTokens",
  "inputAudioTokens",
  "outputAudioTokens",
  "inputImageTokens",
  "acceptedPredictionTokens",
  "rejectedPredictionTokens",
  "webSearches",
];

/** `issued` is milliseconds since the epoch; all others are milliseconds after it. Durations are derived, never stored (`durations.ts`). */
export interface Instants {
  issued?: number;
  connected?: number;
  /** The socket was kept alive from an earlier call: there was no connection to time. */
  reused?: boolean;
  headers?: number;
  /** First non-empty delta of any kind: text, reasoning or tool arguments. */
  firstToken?: number;
  /** First non-empty delta of answer text, where it differs from `firstToken` because reasoning came before. */
  firstText?: number;
  lastToken?: number;
  closed?: number;
  /** Arrival of the stream's chunks: [milliseconds after issued, bytes]. */
  chunks?: [at: number, bytes: number][];
}

export interface ResponseMeta {
  /** The provider's id of the answer, from the body. */
  id?: string;
  /** HTTP status. */
  status?: number;
  /** `x-request-id` or `request-id`: what the provider's support asks for. */
  requestId?: string;
  /** Seconds since the epoch, from the body. */
  created?: number;
  fingerprint?: string;
  serviceTier?: string;
  /** `openai-processing-ms`: the server's own time. */
  processingMs?: number;
  rateLimits?: RateLimit[];
  /** How many times the client had already tried (`x-stainless-retry-count` of the request). */
  retries?: number;
  /** An allow-list of the response's headers, lower-case names. */
  headers?: Record<string, string>;
}

export interface RateLimit {
  /** As the header names it: `requests`, `tokens`, `input-tokens`, `output-tokens`. */
  of: string;
  limit?: number;
  remaining?: number;
  /** Milliseconds from the answer until the window is full again. */
  resetMs?: number;
  /** The header's own text. */
  resetRaw?: string;
}

export type CallErrorKind =
  | "rate-limit"
  | "quota"
  | "request-too-large"
  | "context-length"
  | "content-filter"
  | "overloaded"
  | "authentication"
  | "permission"
  | "not-found"
  | "invalid-request"
  | "server"
  | "timeout"
  | "network"
  | "unknown";

export interface CallError {
  kind: CallErrorKind;
  message: string;
  status?: number;
  type?: string;
  code?: string;
  param?: string;
  retryAfterMs?: number;
  /** It came as an event inside a stream whose status was 200. */
  inStream?: boolean;
  raw?: JsonValue;
}

export interface Notice {
  code: string;
  says: string;
}

/** SHA-256 of the raw bodies, hex; the bytes lie in the store. */
export interface BodyRefs {
  request?: string;
  response?: string;
}

/** A prompt token and the part of the prompt it belongs to. */
export interface PromptToken {
  id?: TokenId;
  bytes: Uint8Array;
  segment: SegmentKind;
  /** A special token of the vocabulary (BOS, a role marker), not text that merely looks like one. */
  special?: true;
}

export type SegmentKind = "template" | "system" | "tools" | "history" | "context" | "user";
