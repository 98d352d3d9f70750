import { CutawayError, type JsonValue, type Tokenizer } from "@cutaway/core";
import { ByteLevelTokenizer } from "./byte-level-tokenizer.ts";
import { Fields } from "./json/fields.ts";
import { readAddedTokens } from "./json/read-added-tokens.ts";
import { readModel } from "./json/read-model.ts";
import { readNormalizer } from "./json/read-normalizer.ts";
import { readPreTokenizer } from "./json/read-pre-tokenizer.ts";

/** Twice the largest published tokenizer.json. */
const maxBytes = 64 * 1024 * 1024;

/**
 * A tokenizer from a Hugging Face `tokenizer.json` of the byte-level BPE family (GPT-2, Llama 3, Qwen, DeepSeek).
 * `name` is what the tokenizer is called, and names the file in errors. `post_processor`, `truncation` and `padding` are not applied:
 * the ids are those of the text alone.
 * throws  `bad-tokenizer` for a file that is broken (where, what); `unsupported-tokenizer` for another family, naming it.
 */
export function fromTokenizerJson(json: JsonValue | Uint8Array, name: string): Tokenizer {
  const file = new Fields(json instanceof Uint8Array ? parse(json, name) : json, "", name);
  const model = file.object("model");
  refuseOtherFamilies(file, model);
  const { splitter, prefixSpace } = readPreTokenizer(file.object("pre_tokenizer"));
  return new ByteLevelTokenizer({
    name,
    splitter,
    prefixSpace,
    normalize: file.has("normalizer") ? readNormalizer(file.object("normalizer")) : [],
    model: readModel(model),
    ...readAddedTokens(file, model.object("vocab")),
  });
}

/** A missing type is that of the oldest files, which knew only BPE with merges. */
function refuseOtherFamilies(file: Fields, model: Fields): void {
  const type = model.has("type") ? model.string("type") : model.has("merges") ? "BPE" : "none";
  if (type !== "BPE") throw model.unsupported(type);
  if (model.boolean("byte_fallback", false)) throw model.unsupported("SentencePiece-style BPE (byte_fallback)");
  if (!file.has("pre_tokenizer")) throw file.unsupported("BPE over characters (no pre-tokenizer)");
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
