import type { SegmentKind, UsageCount } from "./call.ts";

/** US dollars per million units, at one date. */
export interface ModelPrice {
  provider: string;
  model: string;
  /** ISO date at which it was looked up: the call's own. */
  at: string;
  /** Which list, its version, and the date the list was made. */
  source: { name: string; version: string; date: string };
}

/**
 * What a call cost, with the arithmetic: `amount = units × per ÷ 1,000,000` for each line, `total` their sum.
 * Absent where the price or the usage is unknown: there is no cost then, not a cost of 0.
 */
export interface Cost {
  /** US dollars. */
  total: number;
  input: number;
  output: number;
  lines: CostLine[];
  price: ModelPrice;
  /** Why the total may be off: an estimate of tokens, a tier chosen, a count the list has no price for. */
  caveats: string[];
}

export interface CostLine {
  what: string;
  count: UsageCount;
  units: number;
  /** US dollars per million units. */
  per: number;
  amount: number;
}

/** A part of the prompt, in the order in which the model reads it. */
export interface Segment {
  kind: SegmentKind;
  /** Where in the request it stands, e.g. `messages[2].content`. */
  at: string;
  label: string;
  text: string;
  /** Absent where no tokenizer is known. */
  tokens?: number;
  /** US dollars at the price of uncached input; absent where tokens or price are unknown. */
  cost?: number;
}

export interface PromptSplit {
  segments: Segment[];
  /** Who counted the tokens of the segments; absent when nobody could. */
  tokenizer?: { name: string; exact: boolean };
  /** Sum over the segments that have a count. */
  counted?: number;
  /** Provider's input count minus `counted`: message framing, media, hidden prompts, or the error of an estimate. Negative when the estimate is too high. */
  unattributed?: number;
}

export interface CatalogEntry {
  provider: string;
  model: string;
  /** Input and output together, in tokens. */
  contextWindow?: number;
  /** The largest input, where the provider caps it below the window. */
  maxInputTokens?: number;
  maxOutputTokens?: number;
  /** `exact`: the vendor's published tokenizer. Otherwise a stand-in, and every count made with it is an estimate. */
  tokenizer?: { name: string; exact: boolean };
  /** Smallest prefix that a prompt cache keeps, in tokens. */
  cacheMinTokens?: number;
  source: { name: string; date: string };
  /** Where sources disagree. */
  caveats?: string[];
}

/** Dated prices and limits of models. */
export interface Catalog {
  find(model: string, provider?: string): CatalogEntry | undefined;
}
