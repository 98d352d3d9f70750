import type { Call, Model, Verification } from "@cutaway/core";
import { compareArms, isSampled } from "@cutaway/lab";
import { type Count, hitsOf } from "./verify-arms.ts";
import { type Decision, errorRate } from "./verify-rule.ts";
import type { Ran, Session } from "./verify-runs.ts";
import { cappedWhy, exactWhy, failedWhy, sampledWhy } from "./verify-words.ts";

/** Decided by counts. */
export function judged(session: Session, ran: Ran, count: Count, decision: Decision): Verification {
  const { runs, per } = count;
  const { difference, p } = compareArms({ hits: count.unchanged, runs }, { hits: count.changed, runs });
  return {
    verdict: decision,
    why: sampledWhy(decision, count),
    unchanged: [count.unchanged, runs],
    changed: [count.changed, runs],
    ...(difference && { difference }),
    p: p.greater,
    errorRate,
    ...recordOf(session, ran, per),
  };
}

/** Decided by a model that repeats itself. */
export function settled(session: Session, ran: Ran, decision: Decision): Verification {
  const { unchanged } = session.trial;
  const seed = isSampled(unchanged) ? unchanged.parameters.seed : undefined;
  return { verdict: decision, why: exactWhy(decision, seed), deterministic: true, ...hitsIn(session, ran, 1), ...recordOf(session, ran, 1) };
}

/** Too many runs failed. The experiment is closed: when the finding is verified again, that is another one. */
export function failed(session: Session, ran: Ran, failure: Call): Verification {
  session.options.store.setExperimentStatus(ran.plan.id, "failed");
  return undecided(session, ran, failedWhy(ran.arms, failure), 1);
}

/** A cap came before a decision. */
export function capped(session: Session, ran: Ran, per: 1 | 2): Verification {
  const { stopped } = ran.result;
  return undecided(session, ran, cappedWhy(stopped === "calls" || stopped === "cost" ? stopped : undefined, ran.arms, session.limits, per), per);
}

export const nameOf = ({ ref }: Model) => ref.served ?? ref.asked ?? "the model";

const undecided = (session: Session, ran: Ran, why: string, per: 1 | 2): Verification => ({
  verdict: "not testable",
  why,
  ...hitsIn(session, ran, per),
  ...recordOf(session, ran, per),
});

const hitsIn = ({ trial }: Session, { arms }: Ran, per: 1 | 2): Pick<Verification, "unchanged" | "changed"> => ({
  unchanged: hitsOf(arms.unchanged, trial.change, per),
  changed: hitsOf(arms.changed, trial.change, per),
});

/** What every verification that made calls says of them. */
function recordOf(session: Session, { result, arms }: Ran, per: 1 | 2): Pick<Verification, "calls"> & Partial<Verification> {
  const { trial, before } = session;
  const { counts } = trial.change;
  const rows = [...(before?.rows ?? []), ...result.rows];
  const ids = (calls: readonly Call[]) => calls.map(({ id }) => id);
  return {
    calls: rows.map(({ call }) => call),
    arms: { unchanged: ids(arms.unchanged), changed: ids(arms.changed) },
    ...(counts !== undefined && { counts: per === 2 ? `pairs of runs in which ${counts}` : counts }),
    experiment: result.experiment.id,
    ...(isAnother(session) && { model: nameOf(session.model) }),
    ...(rows.some(({ cost }) => cost !== undefined) && { cost: result.cost + (before?.cost ?? 0) }),
  };
}

/** Whether the model is known not to be the one that the call was made with. */
function isAnother({ call, model: { ref } }: Session): boolean {
  const own = [call.model.asked, call.model.served].filter((name) => name !== undefined);
  const names = [ref.asked, ref.served].filter((name) => name !== undefined);
  return names.length > 0 && own.length > 0 && !names.some((name) => own.includes(name));
}
