import type { Call } from "./call.ts";
import type { CallId } from "./call-id.ts";
import type { CatalogEntry, Cost, PromptSplit } from "./cost.ts";
import type { Durations } from "./durations.ts";
import type { Access } from "./model.ts";
import type { LocalOptions, Parameters, Request } from "./request.ts";
import type { Span } from "./span.ts";
import type { Tokenizer } from "./tokenizer.ts";

export type FindingFamily =
  | "cut"
  | "loop"
  | "tokens"
  | "context"
  | "refusal"
  | "invention"
  | "structure"
  | "random"
  | "slow"
  | "cost"
  | "limit"
  | "error";

/** `family.cause`, kebab-case; the rule's file, doc page and tests carry the same name. */
export type RuleId = `${FindingFamily}.${string}`;

/** `problem`: the answer is not what was asked for. `warning`: it may be, or it costs more than it must. `note`: worth knowing. */
export type Severity = "problem" | "warning" | "note";

/** What is known beside the call. Everything is optional: a rule that lacks a fact stays silent rather than guess. */
export interface Facts {
  contextWindow?: number;
  maxOutputTokens?: number;
  tokenizer?: { tokenizer: Tokenizer; exact: boolean };
  entry?: CatalogEntry;
  cost?: Cost;
  prompt?: PromptSplit;
  /** Earlier calls of the same session, oldest first: for prefixes, caches, repeats. */
  related?: Call[];
}

/** Looks at calls and says what it finds. Pure: no clock, no IO. */
export interface Rule {
  id: RuleId;
  title: string;
  scope: "call" | "calls";
  needs: Partial<Access>;
  check(calls: Call[], facts: Facts): Finding[];
}

export interface Finding {
  rule: RuleId;
  calls: CallId[];
  severity: Severity;
  certainty: "certain" | "likely" | "possible";
  /** One sentence: the cause, with the numbers that show it. */
  says: string;
  evidence: Evidence[];
  change?: Change;
  verification?: Verification;
}

/**
 * What a finding points at.
 * `text`, `prompt`: `at` is a Span of UTF-16 code units in the string that `path` names. `steps`: a Span of `answers[i].steps`, `path` = `answers[i].steps`.
 * `timing`: a Span of `instants.chunks`, or the name of an instant. `field`: a path into the Call, e.g. `answers[0].finish.raw`.
 */
export interface Evidence {
  kind: "steps" | "prompt" | "text" | "field" | "timing";
  call: CallId;
  /** Which string of the Call a `text` or `prompt` span is in: `answers[0].text`, `answers[0].toolCalls[1].arguments`, or the `at` of a request part. */
  path?: string;
  at: Span | string;
  says: string;
}

/** The one thing to change, and how to tell whether it helped. */
export interface Change {
  says: string;
  /** The parameters to set, where the change is only that; `cutaway replay ID --set …` takes them. */
  set?: Partial<Parameters>;
  /** The options of the local runtime to set (`undefined`: to take out); beside `set` they are the whole change. */
  setLocal?: Partial<LocalOptions>;
  apply(request: Request): Request;
  /**
   * Counted in the unchanged and in the changed arm.
   * arm  all calls of the same arm, this one included: what differs from run to run is seen only there.
   */
  symptom(call: Call, arm?: readonly Call[]): boolean;
  /** What `symptom` counts, in words: "the answer ends at its cap". */
  counts?: string;
}

/** The outcome of trying a finding's change: the call made again unchanged and changed, the symptom counted in both. */
export interface Verification {
  verdict: "confirmed" | "not confirmed" | "not reproduced" | "not testable";
  why: string;
  unchanged: [hits: number, runs: number];
  changed: [hits: number, runs: number];
  /** Every call that was made for it. */
  calls: CallId[];
  /** The same calls by arm. */
  arms?: { unchanged: CallId[]; changed: CallId[] };
  /** What was counted, in words. */
  counts?: string;
  /** The rate of the symptom unchanged minus changed, with its interval. */
  difference?: { estimate: number; low: number; high: number; level: number };
  /** Probability of counts at least as far apart if the change did nothing; one-sided. */
  p?: number;
  /** Each arm was run again and gave the same tokens: one run tells as much as many. */
  deterministic?: boolean;
  /** How often a change that does nothing is called confirmed, at most; 0 to 1. */
  errorRate?: number;
  /** The experiment in the store that holds the calls. */
  experiment?: string;
  /** The model that ran it, where it is not the call's own. */
  model?: string;
  /** US dollars, where known. */
  cost?: number;
}

/** One call with all that is derived from it: what every face renders. */
export interface Explanation {
  call: Call;
  findings: Finding[];
  durations: Durations;
  entry?: CatalogEntry;
  cost?: Cost;
  /** Why there is no cost, in words. */
  costUnknown?: string;
  prompt?: PromptSplit;
  /** The tokens of each answer's text, for the strip. */
  strips: TokenStrip[];
}

/** The tokens of one answer. `source` says how they are known; only `logprobs` and `local` are the model's own. */
export interface TokenStrip {
  answer: number;
  source: "logprobs" | "local" | "tokenizer" | "tokenizer-estimate" | "none";
  tokenizer?: string;
  tokens: StripToken[];
  /** UTF-16 offset at which the strip ends, where the text is longer than a strip is made for. */
  endsAt?: number;
}

/** Where the strip's source is `logprobs` or `local`, token i is `steps[i]` of the answer: its alternatives are there. */
export interface StripToken {
  /** UTF-16 range in `answers[answer].text`. */
  span: Span;
  id?: number;
  logprob?: number;
  at?: number;
}
