import { CutawayError, type TokenId, type Tokenizer } from "@cutaway/core";
import { PairMemo, rulesOfRanks } from "./bpe/pair-ranks.ts";
import { maxTokenId, type Vocabulary } from "./bpe/vocabulary.ts";
import { ByteLevelTokenizer } from "./byte-level-tokenizer.ts";
import { normalizationForm } from "./json/normalization-form.ts";
import type { AddedAround } from "./post-processing.ts";
import { readRanks } from "./read-ranks.ts";
import { splitterOf } from "./regex/split-by-pattern.ts";

export interface TiktokenRanks {
  name: string;
  /** A `.tiktoken` file, or the compact list `! FIRST_RANK BASE64 BASE64 …`. */
  ranks: Uint8Array;
  /** The regular expression whose matches are the pieces. */
  pattern: string;
  specialTokens: Readonly<Record<string, number>>;
  /** A Unicode normalization form that the text takes first. Default: none. */
  normalization?: "NFC" | "NFKC";
  /** What `addSpecialTokens` puts around a text. Ranks alone do not say: without it the option is refused. */
  addedAround?: AddedAround;
}

/**
 * A tokenizer from tiktoken's own data.
 * throws `bad-vocabulary` for ranks that cannot be read, `unsupported-tokenizer` for a pattern that cannot be run.
 */
export function fromTiktokenRanks({ name, ranks, pattern, specialTokens, normalization, addedAround }: TiktokenRanks): Tokenizer {
  const vocabulary = readRanks(ranks, name);
  return new ByteLevelTokenizer({
    name,
    model: { vocabulary, pairs: new PairMemo(rulesOfRanks(vocabulary)), wholePieces: true, byteIds: byteIdsOf(vocabulary, name) },
    splitter: splitterOf(pattern, "rust"),
    prefixSpace: false,
    normalize: normalization ? [Object.assign(normalizationForm(normalization), { step: normalization })] : [],
    ...(addedAround && { addedAround }),
    addedTokens: Object.entries(specialTokens).map(([content, id]) => {
      if (!Number.isInteger(id) || id < 0 || id > maxTokenId) {
        throw new CutawayError("bad-vocabulary", `${name}: the id of the special token ${JSON.stringify(content)} is not a token id: ${id}`);
      }
      return { content, id: id as TokenId, special: true, singleWord: false, lstrip: false, rstrip: false };
    }),
    normalizedTokens: [],
  });
}

function byteIdsOf(vocabulary: Vocabulary, name: string): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  for (let id = 0; id < vocabulary.size; id++) {
    const bytes = vocabulary.lengthOf(id) === 1 ? vocabulary.bytesOf(id) : undefined;
    if (bytes) ids[bytes[0] as number] = id;
  }
  const missing = ids.indexOf(-1);
  if (missing < 0) return ids;
  throw new CutawayError(
    "bad-vocabulary",
    `${name} has no token for the byte 0x${missing.toString(16).padStart(2, "0")}: not every text could be encoded`,
    {
      fix: "Give the complete list of ranks.",
      data: { name, byte: missing },
    },
  );
}
