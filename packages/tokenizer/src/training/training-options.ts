import { CutawayError } from "@cutaway/core";
import { maxTokenId } from "../bpe/vocabulary.ts";
import { longestContent } from "../json/read-added-tokens.ts";
import type { RunOptions } from "./steps.ts";

/** What every training takes. */
export interface TrainingOptions extends RunOptions {
  /** Tokens of all kinds together, special and kept ones included. */
  vocabSize: number;
  /** Control tokens: the first ids, in this order. Their text is not learned from, and refused in plain text. */
  specialTokens?: readonly string[];
  /** Phrases that are one token wherever they stand (see `keptTokens`): the last ids. */
  keep?: readonly string[];
  /** Every line, with its end, is a text of its own, as when Hugging Face trains on files. Default: a text is what comes at once. */
  lines?: boolean;
}

/** The options, with what is wrong in them said before the first text is read. */
export function checkTrainingOptions({ vocabSize, specialTokens = [], keep = [] }: TrainingOptions): void {
  if (!Number.isInteger(vocabSize) || vocabSize < 1 || vocabSize > maxTokenId)
    throw bad(`vocabSize is ${vocabSize}`, `Give a whole number from 1 to ${maxTokenId}.`);
  const seen = new Set<string>();
  for (const text of [...specialTokens, ...keep]) {
    if (text === "") throw bad("a special token or phrase is empty", "Leave it out.");
    if (text.length > longestContent) throw bad(`${shown(text)} is longer than ${longestContent} characters`, "Keep a shorter phrase.");
    if (!text.isWellFormed()) throw bad(`${shown(text)} holds half of a surrogate pair`, "Give whole characters.");
    if (seen.has(text)) throw bad(`${shown(text)} is given twice`, "Give it once, as a special token or as a phrase to keep.");
    seen.add(text);
  }
}

export function refuseEmptyCorpus(pieces: { size: number }): void {
  if (pieces.size > 0) return;
  throw new CutawayError("empty-corpus", "the corpus holds no text to learn from", { fix: "Give texts that are not empty." });
}

/** `least`: what the vocabulary has before anything is learned. */
export function refuseSmallVocabulary(vocabSize: number, least: number, what: string): void {
  if (vocabSize >= least) return;
  throw new CutawayError("vocab-size-too-small", `a vocabulary of ${vocabSize} has no room: ${what} alone are ${least} tokens`, {
    fix: `Ask for more than ${least}, or limit the alphabet.`,
    data: { vocabSize, least },
  });
}

export const bad = (what: string, fix: string) => new CutawayError("bad-option", `training: ${what}`, { fix });

export const shown = (text: string) => JSON.stringify(text.slice(0, 60));
