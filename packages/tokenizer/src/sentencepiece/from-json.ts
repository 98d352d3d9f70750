import type { Tokenizer } from "@cutaway/core";
import type { Fields } from "../json/fields.ts";
import { stepsOf } from "../json/model-family.ts";

/** Unigram, and BPE that works on characters: with byte fallback, Metaspace, or no pre-tokenizer. */
export function sentencePieceFromJson(file: Fields, _name: string): Tokenizer {
  const model = file.object("model");
  if (model.get("type") === "Unigram") throw model.unsupported("Unigram");
  if (model.get("byte_fallback") === true) throw model.unsupported("SentencePiece-style BPE (byte_fallback)");
  if (!file.has("pre_tokenizer")) throw file.unsupported("BPE over characters (no pre-tokenizer)");
  const types = stepsOf(file.object("pre_tokenizer")).map((step) => step.string("type"));
  throw file.unsupported(types.includes("Metaspace") ? "SentencePiece-style BPE (Metaspace)" : `BPE over characters (${types.join(", ")})`);
}
