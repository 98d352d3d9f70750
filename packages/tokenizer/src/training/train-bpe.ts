import type { JsonObject } from "@cutaway/core";
import { byteCharacters } from "../json/byte-alphabet.ts";
import { Fields } from "../json/fields.ts";
import { readPreTokenizer } from "../json/read-pre-tokenizer.ts";
import { alphabetOf } from "./alphabet.ts";
import { byteLevelDecoder, byteLevelPreTokenizer } from "./byte-level-json.ts";
import { countPieces, type TrainingTexts } from "./count-pieces.ts";
import { addedToken, keptTokens } from "./kept-tokens.ts";
import { type LearnedMerge, learnMerges } from "./learn-merges.ts";
import { runSteps } from "./steps.ts";
import { byteSegments } from "./to-segments.ts";
import { tokenizerJson } from "./tokenizer-json.ts";
import type { TrainedTokenizer } from "./trained-tokenizer.ts";
import { bad, checkTrainingOptions, refuseEmptyCorpus, refuseSmallVocabulary, shown, type TrainingOptions } from "./training-options.ts";

export interface BpeOptions extends TrainingOptions {
  /** How text is cut before bytes are merged: `gpt2` (default), `cl100k`, `o200k`, `qwen2`, or a regular expression whose matches are pieces. */
  pattern?: string;
  /** A pair that occurs less often is not merged. Default 0. */
  minFrequency?: number;
  /** Bytes, under their names in the byte alphabet, that have a token whether the text holds them or not. Default: all 256, so that every text can be said. */
  initialAlphabet?: readonly string[];
  /** The vocabulary starts with this many bytes at most; what has no token leaves no trace in the ids. */
  limitAlphabet?: number;
  /** Tokens of merges have fewer bytes than this; two single bytes may always merge. Default: no limit. */
  maxTokenLength?: number;
}

/** A trained byte-level BPE. */
export interface TrainedBpe extends TrainedTokenizer {
  type: "bpe";
  /** Vocabularies of fewer tokens are the first part of the same merges: what a training of that size on the same texts gives. */
  atVocabSize(vocabSize: number): TrainedBpe;
}

/**
 * Trains a byte-level BPE: vocabulary and merges are those of Hugging Face's `BpeTrainer` (0.23) on the same texts, with the same settings.
 * The same texts give the same tokenizer, on every machine.
 * Memory: about 60 bytes for each byte of the different pieces, and 100 for each token, however long the texts are.
 * throws  `bad-option`, `empty-corpus`, `corpus-too-large`, `vocab-size-too-small`, `interrupted`.
 */
export async function trainBpe(texts: TrainingTexts, options: BpeOptions): Promise<TrainedBpe> {
  checkTrainingOptions(options);
  checkBpeOptions(options);
  const { vocabSize, specialTokens = [], pattern = "gpt2", initialAlphabet = byteCharacters, limitAlphabet = Number.POSITIVE_INFINITY } = options;
  const kept = keptTokens(options.keep ?? []);
  refuseLossyPhrases(kept);
  const preTokenizer = byteLevelPreTokenizer(pattern);
  const { splitter } = readPreTokenizer(new Fields(preTokenizer, "pre_tokenizer", "training"));
  const pieces = await countPieces(texts, {
    ...options,
    splitter,
    addedTokens: specialTokens.map(addedToken),
    normalizedTokens: kept.map(addedToken),
  });
  refuseEmptyCorpus(pieces);

  const tokens = [...specialTokens];
  for (const character of alphabetOf(pieces, "bytes", { initial: initialAlphabet, limit: limitAlphabet }))
    if (!tokens.includes(character)) tokens.push(character);
  const base = tokens.length;
  refuseSmallVocabulary(vocabSize, base + kept.length, "special tokens, bytes and kept phrases");
  const segments = byteSegments(pieces, new Map(tokens.map((token, id) => [token, id])));
  const merges = await runSteps(
    learnMerges(segments, tokens, {
      vocabSize: vocabSize - kept.length,
      minFrequency: options.minFrequency ?? 0,
      maxTokenLength: options.maxTokenLength ?? Number.POSITIVE_INFINITY,
      continuationPrefix: "",
    }),
    options,
  );
  const corpus = { differentPieces: pieces.size, pieces: pieces.total, differentBytes: pieces.bytes };
  return trained({ tokens, base, merges, specialTokens, kept, preTokenizer, corpus });
}

/** The smallest vocabulary that `trainBpe` gives with these tokens and the alphabet of all bytes. */
export const leastBpeVocabSize = ({ specialTokens = [], keep = [] }: Pick<BpeOptions, "specialTokens" | "keep">): number =>
  new Set([...specialTokens, ...byteCharacters]).size + keptTokens(keep).length;

interface LearnedBpe {
  /** By id: special tokens, bytes, what the merges made. */
  tokens: string[];
  /** Tokens before the first merge. */
  base: number;
  merges: LearnedMerge[];
  specialTokens: readonly string[];
  kept: string[];
  preTokenizer: JsonObject;
  corpus: TrainedBpe["corpus"];
}

function trained(learned: LearnedBpe): TrainedBpe {
  const { tokens, base, merges, specialTokens, kept, preTokenizer, corpus } = learned;
  return {
    type: "bpe",
    vocabSize: tokens.length + kept.length,
    corpus,
    get json() {
      return tokenizerJson({
        model: bpeModel(tokens, merges),
        normalizer: null,
        preTokenizer,
        decoder: byteLevelDecoder,
        specialTokens: specialTokens.map((content, id) => ({ content, id })),
        keptTokens: kept,
        modelSize: tokens.length,
      });
    },
    atVocabSize(vocabSize) {
      const size = Math.min(vocabSize - kept.length, tokens.length);
      refuseSmallVocabulary(size + kept.length, base + kept.length, "special tokens, bytes and kept phrases");
      const reached = size === base ? 0 : merges.findIndex((merge) => merge.size === size) + 1;
      return trained({ ...learned, tokens: tokens.slice(0, size), merges: merges.slice(0, reached) });
    },
  };
}

function bpeModel(tokens: readonly string[], merges: readonly LearnedMerge[]): JsonObject {
  return {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges: onceEach(merges).map(({ left, right }) => [tokens[left] as string, tokens[right] as string]),
  };
}

/** A pair that was merged more than once stands where it was merged last, as in Hugging Face's files. */
export function onceEach(merges: readonly LearnedMerge[]): LearnedMerge[] {
  const last = new Map(merges.map(({ left, right }, index) => [`${left} ${right}`, index]));
  return merges.filter(({ left, right }, index) => last.get(`${left} ${right}`) === index);
}

function checkBpeOptions({ minFrequency = 0, initialAlphabet = [], limitAlphabet = 1, maxTokenLength = 2 }: BpeOptions): void {
  if (!(minFrequency >= 0)) throw bad(`minFrequency is ${minFrequency}`, "Give 0 or more.");
  if (!(limitAlphabet >= 1)) throw bad(`limitAlphabet is ${limitAlphabet}`, "Give 1 or more.");
  if (!(maxTokenLength >= 2)) throw bad(`maxTokenLength is ${maxTokenLength}`, "Give 2 or more.");
  const stranger = initialAlphabet.find((character) => !byteCharacters.includes(character));
  if (stranger !== undefined) throw bad(`${shown(stranger)} in initialAlphabet names no byte`, "Give characters of the byte alphabet.");
}

/**
 * A phrase whose characters are all names of bytes, some not their own (`§`, `é`): Hugging Face's byte-level decoder would turn its token back into
 * those bytes, which are not its text. A phrase with a space is safe.
 */
function refuseLossyPhrases(kept: readonly string[]): void {
  for (const phrase of kept) {
    if (/^[ -~]*$/.test(phrase) || [...phrase].some((character) => !byteCharacters.includes(character))) continue;
    throw bad(
      `the phrase ${shown(phrase)} cannot be kept in a byte-level vocabulary: Hugging Face would decode it to other bytes`,
      "Keep a phrase with a space in it, or leave the word to training.",
    );
  }
}
