import type { JsonObject } from "@cutaway/core";
import { Fields } from "../json/fields.ts";
import { readNormalizer } from "../json/read-normalizer.ts";
import { alphabetOf } from "./alphabet.ts";
import { countPieces, type TrainingTexts } from "./count-pieces.ts";
import { addedToken } from "./kept-tokens.ts";
import { learnPieces } from "./learn-pieces.ts";
import { linesOf } from "./lines-of.ts";
import { metaspace, spacesMarked, words } from "./metaspace.ts";
import type { Pieces } from "./seed-pieces.ts";
import { sentencesOf } from "./sentences.ts";
import { runSteps } from "./steps.ts";
import { tokenizerJson } from "./tokenizer-json.ts";
import type { TrainedTokenizer } from "./trained-tokenizer.ts";
import { bad, checkTrainingOptions, refuseEmptyCorpus, refuseSmallVocabulary, type TrainingOptions } from "./training-options.ts";

export interface UnigramOptions extends TrainingOptions {
  /** Default: <unk>, <s> and </s>. Without <unk> among them it comes first. */
  specialTokens?: readonly string[];
  /** `nfkc` (default): compatibility forms are unified, and runs of white space become one space. `none`: text as it is. */
  normalization?: "nfkc" | "none";
  /** Characters that a piece may have; default 16. */
  maxPieceLength?: number;
  /** Pieces to begin with; default 1,000,000. */
  seedSize?: number;
  /** The part of the pieces that a round of pruning leaves, in (0, 1); default 0.75. */
  shrinkingFactor?: number;
  /** Rounds of estimation before each pruning; default 2. */
  subIterations?: number;
  /** The vocabulary has this many characters at most, the most frequent; any other is <unk>. */
  limitAlphabet?: number;
}

const unknownToken = "<unk>";

/**
 * Trains a Unigram vocabulary as SentencePiece and Hugging Face's `UnigramTrainer` do; of the same settings the result is as good, and not the same
 * piece by piece (docs/tokenizer-training.md has the comparison). The same texts give the same tokenizer.
 * Memory: about 100 bytes for each character of the different words, and 60 for each seed.
 * throws  as `trainBpe` does.
 */
export async function trainUnigram(texts: TrainingTexts, options: UnigramOptions): Promise<TrainedTokenizer> {
  checkTrainingOptions(options);
  checkUnigramOptions(options);
  const { vocabSize, keep = [], normalization = "nfkc" } = options;
  const given = options.specialTokens ?? [unknownToken, "<s>", "</s>"];
  const specialTokens = given.includes(unknownToken) ? given : [unknownToken, ...given];
  const kept = [...new Set(keep.flatMap((phrase) => [` ${phrase}`, phrase]))];
  const normalizer = normalization === "nfkc" ? nfkc : null;
  const steps = normalizer ? readNormalizer(new Fields(normalizer, "normalizer", "training")) : [];
  const pieces = await countPieces(options.lines ? linesOf(texts) : texts, {
    ...options,
    lines: false,
    splitter: { kind: "scan", scan: words },
    prepare: spacesMarked,
    normalize: steps,
    addedTokens: specialTokens.map(addedToken),
    normalizedTokens: kept.map(addedToken),
  });
  refuseEmptyCorpus(pieces);

  const alphabet = alphabetOf(pieces, "characters", { initial: [], limit: options.limitAlphabet ?? Number.POSITIVE_INFINITY });
  const others = specialTokens.length + kept.length;
  refuseSmallVocabulary(vocabSize, alphabet.length + others, "special tokens, characters and kept phrases");
  const sentences = sentencesOf(pieces, alphabet);
  const learned = await runSteps(
    learnPieces(sentences, {
      size: vocabSize - others,
      maxPieceLength: options.maxPieceLength ?? 16,
      seedSize: options.seedSize ?? 1_000_000,
      shrinkingFactor: options.shrinkingFactor ?? 0.75,
      subIterations: options.subIterations ?? 2,
    }),
    options,
  );
  const vocab = byScore(learned, sentences.alphabet, specialTokens);
  const modelSize = specialTokens.length + vocab.length;
  return {
    type: "unigram",
    vocabSize: modelSize + kept.length,
    corpus: { differentPieces: pieces.size, pieces: pieces.total, differentBytes: pieces.bytes },
    json: tokenizerJson({
      model: {
        type: "Unigram",
        unk_id: specialTokens.indexOf(unknownToken),
        vocab: [...specialTokens.map((token) => [token, 0]), ...vocab],
        byte_fallback: false,
      },
      normalizer,
      preTokenizer: metaspace,
      decoder: metaspace,
      specialTokens: specialTokens.map((content, id) => ({ content, id })),
      keptTokens: kept,
      modelSize,
    }),
  };
}

const nfkc: JsonObject = {
  type: "Sequence",
  normalizers: [{ type: "NFKC" }, { type: "Replace", pattern: { Regex: "\\s+" }, content: " " }],
};

/** The most probable first; of equals the text decides. A special token's text is that token. */
function byScore({ characters, starts, lengths, scores }: Pieces, alphabet: readonly string[], specialTokens: readonly string[]): [string, number][] {
  const texts = Array.from(scores, (_, piece) => {
    const start = starts[piece] as number;
    return Array.from(characters.subarray(start, start + (lengths[piece] as number)), (character) => alphabet[character]).join("");
  });
  return texts
    .map((text, piece): [string, number] => [text, scores[piece] as number])
    .filter(([text]) => !specialTokens.includes(text))
    .toSorted(([a, aScore], [b, bScore]) => bScore - aScore || (a < b ? -1 : 1));
}

function checkUnigramOptions({
  maxPieceLength = 16,
  seedSize = 1,
  shrinkingFactor = 0.75,
  subIterations = 2,
  limitAlphabet = 1,
}: UnigramOptions): void {
  if (!Number.isInteger(maxPieceLength) || maxPieceLength < 1 || maxPieceLength > 64)
    throw bad(`maxPieceLength is ${maxPieceLength}`, "Give a whole number from 1 to 64.");
  if (!Number.isInteger(seedSize) || seedSize < 1) throw bad(`seedSize is ${seedSize}`, "Give a whole number, 1 or more.");
  if (!(shrinkingFactor > 0 && shrinkingFactor < 1)) throw bad(`shrinkingFactor is ${shrinkingFactor}`, "Give a number between 0 and 1.");
  if (!Number.isInteger(subIterations) || subIterations < 1) throw bad(`subIterations is ${subIterations}`, "Give a whole number, 1 or more.");
  if (!(limitAlphabet >= 1)) throw bad(`limitAlphabet is ${limitAlphabet}`, "Give 1 or more.");
}
