import { Fields } from "../../src/json/fields.ts";
import { readNormalizer } from "../../src/json/read-normalizer.ts";
import { splitterOfChain } from "../../src/json/split.ts";
import { countPieces } from "../../src/training/count-pieces.ts";
import type { WordPieceOptions } from "../../src/training/index.ts";
import { addedToken } from "../../src/training/kept-tokens.ts";
import type { PieceCounts } from "../../src/training/piece-counts.ts";
import { bertPreTokenizer } from "../../src/wordpiece/bert-pre-tokenizer.ts";
import { trainingTexts } from "./cases.ts";

/** The words of the training texts as WordPiece counts them. */
export function wordPieceWords({ lowercase = true, keep = [] }: WordPieceOptions): Promise<PieceCounts> {
  const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase };
  return countPieces(trainingTexts, {
    splitter: splitterOfChain([bertPreTokenizer]),
    normalize: readNormalizer(new Fields(normalizer, "normalizer", "test")),
    normalizedTokens: keep.map(addedToken),
  });
}
