import type { JsonObject } from "@cutaway/core";

/** What a training made. */
export interface TrainedTokenizer {
  type: "bpe" | "wordpiece" | "unigram";
  /** Tokens of all kinds together: fewer than asked for where the texts give no more. */
  vocabSize: number;
  /** A `tokenizer.json`. */
  json: JsonObject;
  /** Different pieces of the texts, all pieces, and the UTF-8 bytes of the different ones. */
  corpus: { differentPieces: number; pieces: number; differentBytes: number };
}
