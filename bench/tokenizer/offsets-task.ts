import type { CorpusName } from "./corpora.ts";

/** What a process that weighs offsets is asked, and what it says. */
export interface OffsetsTask {
  tokenizer: string;
  /** 0, 1 or 2: with which of the ways the first part is taken. Of three processes each takes every part another way. */
  turn: number;
}

export const ways = ["plain", "utf16", "utf8"] as const;
export type Way = (typeof ways)[number];
/** Milliseconds of CPU time; absent where the tokenizer is not installed. */
export type OffsetsRun = Record<CorpusName, Record<Way, number>> | null;
