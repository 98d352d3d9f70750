import type { Scan } from "./scan/runs.ts";

/** Ranges of a text, [start, end, start, end, …] in UTF-16 units, in order; what lies between them is dropped. */
export type Ranges = number[];

/** How a stretch of text is cut into pieces: on its UTF-8 bytes where a scanner is written for the pattern, else on the string. */
export type TextSplitter = { kind: "scan"; scan: Scan } | RangeSplitter;

export interface RangeSplitter {
  kind: "ranges";
  split: (text: string) => Ranges;
}
