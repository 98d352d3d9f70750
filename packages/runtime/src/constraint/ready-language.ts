import type { BrokenRule, ConstraintRun, MaskReason } from "@cutaway/core";
import type { FastForward, GrammarState } from "@cutaway/grammar";

/** A language made ready for the vocabulary of a model. */
export interface ReadyLanguage {
  run: ConstraintRun;
  /** Before the first token. */
  start: GrammarState;
  /** Tokens that end an answer: allowed where it may end. */
  ends: ReadonlySet<number>;
  fastForward: boolean;
  /** Why a token is not in the mask there. */
  explain(at: GrammarState, id: number): MaskReason;
  /** The tokens of the bytes that are forced there, as far as no longer token could take their place; none where nothing is forced. */
  forcedTokens(at: GrammarState): FastForward;
  /** The tokens are those that the tokenizer gives for their text; undefined where their bytes are no text. */
  isCanonical(ids: readonly number[]): boolean | undefined;
  /** What of the language the mask does not hold, of a whole answer; absent where it holds all of it. */
  check?(ids: readonly number[]): BrokenRule[];
}
