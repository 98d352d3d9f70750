import {
  type BpeOptions,
  type TrainedTokenizer,
  trainBpe,
  trainUnigram,
  trainWordPiece,
  type UnigramOptions,
  type WordPieceOptions,
} from "../../src/training/index.ts";
import { code, multilingual, prose } from "../corpora.ts";

/** Texts to train on, the same on every machine: words by Zipf's law, code, 60 scripts, citations. */
export const trainingTexts: readonly string[] = [
  prose(30_000, 1),
  code(10_000, 2),
  multilingual(900, 3),
  "Smith v. Jones, 42 U.S.C. § 1983 (1994); 28 U.S.C. § 1331.\nSee 42 U.S.C. § 1988(b), 410 U.S. 113.\n".repeat(20),
  // One piece of more symbols than a segment holds.
  prose(4_000, 5).replaceAll(/[^a-z]/g, ""),
  "aaaa aaaaaaa aaa aa\nabababab bababa\n\n\n   x\t\ty  z\n",
];

/** Texts to encode, with what the trained ones have never seen. */
export const textsToEncode: readonly string[] = [
  "",
  " ",
  "The quick brown fox.",
  "See 42 U.S.C. § 1983, and 18 U.S.C. § 242.",
  "no space before U.S.C. § here,U.S.C. §",
  "naïve Ünïcode 日本語 😀 ½\u0301",
  "a\n\n  b\t\tc\r\n",
  "<s> is not special here; aaaaaaaaaaaaaaaaaaaaaaaaaaa",
  prose(2_000, 9),
  code(1_000, 8),
  multilingual(1_000, 7),
];

export type TrainingCase =
  | { name: string; type: "bpe"; options: BpeOptions }
  | { name: string; type: "wordpiece"; options: WordPieceOptions }
  | { name: string; type: "unigram"; options: UnigramOptions };

/** Settings whose results are held against Hugging Face's: the trained vocabularies of the first two types, the ids of all. */
export const trainingCases: readonly TrainingCase[] = [
  { name: "bpe", type: "bpe", options: { vocabSize: 1000 } },
  { name: "bpe-cl100k", type: "bpe", options: { vocabSize: 700, pattern: "cl100k", minFrequency: 3, specialTokens: ["<|end|>", "<s>"] } },
  { name: "bpe-o200k", type: "bpe", options: { vocabSize: 700, pattern: "o200k", maxTokenLength: 6 } },
  { name: "bpe-own-pattern", type: "bpe", options: { vocabSize: 600, pattern: String.raw`\p{L}+|\p{N}+|[^\p{L}\p{N}]+` } },
  { name: "bpe-lines", type: "bpe", options: { vocabSize: 800, lines: true } },
  { name: "bpe-own-alphabet", type: "bpe", options: { vocabSize: 900, initialAlphabet: [] } },
  { name: "bpe-keep", type: "bpe", options: { vocabSize: 600, keep: ["U.S.C. §", "et al."], specialTokens: ["<|end|>"] } },
  { name: "wordpiece", type: "wordpiece", options: { vocabSize: 1800 } },
  { name: "wordpiece-cased", type: "wordpiece", options: { vocabSize: 1800, lowercase: false, specialTokens: ["[UNK]"], keep: ["U.S.C. §"] } },
  { name: "unigram", type: "unigram", options: { vocabSize: 1800 } },
  {
    name: "unigram-as-it-is",
    type: "unigram",
    options: { vocabSize: 1800, normalization: "none", specialTokens: ["<pad>", "<unk>"], keep: ["U.S.C. §"] },
  },
];

export function trainCase({ type, options }: TrainingCase): Promise<TrainedTokenizer> {
  if (type === "bpe") return trainBpe(trainingTexts, options);
  return type === "wordpiece" ? trainWordPiece(trainingTexts, options) : trainUnigram(trainingTexts, options);
}
