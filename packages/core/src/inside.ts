import type { PromptToken, TokenId } from "./call.ts";
import type { Request } from "./request.ts";

/** What is looked at: tokens that a model reads, and of them those that are its answer so far. */
export interface InsideRequest {
  request: Request;
  /** The prompt as a call's model read it; without it, the prompt is made of the request. */
  prompt?: readonly PromptToken[];
  /** Tokens of the answer that are read after the prompt. */
  answer?: readonly number[];
}

/** A place in the network by TransformerLens's name, e.g. `blocks.3.attn.hook_pattern`; `*` stands for every layer. */
export interface Probe {
  hook: string;
  /** Of a value that is there once a head: only these. */
  heads?: readonly number[];
}

/** A change of the network while it computes: the value at a hook is replaced. */
export interface Intervention {
  hook: string;
  /** Default: all. Only of a value that is there once a head (`hook_q`, `hook_k`, `hook_v`, `hook_z`). */
  heads?: readonly number[];
  /** Tokens; default: all. */
  positions?: readonly number[];
  /** `zero`, `mean` (over the tokens of this text), or what the number multiplies. */
  set: "zero" | "mean" | { times: number };
}

/** Numbers with their shape, row by row. */
export interface Activation {
  hook: string;
  shape: readonly number[];
  data: Float32Array;
}

export interface Activations {
  /** As the model read them; of an encoder–decoder the decoder's. */
  tokens: InsideToken[];
  /** What an encoder–decoder's encoder read. */
  source?: InsideToken[];
  /** In the order of the computation, without the batch's axis: patterns are [heads, queries, keys], z [tokens, heads, size], streams [tokens, width]. */
  values: Activation[];
  /** After the last token, [vocab]; an encoder has none. */
  logits?: Float32Array;
}

/** A token of the prompt, or of the answer. */
export interface InsideToken extends Omit<PromptToken, "id" | "segment"> {
  id: TokenId;
  segment: PromptToken["segment"] | "answer";
}
