import type { Call, Change } from "@cutaway/core";

/**
 * Whether the symptom is in each run of an arm; undefined where the call is not there. A symptom that only a comparison shows was counted in
 * pairs of runs: it is then looked for pair by pair.
 * counted  observations of the arm, as the verification counted them
 */
export function armHits(calls: readonly (Call | undefined)[], counted: number, change: Change): { per: 1 | 2; hits: (boolean | undefined)[] } {
  const per = counted > 0 && calls.length >= 2 * counted ? 2 : 1;
  const groupOf = (i: number) => (per === 1 ? calls : calls.slice(i - (i % per), i - (i % per) + per)).filter((call) => call !== undefined);
  return { per, hits: calls.map((call, i) => call && change.symptom(call, groupOf(i))) };
}
