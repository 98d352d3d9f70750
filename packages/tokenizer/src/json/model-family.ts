import type { Fields } from "./fields.ts";

export type JsonFamily = "byte-level-bpe" | "character-bpe" | "unigram" | "wordpiece";

const maxDepth = 8;

/**
 * What a tokenizer.json's model works on. BPE is over bytes where the pre-tokenizer ends in `ByteLevel`, and over characters otherwise.
 * A missing type is that of the oldest files, which knew only BPE with merges.
 */
export function modelFamily(file: Fields): JsonFamily {
  const model = file.object("model");
  const type = model.has("type") ? model.string("type") : model.has("merges") ? "BPE" : "none";
  switch (type) {
    case "WordPiece":
      return "wordpiece";
    case "Unigram":
      return "unigram";
    case "BPE": {
      if (model.boolean("byte_fallback", false) || !file.has("pre_tokenizer")) return "character-bpe";
      return stepsOf(file.object("pre_tokenizer")).at(-1)?.string("type") === "ByteLevel" ? "byte-level-bpe" : "character-bpe";
    }
    default:
      throw model.unsupported(type);
  }
}

/** A pre-tokenizer as its steps, sequences opened. */
export function stepsOf(fields: Fields, depth = 0): Fields[] {
  if (fields.string("type") !== "Sequence") return [fields];
  if (depth === maxDepth) throw fields.bad(`${fields.path} is nested more than ${maxDepth} deep`);
  return fields.objects("pretokenizers").flatMap((inner) => stepsOf(inner, depth + 1));
}
