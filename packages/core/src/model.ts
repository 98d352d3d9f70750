import type { Alternative, ModelRef, TokenId } from "./call.ts";
import type { CallEvent } from "./events.ts";
import type { Activations, InsideRequest, Intervention, Probe } from "./inside.ts";
import type { Request } from "./request.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** What a model lets its caller see. A view or test that needs more says so by name instead of guessing. */
export interface Access {
  text: true;
  logprobs?: { depth: number; prompt: boolean };
  internals?: true;
  seed?: boolean;
  grammar?: boolean;
  /** The same request with the same seed gives the same tokens. */
  deterministic?: boolean;
}

/** Anything that answers a call: a remote API, a local runtime. */
export interface Model {
  ref: ModelRef;
  access: Access;
  contextWindow?: number;
  tokenizer?: { exact: boolean; tokenizer: Tokenizer };
  /** Ends with a `closed` event, also after an error or an abort; throws only for what is wrong before anything is sent. */
  call(request: Request, signal?: AbortSignal): AsyncIterable<CallEvent>;
  /** The log-likelihood of given tokens, each after all before it. */
  score?(tokens: ArrayLike<number>, options?: ScoreOptions): Promise<ScoredTokens>;
  /** One vector a text, in their order; those of encoders that are made for it. What a text's vector is does not depend on the others. */
  embed?(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** A fresh stepper with nothing fed. */
  stepper?(): Promise<Stepper>;
  /** What the network computes while it reads a request (and the answer so far, where one is given), with some of it changed on request. */
  probe?(request: InsideRequest, probes: readonly Probe[], interventions?: readonly Intervention[], signal?: AbortSignal): Promise<Activations>;
}

export interface EmbedOptions {
  signal?: AbortSignal;
}

/**
 * A language model as a machine with a tape: feed tokens, read logits, go back, branch.
 * Sampling, beam search and constrained decoding drive this and nothing else.
 */
export interface Stepper {
  readonly vocabSize: number;
  /** Tokens fed so far, and how many fit. */
  readonly length: number;
  readonly capacity: number;
  /**
   * Appends tokens (at least one).
   * @returns the logits after the last of them, [vocabSize]; valid until the next `feed` of this stepper.
   * @throws `context-full` when they do not fit; nothing is fed then.
   */
  feed(ids: ArrayLike<number>): Promise<Float32Array>;
  /** Forgets all tokens from position `length` on. */
  truncate(length: number): void;
  /** An independent stepper with the same tokens fed. */
  fork(): Promise<Stepper>;
  close(): void;
}

export interface ScoreOptions {
  /** Alternatives a token; default 10. */
  depth?: number;
  /** What an encoder–decoder's encoder reads, and only there: the tokens are the decoder's, and every one of them has an entry. */
  source?: ArrayLike<number>;
  signal?: AbortSignal;
}

/** One entry a token, from the second on: the first has nothing before it. */
export interface ScoredTokens {
  tokens: ScoredToken[];
  /** Natural log, summed. */
  logprob: number;
}

export interface ScoredToken {
  id: TokenId;
  logprob: number;
  rank: number;
  entropy: number;
  top: Alternative[];
}
