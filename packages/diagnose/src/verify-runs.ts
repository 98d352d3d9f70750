import { type Call, type Change, CutawayError, type Finding, type Model, type Request } from "@cutaway/core";
import { keyOf, type Plan, type Progress, planExperiment, type RunResult, runExperiment } from "@cutaway/lab";
import type { ExperimentRow, Store } from "@cutaway/store";
import { type Arms, armsOf, type Count, countSymptom, endingFailure, factor, runsForNextLook } from "./verify-arms.ts";

/** The two requests that are compared. */
export interface Trial {
  change: Change;
  unchanged: Request;
  changed: Request;
}

/** How the runs are made. */
export interface RunSettings {
  store: Store;
  /** Calls at once; 1 if absent. */
  concurrency?: number;
  signal?: AbortSignal;
  /** `total` is what the next decision needs; it grows where the first runs do not decide. */
  onProgress?(progress: Progress): void;
  /** Takes keys out of a call before it is stored. */
  clean?(call: Call): Call;
  /** Makes new runs although this was verified before. Absent: what is in the store is used, and an experiment that was stopped goes on. */
  again?: boolean;
}

/** One verification under way. */
export interface Session {
  call: Call;
  finding: Finding;
  trial: Trial;
  model: Model;
  options: RunSettings;
  limits: { calls: number; cost: number };
  /** Rows of an experiment before this one, for the same verdict. */
  before?: RunResult;
}

/** The experiment of this finding: the one that is in the store unless it failed, or new runs are asked for. */
export function planOf({ call, finding, trial, model, options }: Session, repeats: number, seeds: "keep" | "derive"): Plan {
  for (let attempt = 1; ; attempt++) {
    const plan = planExperiment({
      name: `verify ${finding.rule}`,
      about: call.id,
      cases: [
        {
          id: call.id,
          request: trial.unchanged,
          parent: call.id,
          ...(call.usage.source === "provider" && call.usage.inputTokens !== undefined && { inputTokens: call.usage.inputTokens }),
        },
      ],
      factors: [{ name: factor, levels: [{ name: "unchanged" }, { name: "changed", apply: () => trial.changed }] }],
      repeats,
      seeds,
      salt: keyOf(model.ref, attempt),
    });
    const stored = options.store.experiment(plan.id);
    if (!stored || (stored.status !== "failed" && !options.again)) return plan;
  }
}

/** Calls that the first look needs. */
const firstLook = runsForNextLook({ runs: 0, per: 1 });

export interface Ran {
  plan: Plan;
  result: RunResult;
  arms: Arms;
}

/** isDone  asked with the counts before each call; failures that end it are seen to here */
export async function runArms({ trial, model, options, limits, before }: Session, plan: Plan, isDone: (count: Count) => boolean): Promise<Ran> {
  const { store, concurrency, signal, onProgress, clean } = options;
  const { change } = trial;
  const made = new Map<string, Call>();
  const callOf = ({ call: id }: ExperimentRow): Call | undefined => {
    const call = made.get(id) ?? store.get(id)?.call;
    if (call) made.set(id, call);
    return call;
  };
  const upTo = (calls: number) => Math.min(calls, limits.calls, plan.calls.length);
  let upcoming = upTo(firstLook);
  const enough = (rows: readonly ExperimentRow[]) => {
    const arms = armsOf(rows, change, callOf);
    const count = countSymptom(arms, change);
    upcoming = upTo(runsForNextLook(count) + arms.failures.length);
    return isDone(count) || endingFailure(arms) !== undefined;
  };
  try {
    const result = await runExperiment(plan, {
      modelFor: () => model,
      store,
      limits: { calls: Math.max(0, limits.calls - (before?.rows.length ?? 0)), cost: Math.max(0, limits.cost - (before?.cost ?? 0)) },
      enough,
      onRow: ({ call: id }, call) => made.set(id, call),
      ...(concurrency !== undefined && { concurrency }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress: (progress) => onProgress({ ...progress, total: Math.max(upcoming, progress.done) }) }),
      ...(clean && { clean }),
    });
    if (result.stopped === "aborted") {
      throw new CutawayError("interrupted", `the verification was stopped after ${result.rows.length} calls, which are kept`, {
        kind: "interrupted",
      });
    }
    return { plan, result, arms: armsOf(result.rows, change, callOf) };
  } finally {
    if (store.rows(plan.id).length === 0) store.deleteExperiment(plan.id);
  }
}
