import { CutawayError } from "@cutaway/core";
import {
  leastBpeVocabSize,
  type RunOptions,
  type TrainedTokenizer,
  type TrainingTexts,
  trainBpe,
  trainUnigram,
  trainWordPiece,
} from "@cutaway/tokenizer/training";

export interface TokensTrainOptions {
  vocabSize?: number;
  type?: "bpe" | "wordpiece" | "unigram";
  pattern?: string;
  special?: string[];
  keep?: string[];
  minFrequency?: number;
  cased?: boolean;
  sweep?: number[];
  terms?: string;
  holdout?: number;
  /** Where to write. */
  out?: string;
  force?: boolean;
}

/** The options that must be there, and none that would have no effect. */
export function checkTrainOptions(options: TokensTrainOptions): TokensTrainOptions & { vocabSize: number; out: string } {
  const { vocabSize, out, type = "bpe", sweep, holdout = 0, terms } = options;
  if (out === undefined) throw usage("no file is named for the result", "Give one with --out, e.g. --out tokenizer.json.");
  if (vocabSize === undefined) throw usage("no vocabulary size is given", "Give one with --vocab-size, e.g. --vocab-size 8000.");
  if (type !== "bpe") refuse(options, ["pattern", "sweep", "terms"], `with --type ${type}`);
  if (type === "unigram") refuse(options, ["minFrequency"], "with --type unigram");
  if (type !== "wordpiece") refuse(options, ["cased"], `with --type ${type}`);
  if (terms !== undefined && sweep === undefined) throw usage("--terms has no effect without --sweep", "Give --sweep, or leave it out.");
  if (sweep !== undefined && holdout === 0 && terms === undefined)
    throw usage("a sweep has nothing to measure", "Hold text out with --holdout 0.1, or name terms with --terms.");
  const least = type === "bpe" ? leastBpeVocabSize({ specialTokens: options.special ?? [], keep: options.keep ?? [] }) : 1;
  const small = [vocabSize, ...(sweep ?? [])].find((size) => size < least);
  if (small !== undefined) throw usage(`a vocabulary of ${small} is too small`, `All bytes, special tokens and kept phrases alone are ${least}.`);
  return { ...options, vocabSize, out };
}

function refuse(options: TokensTrainOptions, names: (keyof TokensTrainOptions)[], where: string): void {
  const name = names.find((option) => options[option] !== undefined);
  if (name === undefined) return;
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw usage(`${flag} has no effect ${where}`, "Leave it out.");
}

const usage = (what: string, fix: string) => new CutawayError("usage", `tokens train: ${what}`, { fix });

export function trainWith(texts: TrainingTexts, options: TokensTrainOptions & { vocabSize: number }, run: RunOptions): Promise<TrainedTokenizer> {
  const { vocabSize, type = "bpe", special, keep = [], pattern, minFrequency, cased } = options;
  const common = { ...run, vocabSize, keep, lines: true, ...(special && { specialTokens: special }) };
  switch (type) {
    case "bpe":
      return trainBpe(texts, { ...common, ...(pattern !== undefined && { pattern }), ...(minFrequency !== undefined && { minFrequency }) });
    case "wordpiece":
      return trainWordPiece(texts, { ...common, lowercase: !cased, ...(minFrequency !== undefined && { minFrequency }) });
    case "unigram":
      return trainUnigram(texts, common);
  }
}
