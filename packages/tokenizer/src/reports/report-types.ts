import type { ModelPrice, Tokenizer, TokenizerFamily } from "@cutaway/core";
import type { Interval } from "@cutaway/metrics";

/** A text as users send it. */
export interface Query {
  text: string;
  /** As the file names it, e.g. `de`. Absent: the script of the text stands in. */
  language?: string;
  /** An answer to it, where there is one: priced as output. */
  answer?: string;
}

/** A tokenizer in a comparison: itself, or as the one that a priced model uses. */
export interface ComparedTokenizer {
  /** What the report calls it: the model, or the tokenizer's own name. */
  name: string;
  tokenizer: Tokenizer;
  /** False where it stands in for a model's unpublished tokenizer: counts and costs are estimates then. Default: true. */
  exact?: boolean;
  /** A character or a byte a token: shown to measure the others by, never the fewest or the cheapest. */
  baseline?: boolean;
  /** What its tokens cost; absent: no model was named. `unknown` says why the model has no price. */
  prices?: TokenPrices | { unknown: string };
}

/** Prices of one model at one date, as `packages/plan` gives them (`pricesOf`). */
export interface TokenPrices {
  price: ModelPrice;
  caveats: string[];
  /** US dollars of one request of that size. */
  cost(inputTokens: number, outputTokens: number): number;
}

export interface CompareOptions {
  /** For the monthly figures: how many queries a month brings. Absent: there are no monthly figures. */
  queriesPerMonth?: number;
  /** Of the intervals. Default: 0.95. */
  level?: number;
}

/** `cutaway tokens compare --json` is this, field for field. */
export interface TokenizerComparison {
  queries: number;
  /** UTF-8 bytes, characters (code points) and words of all queries. */
  bytes: number;
  characters: number;
  words: number;
  languages: LanguageShare[];
  /** In the order given. */
  tokenizers: TokenizerFigures[];
  /** Which takes the fewest tokens: each tokenizer once, without baselines and without those that stand in for another. */
  fewestTokens: Ranking;
  /** Which costs least, among those with a price. */
  cheapest: Ranking;
  queriesPerMonth?: number;
  notes: string[];
}

/** `label`: the file said so. `script`: the language is not known, and the texts are grouped by the script most of their letters have. */
export interface LanguageShare {
  language: string;
  by: "label" | "script";
  queries: number;
  words: number;
}

/** Of one count per query. */
export interface Distribution {
  total: number;
  mean: number;
  median: number;
  /** Linear interpolation between order statistics. */
  p95: number;
  most: number;
}

export interface TokenizerFigures {
  name: string;
  tokenizer: string;
  family: TokenizerFamily;
  vocabSize: number;
  exact: boolean;
  baseline: boolean;
  tokens: Distribution;
  /** Ratios of totals; absent where there is no token. */
  bytesPerToken?: number;
  charactersPerToken?: number;
  /** Tokens a word, of the queries that have words. */
  fertility?: number;
  languages: LanguageFigures[];
  unknown: Share;
  byteFallback: Share;
  lossy: LossyCounts;
  /** Answers only: absent where no query has one. */
  outputTokens?: Distribution;
  cost?: CostFigures;
  /** Why there is no cost. */
  costUnknown?: string;
}

export interface LanguageFigures extends Pick<LanguageShare, "language" | "by"> {
  tokens: number;
  /** Tokens a word. */
  fertility?: number;
  bytesPerToken?: number;
  /** Tokens for the words of this language, divided by tokens for as many words of the language with the lowest fertility. */
  premium?: number;
  /** Texts that lose content: few tokens are no merit there. */
  lost: number;
}

/** `tokens` of all tokens are of the kind, in `texts` of the texts. */
export interface Share {
  tokens: number;
  texts: number;
  /** tokens ÷ all tokens; 0 where there is none. */
  rate: number;
}

/**
 * Texts whose ids do not decode to them again: only spacing differs; letters were normalised (case, accents, width); or content is gone.
 * A text counts once, at the worst.
 */
export interface LossyCounts {
  spacing: number;
  normalized: number;
  content: number;
}

export interface CostFigures {
  price: ModelPrice;
  caveats: string[];
  /** US dollars a query. */
  perQuery: Distribution;
  /** US dollars; absent where `queriesPerMonth` is not known. */
  perMonth?: number;
  /** Whether the counts behind it are estimates. */
  estimate: boolean;
}

/** Who is least, and whether the queries show it. */
export interface Ranking {
  /** From the least mean per query up; those without a figure are left out. */
  order: { name: string; mean: number }[];
  /** Dearest ÷ cheapest, of the means; absent with fewer than two. */
  spread?: number;
  /** The first of `order`, only where every other is shown to be above it. */
  shown?: string;
  /**
   * Each of the others less the first, per query: paired over the queries, at a level that holds for all of them together.
   * `shown` is false where the interval includes no difference, or there are too few queries for one.
   */
  differences: { name: string; interval?: Interval; shown: boolean }[];
  says: string;
}

/** A term of the domain: a name, a product code, a phrase. */
export interface Term {
  text: string;
  /** How often it occurs, e.g. a month; for the saving. */
  frequency?: number;
}

export interface AuditOptions {
  /** Text of the domain: the saving is measured in it, and whether the terms are the trouble or all of the text. */
  corpus?: string;
  /** Ordinary words to compare with; default: English ones of 3 to 14 letters. */
  ordinaryWords?: readonly string[];
  thresholds?: Partial<AuditThresholds>;
  /** US dollars per million input tokens, for the saving. */
  price?: { perMillion: number; price: ModelPrice; caveats: string[] };
  /** Of the intervals. Default: 0.95. */
  level?: number;
}

/** The measures that the verdict goes by. */
export interface AuditThresholds {
  /** A term is badly split with at least so many tokens in running text … (default 4) */
  splitTokens: number;
  /** … that are at least so many times those of ordinary words as long (default 2). */
  splitRatio: number;
  /** Share of badly split terms from which adding tokens is worth it (default 0.25). */
  splitShare: number;
  /** Share of terms that cannot be said at all, or come back changed in content, from which something must be done (default 0.02). */
  unsayableShare: number;
  /** More terms than this are too many to add one by one (default 1000). */
  mostAdded: number;
  /** Tokens a word of the corpus, the terms already added, from which the whole vocabulary is the trouble (default 2). */
  corpusFertility: number;
}

/** `cutaway tokens audit --json` is this, field for field. */
export interface TermAudit {
  tokenizer: string;
  family: TokenizerFamily;
  vocabSize: number;
  /** In the order given, each once. */
  terms: TermFigures[];
  summary: AuditSummary;
  /** Terms that have the same ids: the model cannot tell them apart. */
  sameIds: string[][];
  /** Terms of three tokens or more that differ in one of them: easily taken for each other. */
  oneTokenApart: { terms: string[]; shared: string[] }[];
  verdict: AuditVerdict;
  saving?: Saving;
  notes: string[];
}

export interface TermFigures {
  text: string;
  frequency?: number;
  /** In the corpus; absent without one. */
  occurrences?: number;
  characters: number;
  /** Alone, as other tools count it. */
  alone: TermContext;
  afterSpace: TermContext;
  /** In running text, the space before it included: what a term costs in a prompt. */
  inSentence: TermContext;
  upperCase: TermContext;
  lowerCase: TermContext;
  /** Its text is that of a special token: in a prompt it is refused, or read as that token. */
  special: boolean;
  /** Of the tokens in running text. */
  unknownTokens: number;
  byteTokens: number;
  /** How the term alone comes back from its ids; absent: unchanged. */
  lossy?: keyof LossyCounts;
  decoded: string;
  /** Mean tokens in running text of ordinary words as long, the words of a phrase each for itself. */
  ordinary: number;
  /** Tokens in running text ÷ `ordinary`. */
  ratio: number;
  badlySplit: boolean;
  /** It becomes the unknown token, or comes back with other content. */
  unsayable: boolean;
}

export interface TermContext {
  /** The term as it stands here. */
  text: string;
  tokens: number;
  ids: number[];
  /** What each token covers of the text around; a part of a character is shown as its bytes, `<E2>`. */
  pieces: string[];
  /** UTF-16 offsets in the term at which a token ends inside it. */
  cuts: number[];
}

export interface AuditSummary {
  terms: number;
  /** Tokens a term, alone and in running text. */
  alone: Distribution;
  inSentence: Distribution;
  /** Mean tokens in running text: in capitals, in small letters, and of ordinary words as long as the terms. */
  upperCaseMean: number;
  lowerCaseMean: number;
  ordinaryMean: number;
  /** Characters of the terms ÷ their tokens in running text. */
  charactersPerToken: number;
  /** One token in running text; more than one. */
  whole: number;
  split: number;
  badlySplit: number;
  /** Share of badly split terms, with Wilson's interval: what other terms of the kind would show. */
  badlySplitShare: Interval;
  unsayable: number;
  unknown: Share;
  byteFallback: Share;
  lossy: LossyCounts;
  /** Terms cut elsewhere in running text than alone. */
  cutMoves: number;
}

/** `keep` the tokenizer; `add-tokens`: the worst terms as tokens of their own; `train` a tokenizer on text of the domain. */
export type AuditAdvice = "keep" | "add-tokens" | "train";

export interface AuditVerdict {
  do: AuditAdvice;
  says: string;
  reasons: string[];
  /** Whether the verdict is the same at both ends of the interval of the share of badly split terms. */
  settled: boolean;
  /** The terms that are badly split or cannot be said, in the order of what one token for each would save. */
  worst: string[];
  thresholds: AuditThresholds;
  /** What would turn the verdict: the nearest value of each threshold, the others unchanged, with which it would be another. */
  flips: { threshold: keyof AuditThresholds; from: number; to: number; advice: AuditAdvice }[];
}

/** An estimate: if each of the worst terms were one token, with the space before it. */
export interface Saving {
  from: "corpus" | "frequency";
  /** Of the worst terms. */
  occurrences: number;
  tokensBefore: number;
  tokensAfter: number;
  /** Of `tokensBefore`: of the whole corpus, or of the terms' own tokens. */
  share: number;
  /** Tokens a word of the corpus, before and after; absent where it has no word. */
  fertility?: { before: number; after: number };
  /** US dollars for that text or those frequencies. */
  usd?: number;
}
