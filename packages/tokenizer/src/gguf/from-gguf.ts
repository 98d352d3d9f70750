import type { Tokenizer } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import { PairMemo } from "../bpe/pair-ranks.ts";
import { ByteLevelTokenizer } from "../byte-level-tokenizer.ts";
import { byteIdsOf, readMerges } from "../json/read-merges.ts";
import { GgufMetadata } from "./gguf-metadata.ts";
import { endIds } from "./gguf-specials.ts";
import { type PreTokenizer, preTokenizers } from "./pre-tokenizers.ts";
import { readVocabulary } from "./read-vocabulary.ts";

/**
 * The tokenizer inside a GGUF file, from its metadata: byte-level BPE (`tokenizer.ggml.model` = `gpt2`), cut as `tokenizer.ggml.pre` says.
 * A GGUF file holds no normaliser: text is encoded as it is, as llama.cpp does. `name` is what the tokenizer is called, and names the file in errors.
 * throws  `bad-tokenizer` for metadata that is broken (which key, what); `unsupported-tokenizer` for another family or another `pre`, naming it.
 */
export function fromGguf(values: ReadonlyMap<string, GgufValue>, name: string): Tokenizer {
  const metadata = new GgufMetadata(values, name);
  refuseOtherFamilies(metadata);
  const { splitter, wholePieces = false } = preTokenizerOf(metadata);
  const { vocabulary, addedTokens } = readVocabulary(metadata, specialIds(metadata));
  const merges = readMerges(metadata.strings("tokenizer.ggml.merges"), vocabulary, (rank, what) =>
    metadata.bad(`tokenizer.ggml.merges[${rank}] ${what}`),
  );
  return new ByteLevelTokenizer({
    name,
    splitter: splitter(),
    prefixSpace: metadata.boolean("tokenizer.ggml.add_space_prefix") ?? false,
    normalize: [],
    model: { vocabulary, pairs: new PairMemo(merges), wholePieces, byteIds: byteIdsOf(vocabulary) },
    addedTokens,
    normalizedTokens: [],
  });
}

const families: Readonly<Record<string, string>> = {
  llama: "a SentencePiece tokenizer (llama)",
  bert: "a WordPiece tokenizer (bert)",
  t5: "a Unigram tokenizer (t5)",
  rwkv: "an RWKV tokenizer",
};

function refuseOtherFamilies(metadata: GgufMetadata): void {
  const model = metadata.string("tokenizer.ggml.model");
  if (model === "gpt2") return;
  if (model === undefined || model === "none")
    throw metadata.unsupported("no tokenizer in it (tokenizer.ggml.model)", "Name a language model's file.");
  const family = Object.hasOwn(families, model) ? families[model] : `a tokenizer of the family ${JSON.stringify(model.slice(0, 60))}`;
  throw metadata.unsupported(family as string, "Byte-level BPE is read (tokenizer.ggml.model = gpt2): SmolLM, Llama 3, Qwen and their like.");
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
