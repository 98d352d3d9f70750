import type { LocalRun, SpecialToken } from "@cutaway/core";

/** What is known of a local model before it is asked anything. Plain data: it crosses threads. */
export interface LocalModelInfo {
  /** As it was asked for: a registry name or a file name. */
  name: string;
  weights: LocalRun["weights"];
  /** Of the file, or of all files of weights. */
  bytes: number;
  engine: LocalRun["engine"];
  vocabSize: number;
  trainedContext: number;
  /** Positions that a call can use at most: the smallest of what the model was trained for, what memory allows, and what was asked for. */
  contextSize: number;
  /** Memory of one position's keys and values, where an answer's share of it is known beforehand. */
  cacheBytesPerToken?: number;
  /** The file's own chat template. */
  template?: string;
  /** The text of its EOS token: templates ask for it. */
  eos?: string;
  markers: string[];
  specials: LocalRun["specials"];
  /** Of an encoder–decoder only: what its decoder begins with. The prompt goes to its encoder. */
  decoderStart?: SpecialToken;
  /** What its encoder's text ends with. */
  sourceEnd?: SpecialToken;
  /** Of an encoder only: it makes vectors of texts and answers no calls. */
  embeds?: EmbeddingInfo;
}

/** How the vector of a text comes about. */
export interface EmbeddingInfo {
  /** Numbers in a vector. */
  size: number;
  /** `mean` of all tokens' last states; `cls`: the first token's; `max`: the largest of each number. */
  pooling: "mean" | "cls" | "max";
  /** Whether vectors are brought to length 1. */
  normalized: boolean;
  /** Tokens of a text that are read, special tokens included; what is beyond is left out, as the model's own library does. */
  longest: number;
}
