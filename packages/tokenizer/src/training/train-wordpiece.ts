import type { JsonObject } from "@cutaway/core";
import { Fields } from "../json/fields.ts";
import { readNormalizer } from "../json/read-normalizer.ts";
import { splitterOfChain } from "../json/split.ts";
import { bertPreTokenizer } from "../wordpiece/bert-pre-tokenizer.ts";
import { alphabetOf } from "./alphabet.ts";
import { countPieces, type TrainingTexts } from "./count-pieces.ts";
import { addedToken } from "./kept-tokens.ts";
import { learnMerges } from "./learn-merges.ts";
import { runSteps } from "./steps.ts";
import { characterSegments } from "./to-segments.ts";
import { tokenizerJson } from "./tokenizer-json.ts";
import type { TrainedTokenizer } from "./trained-tokenizer.ts";
import { checkTrainingOptions, refuseEmptyCorpus, refuseSmallVocabulary, type TrainingOptions } from "./training-options.ts";

export interface WordPieceOptions extends TrainingOptions {
  /** Default: [PAD], [UNK], [CLS], [SEP] and [MASK]. Without [UNK] among them it comes first: WordPiece needs it. */
  specialTokens?: readonly string[];
  /** Whether BERT's normaliser also makes text lower case and takes accents off (default true). */
  lowercase?: boolean;
  /** A pair that occurs less often is not merged. Default 0. */
  minFrequency?: number;
  /** The vocabulary starts with this many characters at most, the most frequent; a word with another one is [UNK]. */
  limitAlphabet?: number;
}

export const bertSpecialTokens: readonly string[] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const unknownToken = "[UNK]";
const prefix = "##";

/**
 * Trains a WordPiece vocabulary as Hugging Face's `WordPieceTrainer` (0.23) does: byte pairs by their counts, with `##` before what continues a word,
 * of which only the vocabulary is kept. The tokens are the same; where two pairs are equally frequent, Hugging Face orders the tokens that continue
 * a word at random, and with them their ids and such ties.
 * throws  as `trainBpe` does.
 */
export async function trainWordPiece(texts: TrainingTexts, options: WordPieceOptions): Promise<TrainedTokenizer> {
  checkTrainingOptions(options);
  const { vocabSize, keep = [], lowercase = true, limitAlphabet = Number.POSITIVE_INFINITY } = options;
  const given = options.specialTokens ?? bertSpecialTokens;
  const specialTokens = given.includes(unknownToken) ? given : [unknownToken, ...given];
  const normalizer: JsonObject = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase };
  const pieces = await countPieces(texts, {
    ...options,
    splitter: splitterOfChain([bertPreTokenizer]),
    normalize: readNormalizer(new Fields(normalizer, "normalizer", "training")),
    addedTokens: specialTokens.map(addedToken),
    normalizedTokens: keep.map(addedToken),
  });
  refuseEmptyCorpus(pieces);

  const tokens = [...specialTokens];
  for (const character of alphabetOf(pieces, "characters", { initial: [], limit: limitAlphabet })) tokens.push(character);
  const segments = characterSegments(pieces, tokens, prefix);
  refuseSmallVocabulary(vocabSize, tokens.length + keep.length, "special tokens, characters and kept phrases");
  const rules = {
    vocabSize: vocabSize - keep.length,
    minFrequency: options.minFrequency ?? 0,
    maxTokenLength: Number.POSITIVE_INFINITY,
    continuationPrefix: prefix,
  };
  await runSteps(learnMerges(segments, tokens, rules), options);
  return {
    type: "wordpiece",
    vocabSize: tokens.length + keep.length,
    corpus: { differentPieces: pieces.size, pieces: pieces.total, differentBytes: pieces.bytes },
    json: tokenizerJson({
      model: {
        type: "WordPiece",
        unk_token: unknownToken,
        continuing_subword_prefix: prefix,
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      },
      normalizer,
      preTokenizer: { type: "BertPreTokenizer" },
      decoder: { type: "WordPiece", prefix, cleanup: true },
      specialTokens: specialTokens.map((content, id) => ({ content, id })),
      keptTokens: keep,
      modelSize: tokens.length,
    }),
  };
}
