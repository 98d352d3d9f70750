import { type CallId, CutawayError, durationsOf, type Explanation, type JsonObject, plain } from "@cutaway/core";
import { diffCalls } from "@cutaway/metrics";
import type { StoredCall } from "@cutaway/store";
import { armHits } from "./arm-hits.ts";

/** Longest piece of a run's answer that is told here, in UTF-16 code units; the run's own call has all of it. */
const longestText = 400;

/**
 * A finding's verification with its runs, arm by arm: how each ended, and whether the symptom is in it.
 * `changes` are the fields in which the request of the changed arm differs. `hit` is null where the rule no longer finds its cause in the call.
 * throws  `not-verified` where the rule has no verified finding in this call
 */
export function verificationJson(explanation: Explanation, rule: string, callOf: (id: CallId) => StoredCall | undefined): JsonObject {
  const finding = explanation.findings.find((candidate) => candidate.rule === rule && candidate.verification);
  if (!finding?.verification) {
    throw new CutawayError("not-verified", `${rule} was not verified in this call`, { fix: "Verify it first: the finding has a button for it." });
  }
  const { verification, change } = finding;
  const arm = (ids: readonly CallId[], [, counted]: [number, number]) => {
    const stored = ids.map(callOf);
    const calls = stored.map((run) => run?.call);
    const told = change && armHits(calls, counted, change);
    return {
      first: calls.find((call) => call !== undefined),
      per: told?.per ?? 1,
      runs: ids.map((id, i) => {
        const run = stored[i];
        return run ? { ...runOf(run), hit: told?.hits[i] ?? null } : { id, deleted: true };
      }),
    };
  };
  const unchanged = arm(verification.arms?.unchanged ?? [], verification.unchanged);
  const changed = arm(verification.arms?.changed ?? [], verification.changed);
  const changes = unchanged.first && changed.first ? diffCalls(unchanged.first, changed.first).request : null;
  return {
    schema: "cutaway/verification",
    version: 1,
    call: explanation.call.id,
    rule,
    says: change?.says ?? null,
    verification: plain(verification) ?? null,
    changes: plain(changes) ?? null,
    per: unchanged.per,
    arms: plain({ unchanged: unchanged.runs, changed: changed.runs }) ?? null,
  };
}

function runOf({ call, cost }: StoredCall) {
  const text = call.answers[0]?.text ?? "";
  return {
    id: call.id,
    finish: call.answers.map(({ finish }) => finish.reason),
    ending: call.ending,
    error: call.error?.kind ?? null,
    outputTokens: call.usage.outputTokens ?? null,
    total: durationsOf(call).total ?? null,
    cost: cost?.total ?? null,
    text: text.slice(0, longestText).toWellFormed(),
    characters: text.length,
  };
}
