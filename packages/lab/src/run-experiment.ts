import { type Call, CutawayError, isCutawayError, type JsonObject, type Model } from "@cutaway/core";
import { costOf } from "@cutaway/plan";
import type { Experiment, ExperimentRow, Store } from "@cutaway/store";
import type { Plan, PlannedCall } from "./plan-experiment.ts";
import { recordCall } from "./record-call.ts";
import { startSpending } from "./spending.ts";

export interface RunOptions {
  modelFor(planned: PlannedCall): Model | Promise<Model>;
  store: Store;
  limits?: Limits;
  /** Calls at once; 1 if absent, which is right for a local model. */
  concurrency?: number;
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  /** Told of each row of this run as it is stored. */
  onRow?(row: ExperimentRow, call: Call): void;
  /** Asked before each call: whether the rows so far are all that is needed. */
  enough?(rows: readonly ExperimentRow[]): boolean;
  /** The last look at a call before it is stored, where keys have to be taken out of it. */
  clean?(call: Call): Call;
}

/** Of the whole experiment, earlier runs of it included. */
export interface Limits {
  calls?: number;
  /** US dollars. */
  cost?: number;
}

export interface Progress {
  done: number;
  total: number;
  errors: number;
  /** US dollars, as far as known. */
  cost: number;
  /** Calls a minute of this run; absent before the first has ended. */
  perMinute?: number;
}

export interface RunResult {
  experiment: Experiment;
  /** All finished rows, those of earlier runs included, in the order of the plan. */
  rows: ExperimentRow[];
  /** Why planned calls were left out; absent where none were. */
  stopped?: "enough" | "calls" | "cost" | "aborted";
  /** What the experiment cost so far, US dollars; a call whose cost is unknown counts as the most it can have cost. */
  cost: number;
}

/**
 * Makes the planned calls that have no row yet, each stored with its row as it ends. Can be stopped at any moment, `kill -9` included, and called again.
 * @throws `price-unknown` where a cost cap cannot be kept, `experiment-differs`, `invalid-limit`, and what `modelFor` or the model throw
 *   before anything is sent; rows that are there stay
 */
export async function runExperiment(plan: Plan, options: RunOptions): Promise<RunResult> {
  const { store, limits = {}, signal } = options;
  checkLimits(limits, options.concurrency);
  const experiment = store.openExperiment({
    id: plan.id,
    name: plan.name,
    spec: specOf(plan),
    ...(plan.about !== undefined && { about: plan.about }),
  });
  const planned = new Map(plan.calls.map((call) => [call.key, call]));
  const rows = store.rows(plan.id).filter(({ key }) => planned.has(key));
  const finished = new Set(rows.map(({ key }) => key));
  const left = plan.calls.filter(({ key }) => !finished.has(key));
  const spending = startSpending(limits.cost);
  for (const row of rows) spending.add(planned.get(row.key) as PlannedCall, row.cost);
  const started = performance.now();
  let made = 0;
  let errors = rows.filter(isError).length;
  /** Rows there are, and calls under way. */
  let taken = rows.length;
  let stopped: RunResult["stopped"];
  let failure: unknown;

  const tell = () => {
    const minutes = (performance.now() - started) / 60_000;
    options.onProgress?.({
      done: rows.length,
      total: plan.calls.length,
      errors,
      cost: spending.total,
      ...(made > 0 && minutes > 0 && { perMinute: made / minutes }),
    });
  };

  /** @returns false where the call was not made, or not to its end. */
  const makeOne = async (call: PlannedCall): Promise<boolean> => {
    const model = await options.modelFor(call);
    const reserved = spending.reserve(call, model.ref.provider);
    if (!reserved) {
      stopped ??= "cost";
      return false;
    }
    let kept: Kept | undefined;
    try {
      const recorded = await recordCall(model, call, signal);
      if (!signal?.aborted || recorded.ending === "complete") kept = keep(call, options.clean?.(recorded) ?? recorded, plan.id, store);
    } finally {
      if (!kept) reserved.release();
    }
    if (!kept) return false;
    reserved.spend(kept.row.cost);
    rows.push(kept.row);
    made++;
    if (isError(kept.row)) errors++;
    if (kept.call) options.onRow?.(kept.row, kept.call);
    tell();
    return true;
  };

  const work = async (): Promise<void> => {
    while (!stopped && failure === undefined) {
      if (left.length === 0) return;
      if (options.enough?.(rows)) stopped = "enough";
      else if (signal?.aborted) stopped = "aborted";
      else if (taken >= (limits.calls ?? Number.POSITIVE_INFINITY)) stopped = "calls";
      if (stopped) return;
      const next = left.shift() as PlannedCall;
      taken++;
      let isMade = false;
      try {
        isMade = await makeOne(next);
      } catch (error) {
        if (!signal?.aborted) failure = error;
      }
      if (isMade) continue;
      taken--;
      left.unshift(next);
    }
  };

  if (left.length > 0) store.setExperimentStatus(plan.id, "running");
  tell();
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 1, left.length + 1) }, work));
  const status = failure === undefined && (stopped === undefined || stopped === "enough") ? "done" : "stopped";
  store.setExperimentStatus(plan.id, status);
  if (failure !== undefined) throw failure;
  rows.sort((a, b) => a.position - b.position);
  return { experiment: { ...experiment, status }, rows, ...(stopped && { stopped }), cost: spending.total };
}

interface Kept {
  row: ExperimentRow;
  /** Absent where another process was quicker with the same planned call: its row counts then, and this call is left out. */
  call?: Call;
}

function keep(planned: PlannedCall, call: Call, experiment: string, store: Store): Kept {
  const { key, position, factors, repeat, role } = planned;
  const priced = costOf(call);
  const place = { experiment, key, position, case: planned.case.id, factors, repeat, role, outcome: call.error ? "error" : "unscored" } as const;
  try {
    const kept = store.put({ call, row: place, ...("cost" in priced && { cost: priced.cost }) });
    return { row: { ...place, call: kept.id, ...("cost" in priced && { cost: priced.cost.total }) }, call: kept };
  } catch (error) {
    const theirs = isCutawayError(error) && error.code === "row-exists" && store.rows(experiment).find((row) => row.key === key);
    if (!theirs) throw error;
    return { row: theirs };
  }
}

const isError = ({ outcome }: ExperimentRow) => outcome === "error";

/** The plan as the store keeps it: enough to read the rows by, and equal whenever the plan is. */
const specOf = ({ cases, factors, repeats }: Plan): JsonObject => ({
  cases,
  factors: factors.map(({ name, levels }) => ({ name, levels })),
  repeats,
});

function checkLimits({ calls, cost }: Limits, concurrency = 1): void {
  const wrong = (says: string) => new CutawayError("invalid-limit", says);
  if (calls !== undefined && !(calls >= 0)) throw wrong(`a cap of ${calls} calls is none`);
  if (cost !== undefined && !(cost >= 0)) throw wrong(`a cap of ${cost} US dollars is none`);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1_000) throw wrong(`${concurrency} calls at once; 1 to 1,000 are possible`);
}
