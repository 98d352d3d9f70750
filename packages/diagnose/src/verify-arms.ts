import type { Call, Change } from "@cutaway/core";
import type { ExperimentRow } from "@cutaway/store";
import { looks, type Tally, tally } from "./verify-rule.ts";

/** The runs of a verification, sorted out. */
export interface Arms {
  /** Runs in which the symptom can be looked for, in the order of the plan. */
  unchanged: Call[];
  changed: Call[];
  /** Runs that ended in an error or broke off and do not show the symptom: neither hits nor misses. */
  failures: Call[];
  rows: readonly ExperimentRow[];
}

export const factor = "change";

/** callOf  the call of a row; undefined where it was deleted */
export function armsOf(rows: readonly ExperimentRow[], change: Change, callOf: (row: ExperimentRow) => Call | undefined): Arms {
  const sorted = rows.toSorted((a, b) => a.position - b.position);
  const arms: Arms = { unchanged: [], changed: [], failures: [], rows: sorted };
  for (const row of sorted) {
    const call = callOf(row);
    if (!call) continue;
    const isWhole = !call.error && call.ending === "complete";
    if (!isWhole && !change.symptom(call, [call])) arms.failures.push(call);
    else arms[row.factors[factor] === "changed" ? "changed" : "unchanged"].push(call);
  }
  return arms;
}

/** How the symptom is counted: run by run, or pair by pair. */
export interface Count extends Tally {
  /** Runs that make one observation: 1, or 2 where the symptom is told only by comparing runs of the same arm. */
  per: 1 | 2;
}

/**
 * Runs that are compared with each other are not independent: if two of three differ, the third differs from one of them. Such a symptom is counted in
 * pairs of consecutive runs that share no run, which are independent; a pair shows it if one of its runs does.
 */
export function countSymptom({ unchanged, changed }: Arms, change: Change): Count {
  const per = isTold(unchanged, change) || isTold(changed, change) ? 2 : 1;
  const shown = (calls: readonly Call[]) => observationsIn(calls, per).map((some) => some.some((call) => change.symptom(call, some)));
  return { ...tally(shown(unchanged), shown(changed)), per };
}

/** Hits and observations so far, whether or not a look was reached. */
export function hitsOf(calls: readonly Call[], change: Change, per: 1 | 2): [hits: number, runs: number] {
  const observations = observationsIn(calls, per);
  return [observations.filter((some) => some.some((call) => change.symptom(call, some))).length, observations.length];
}

/** Whether the other runs of the arm decide about a run. */
const isTold = (calls: readonly Call[], change: Change) => calls.some((call) => change.symptom(call, [call]) !== change.symptom(call, calls));

const observationsIn = (calls: readonly Call[], per: 1 | 2): Call[][] =>
  Array.from({ length: Math.floor(calls.length / per) }, (_, i) => calls.slice(i * per, (i + 1) * per));

/** Runs of both arms that the next look needs. */
export function runsForNextLook({ runs, per }: Pick<Count, "runs" | "per">): number {
  const next = looks.find((look) => look.runs > runs) ?? looks[looks.length - 1];
  return (next?.runs ?? 0) * per * 2;
}

/** Errors that the same request would meet again. */
const lasting = new Set(["authentication", "permission", "not-found", "quota", "invalid-request", "request-too-large", "context-length"]);

/** Failed runs that end a verification. */
const mostFailures = 3;

/** The failure because of which nothing can be told, if it has come to that. */
export const endingFailure = ({ failures }: Arms): Call | undefined =>
  failures.find(({ error }) => error !== undefined && lasting.has(error.kind)) ?? failures[mostFailures - 1];

/** Whether all calls gave the same answer, token for token where the tokens have ids. */
export function areIdentical(calls: readonly Call[]): boolean {
  const answers = calls.map(answerOf);
  return answers.every((answer) => answer === answers[0]);
}

function answerOf({ answers, error }: Call): string {
  return JSON.stringify([
    error?.kind,
    answers.map(({ text, reasoning, refusal, toolCalls, steps, finish }) => {
      const ids = steps?.map(({ id }) => id);
      const tokens = ids?.every((id) => id !== undefined) ? ids : text;
      return [tokens, reasoning, refusal, toolCalls.map((toolCall) => [toolCall.name, toolCall.arguments]), finish.reason];
    }),
  ]);
}
