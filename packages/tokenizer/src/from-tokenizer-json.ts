import { CutawayError, type JsonValue, type Tokenizer } from "@cutaway/core";
import { ByteLevelTokenizer } from "./byte-level-tokenizer.ts";
import { Fields } from "./json/fields.ts";
import { modelFamily } from "./json/model-family.ts";
import { readAddedTokens } from "./json/read-added-tokens.ts";
import { readModel } from "./json/read-model.ts";
import { readNormalizer } from "./json/read-normalizer.ts";
import { readPostProcessor } from "./json/read-post-processor.ts";
import { readPreTokenizer } from "./json/read-pre-tokenizer.ts";
import { sentencePieceFromJson } from "./sentencepiece/from-json.ts";
import { wordPieceFromJson } from "./wordpiece/from-json.ts";

/** Twice the largest published tokenizer.json. */
const maxBytes = 64 * 1024 * 1024;

/**
 * A tokenizer from a Hugging Face `tokenizer.json`: byte-level BPE (GPT-2, Llama 3, Qwen, DeepSeek), SentencePiece-style BPE and Unigram, WordPiece.
 * `name` is what the tokenizer is called, and names the file in errors. `truncation` and `padding` are not applied; `post_processor` is where
 * `addSpecialTokens` asks for it.
 * throws  `bad-tokenizer` for a file that is broken (where, what); `unsupported-tokenizer` for what is not built, naming it.
 */
export function fromTokenizerJson(json: JsonValue | Uint8Array, name: string): Tokenizer {
  const file = new Fields(json instanceof Uint8Array ? parse(json, name) : json, "", name);
  switch (modelFamily(file)) {
    case "byte-level-bpe":
      return byteLevelFromJson(file, name);
    case "character-bpe":
    case "unigram":
      return sentencePieceFromJson(file, name);
    case "wordpiece":
      return wordPieceFromJson(file, name);
  }
}

function byteLevelFromJson(file: Fields, name: string): Tokenizer {
  const model = file.object("model");
  const { splitter, prefixSpace } = readPreTokenizer(file.object("pre_tokenizer"));
  return new ByteLevelTokenizer({
    name,
    splitter,
    prefixSpace,
    normalize: file.has("normalizer") ? readNormalizer(file.object("normalizer")) : [],
    model: readModel(model),
    addedAround: readPostProcessor(file),
    ...readAddedTokens(file, model.object("vocab")),
  });
}

function parse(bytes: Uint8Array, name: string): JsonValue {
  if (bytes.length > maxBytes) {
    throw new CutawayError("bad-tokenizer", `${name} has ${bytes.length} bytes; a tokenizer.json may have up to ${maxBytes}`, {
      fix: "Check that this is a tokenizer.json.",
      data: { file: name, bytes: bytes.length },
    });
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CutawayError("bad-tokenizer", `${name} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      fix: "Check that this is a whole tokenizer.json.",
      data: { file: name },
      cause,
    });
  }
}
