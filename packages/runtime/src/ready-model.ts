import type { Stepper, Tokenizer } from "@cutaway/core";
import type { LocalModelInfo } from "./model-info.ts";
import type { PromptReader } from "./prompt-reader.ts";
import { readerOf } from "./source-reader.ts";
import type { Need, Tape } from "./streams/tape-pool.ts";
import { tokenBytes } from "./token-bytes.ts";

/** What is known of a network without running it. */
export interface Vocabulary {
  info: LocalModelInfo;
  tokenizer: Tokenizer;
  bytesOf(id: number): Uint8Array;
}

/** A network with its vocabulary, ready to answer calls. */
export interface AnsweringModel extends Vocabulary {
  /** The tape that the answer is written on; undefined where it is not wanted any more. */
  take(need: Need): Promise<Tape | undefined>;
  giveBack(tape: Tape): void;
}

/** One that answers one call after the other, all on the same tape. */
export interface ReadyModel extends AnsweringModel {
  stepper: Stepper;
  reader: PromptReader;
}

export const vocabularyOf = ({ info, tokenizer }: Pick<Vocabulary, "info" | "tokenizer">): Vocabulary => ({
  info,
  tokenizer,
  bytesOf: tokenBytes(tokenizer),
});

export function readyModel({ info, tokenizer, stepper }: Pick<ReadyModel, "info" | "tokenizer" | "stepper">): ReadyModel {
  const tape = { stepper, reader: readerOf(stepper, info) };
  return { ...vocabularyOf({ info, tokenizer }), ...tape, take: async () => tape, giveBack: () => {} };
}
