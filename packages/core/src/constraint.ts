import type { TokenId } from "./call.ts";

/**
 * What may come next, where the answer has to be of a language: a grammar, a schema, a pattern. A value: a token makes a new one, so that beams and
 * branches each hold their own.
 */
export interface Constraint {
  /**
   * Bit `id & 31` of word `id >>> 5` is 1 where the token may come next, [⌈vocabSize / 32⌉]. Tokens that end the answer are allowed where `complete`.
   * At least one bit is set. Not to be changed; valid for as long as it is referenced.
   */
  mask(): Uint32Array;
  /** @throws `token-not-allowed` for a token that the mask does not have. */
  accept(id: TokenId): Constraint;
  /** What was accepted so far is a whole sentence of the language. */
  readonly complete: boolean;
  /** Bytes that every continuation begins with: empty where there is a choice, or where the answer may end. */
  forcedBytes(): Uint8Array;
}
