import type { Tokenizer } from "@cutaway/core";
import type { Fields } from "../json/fields.ts";

export function wordPieceFromJson(file: Fields, _name: string): Tokenizer {
  throw file.object("model").unsupported("WordPiece");
}
