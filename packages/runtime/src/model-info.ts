import type { LocalRun } from "@cutaway/core";

/** What is known of a local model before it is asked anything. Plain data: it crosses threads. */
export interface LocalModelInfo {
  /** As it was asked for: a registry name or a file name. */
  name: string;
  weights: LocalRun["weights"];
  /** Of the file. */
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
}
