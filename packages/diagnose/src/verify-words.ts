import type { Call } from "@cutaway/core";
import { highestRateWithoutHits } from "@cutaway/metrics";
import type { Arms, Count } from "./verify-arms.ts";
import { type Decision, errorRate, looks } from "./verify-rule.ts";
import { clause, dollars, count as grouped, percent } from "./words.ts";

/** Why a sampled verification came out as it did. */
export function sampledWhy(decision: Decision, count: Count): string {
  const { runs, unchanged, changed, per } = count;
  const unit = per === 2 ? "pairs of " : "";
  const counted = `The symptom came back in ${unchanged} of ${runs} ${unit}unchanged runs and in ${changed} of ${runs} ${unit}changed ones`;
  if (decision === "confirmed") return `${counted}. A change that does nothing would pass for one that helps in at most ${rate(errorRate)} of cases.`;
  if (decision === "not reproduced") {
    const bound = `The symptom did not come back in ${runs} ${unit}unchanged runs, so there was nothing to remove; it may still show in up to ${percent(highestRateWithoutHits(runs))} of them`;
    return changed > 0 ? `${bound}. It did come in ${changed} of ${runs} ${unit}changed ones.` : `${bound}.`;
  }
  if (changed >= unchanged) return `${counted}: the change does not remove it.`;
  if (unchanged * 3 < runs * 2) return `${counted}: it comes back too seldom to tell whether the change removes it.`;
  return changed * 3 > runs ? `${counted}: the change does not remove it reliably.` : `${counted}: chance alone could have done that.`;
}

/** Why a verification on a model that repeats itself came out as it did. */
export function exactWhy(decision: Decision, pinnedSeed: number | undefined): string {
  const how = "The model gives the same tokens every time (each arm was run twice and compared)";
  const seed = pinnedSeed === undefined ? "" : ` This is so for the seed ${pinnedSeed} that the request pins; other seeds were not tried.`;
  if (decision === "confirmed") return `${how}: unchanged they show the symptom, changed they do not.${seed}`;
  if (decision === "not confirmed") return `${how}: they show the symptom unchanged and changed alike.${seed}`;
  return `${how}: unchanged they do not show the symptom, so there was nothing to remove.${seed}`;
}

/** Runs ended in errors. */
export function failedWhy({ failures, rows }: Arms, failure: Call): string {
  const what = failure.error ? `${failure.error.kind}: ${clause(failure.error.message)}` : "the answer broke off";
  const which = failures.length === 1 ? "A run" : `${failures.length} of ${rows.length} runs`;
  return `${which} failed, which says nothing about the symptom (${what}).`;
}

export function cappedWhy(stopped: "calls" | "cost" | undefined, { rows }: Arms, limits: { calls: number; cost: number }, per: 1 | 2): string {
  const done = `after ${rows.length} ${rows.length === 1 ? "call" : "calls"}`;
  const needed = `a verdict takes at least ${(looks[0]?.runs ?? 0) * 2 * per} calls, and more where the first do not decide`;
  if (stopped === "calls") return `The cap of ${grouped(limits.calls)} calls was reached ${done} without a decision: ${needed}.`;
  if (stopped === "cost") return `The next call could pass the cap of ${dollars(limits.cost)} ${done}: ${needed}.`;
  return `All planned calls were made (${rows.length}), and too many of them failed for a decision.`;
}

const rate = (share: number) => `${(share * 100).toFixed(1)} %`;
