import type { Tokenizer } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import { PairMemo } from "../bpe/pair-ranks.ts";
import { ByteLevelTokenizer } from "../byte-level-tokenizer.ts";
import { byteIdsOf, readMerges } from "../json/read-merges.ts";
import { sentencePieceFromGguf } from "../sentencepiece/from-gguf.ts";
import { GgufMetadata } from "./gguf-metadata.ts";
import { endIds } from "./gguf-specials.ts";
import { type PreTokenizer, preTokenizers } from "./pre-tokenizers.ts";
import { readVocabulary } from "./read-vocabulary.ts";
import { wordPieceFromGguf } from "./wordpiece-from-gguf.ts";

/**
 * The tokenizer inside a GGUF file, from its metadata, by `tokenizer.ggml.model`. `name` is what the tokenizer is called, and names the file in errors.
 * throws  `bad-tokenizer` for metadata that is broken (which key, what); `unsupported-tokenizer` for another family or another `pre`, naming it.
 */
export function fromGguf(values: ReadonlyMap<string, GgufValue>, name: string): Tokenizer {
  const metadata = new GgufMetadata(values, name);
  const model = metadata.string("tokenizer.ggml.model");
  switch (model) {
    case "gpt2":
      return byteLevelFromGguf(metadata);
    case "bert":
      return wordPieceFromGguf(metadata);
    case "llama":
    case "t5":
      return sentencePieceFromGguf(metadata, model);
    case undefined:
    case "none":
      throw metadata.unsupported("no tokenizer in it (tokenizer.ggml.model)", "Name a language model's file.");
    default: {
      const family = Object.hasOwn(families, model) ? families[model] : `a tokenizer of the family ${JSON.stringify(model.slice(0, 60))}`;
      throw metadata.unsupported(
        family as string,
        "Byte-level BPE (tokenizer.ggml.model = gpt2), SentencePiece BPE (llama), Unigram (t5) and WordPiece (bert) are read.",
      );
    }
  }
}

const families: Readonly<Record<string, string>> = {
  rwkv: "an RWKV tokenizer",
};

/** Byte-level BPE, cut as `tokenizer.ggml.pre` says. A GGUF file holds no normaliser: text is encoded as it is, as llama.cpp does. */
function byteLevelFromGguf(metadata: GgufMetadata): Tokenizer {
  const { splitter, wholePieces = false } = preTokenizerOf(metadata);
  const { vocabulary, addedTokens } = readVocabulary(metadata, specialIds(metadata));
  const merges = readMerges(metadata.strings("tokenizer.ggml.merges"), vocabulary, (rank, what) =>
    metadata.bad(`tokenizer.ggml.merges[${rank}] ${what}`),
  );
  return new ByteLevelTokenizer({
    name: metadata.name,
    splitter: splitter(),
    prefixSpace: metadata.boolean("tokenizer.ggml.add_space_prefix") ?? false,
    normalize: [],
    model: { vocabulary, pairs: new PairMemo(merges), wholePieces, byteIds: byteIdsOf(vocabulary) },
    addedTokens,
    normalizedTokens: [],
  });
}

function preTokenizerOf(metadata: GgufMetadata): PreTokenizer {
  const pre = metadata.string("tokenizer.ggml.pre") ?? "default";
  const known = preTokenizers.get(pre);
  if (known) return known;
  throw metadata.unsupported(
    `the pre-tokenizer ${JSON.stringify(pre.slice(0, 60))} (tokenizer.ggml.pre), which is not known here`,
    `Known are ${[...preTokenizers.keys()].join(", ")}.`,
  );
}

/** Tokens that the file, or their text, makes special even where their type does not. */
function specialIds(metadata: GgufMetadata): Set<number> {
  const tokens = metadata.strings("tokenizer.ggml.tokens");
  const ids = endIds(metadata, tokens);
  const bos = metadata.id("tokenizer.ggml.bos_token_id", tokens.length);
  if (bos !== undefined) ids.add(bos);
  return ids;
}
