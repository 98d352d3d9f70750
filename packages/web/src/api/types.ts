import type { CallId, FinishReason, Verification } from "@cutaway/core";
import type { CallDiff } from "@cutaway/metrics";
import type { CallRow } from "@cutaway/store";

export type { CallDiff, CallRow };

/** One run of a verification; only `id` and `deleted` where it is not there any more. */
export interface Run {
  id: CallId;
  deleted?: true;
  /** Whether the symptom is in it; absent where the rule no longer finds its cause. */
  hit?: boolean;
  finish?: FinishReason[];
  ending?: string;
  error?: string;
  outputTokens?: number;
  /** Milliseconds. */
  total?: number;
  /** US dollars. */
  cost?: number;
  /** Its beginning, of `characters` UTF-16 code units. */
  text?: string;
  characters?: number;
}

/** A verified finding with its runs. */
export interface VerificationRuns {
  verification: Verification;
  /** Fields of the request in which the changed arm differs. */
  changes?: CallDiff["request"];
  /** Runs that make one observation: 2 where only comparing runs shows the symptom. */
  per: 1 | 2;
  arms: { unchanged: Run[]; changed: Run[] };
}

/** The verification that runs, or the last that ran. */
export interface VerifyState {
  call: CallId;
  rule: string;
  state: "running" | "done" | "cancelled" | "failed";
  done: number;
  total?: number;
  cost: number;
  verdict?: Verification["verdict"];
  error?: { code: string; message: string; fix?: string };
}

export interface VerifyRequest {
  rule: string;
  maxCost?: number;
  maxCalls?: number;
  again?: boolean;
}

export interface CallPage {
  rows: CallRow[];
  /** Pass as `before` for the page of older calls. */
  next?: CallId;
}

export interface About {
  version: string;
  /** Where the recording proxy passes calls on to, by provider. */
  proxy: { openai: string | null; anthropic: string | null };
  store: string;
  rules: { id: string; title: string; doc: string }[];
}

export interface Imported {
  ids: CallId[];
  unsupported: { name: string; says: string }[];
}
