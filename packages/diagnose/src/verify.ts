import {
  type Access,
  type Call,
  type Change,
  CutawayError,
  type Finding,
  isCutawayError,
  type Model,
  type Request,
  type Verification,
} from "@cutaway/core";
import { compareArms, isSame, isSampled, keyOf, type Plan, type Progress, planExperiment, type RunResult, runExperiment } from "@cutaway/lab";
import type { ExperimentRow, Store } from "@cutaway/store";
import { rules } from "./rules/index.ts";
import { type Arms, areIdentical, armsOf, type Count, countSymptom, endingFailure, factor, hitsOf, runsForNextLook } from "./verify-arms.ts";
import { type Decision, errorRate, looks } from "./verify-rule.ts";
import { cappedWhy, exactWhy, failedWhy, sampledWhy } from "./verify-words.ts";
import { clause } from "./words.ts";

export interface VerifyOptions {
  /** Who answers: the call's own model, or another one that stands in for it. */
  model?: Model;
  /** The same, asked when it is needed and only then. */
  modelFor?(request: Request): Model | Promise<Model>;
  store: Store;
  /** Of this verification. Default: 24 calls, and 0.05 US dollars of a remote model; a cost of `Infinity` is no cap. */
  limits?: { calls?: number; cost?: number };
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

/**
 * Tries a finding's change: the call made again, unchanged and changed, the symptom counted in both (docs/verification.md).
 * The runs are an experiment in the store and can go on after any stop.
 * @returns the verdict; `not testable` with the reason where there is nothing to try, nobody to ask, or a cap came first
 * @throws `interrupted` after an abort, and what the store throws
 */
export async function verify(call: Call, finding: Finding, options: VerifyOptions): Promise<Verification> {
  const trial = trialOf(call, finding);
  if ("why" in trial) return notTestable(trial.why);
  const reached = await reach(trial.unchanged, options);
  if ("why" in reached) return notTestable(reached.why);
  const { model } = reached;
  const missing = missingAccess(finding, model.access);
  if (missing) return notTestable(`The symptom can only be seen with access to ${missing}, which ${nameOf(model)} does not give.`);

  let refusal: unknown;
  const watched: Model = {
    ref: model.ref,
    access: model.access,
    async *call(request, signal) {
      try {
        yield* model.call(request, signal);
      } catch (error) {
        refusal = error;
        throw error;
      }
    },
  };
  const session: Session = { call, finding, trial, model: watched, options, limits: { calls: 24, cost: 0.05, ...options.limits } };
  try {
    return (await exactly(session)) ?? (await bySampling(session));
  } catch (error) {
    if (isCutawayError(error) && (error === refusal || error.code === "price-unknown")) return notTestable(told(error));
    throw error;
  }
}

interface Trial {
  change: Change;
  unchanged: Request;
  changed: Request;
}

interface Session {
  call: Call;
  finding: Finding;
  trial: Trial;
  model: Model;
  options: VerifyOptions;
  limits: { calls: number; cost: number };
  /** Rows of an experiment before this one, for the same verdict. */
  before?: RunResult;
}

function trialOf(call: Call, { change }: Finding): Trial | { why: string } {
  if (!change) return { why: "The finding names no change that could be tried." };
  if (!call.request) return { why: "Only the answer of this call was recorded: there is no request to make again." };
  const unchanged = call.request;
  const changed = withoutIdleSeed(change.apply(unchanged), unchanged);
  if (isSame(unchanged, changed)) return { why: "The change leaves this request as it is: it has been made already, or it cannot be made here." };
  return { change, unchanged, changed };
}

/** A change to greedy decoding takes the seed with it: there is nothing left to draw, and a local model refuses settings without effect. */
function withoutIdleSeed(changed: Request, before: Request): Request {
  if (isSampled(changed) || !isSampled(before) || changed.parameters.seed === undefined) return changed;
  const { seed: _, ...parameters } = changed.parameters;
  return { ...changed, parameters };
}

async function reach(request: Request, { model, modelFor }: VerifyOptions): Promise<{ model: Model } | { why: string }> {
  if (model) return { model };
  if (!modelFor) return { why: "No model was given that could make the call again." };
  try {
    return { model: await modelFor(request) };
  } catch (error) {
    if (isCutawayError(error)) return { why: told(error) };
    throw error;
  }
}

function missingAccess({ rule }: Finding, access: Access): string | undefined {
  const needs = rules.find(({ id }) => id === rule)?.needs ?? {};
  if (needs.internals && !access.internals) return "the model's internals";
  if (needs.logprobs && !access.logprobs && !access.internals) return "token probabilities";
  return undefined;
}

/** Two runs of each arm, where the model repeats itself on both requests. @returns undefined where it then turns out not to */
async function exactly(session: Session): Promise<Verification | undefined> {
  const { model, trial } = session;
  const isFixed = (request: Request) => !isSampled(request) || (request.parameters.seed !== undefined && model.access.seed === true);
  if (!model.access.deterministic || !isFixed(trial.unchanged) || !isFixed(trial.changed)) return undefined;
  const { result, arms, plan } = await runArms(session, planOf(session, 2, "keep"), () => false);
  const failure = endingFailure(arms);
  if (failure) return failed(session, plan, result, arms, failure);
  if (result.stopped) return capped(session, result, arms, 1);
  const { unchanged, changed } = arms;
  const settled = unchanged.length === 2 && changed.length === 2 && areIdentical(unchanged) && areIdentical(changed);
  const { change } = trial;
  const [a, b] = [hitsOf(unchanged, change, 1), hitsOf(changed, change, 1)];
  if (!settled || a[0] === 1 || b[0] === 1) {
    session.before = result;
    return undefined;
  }
  const decision: Decision = a[0] === 0 ? "not reproduced" : b[0] === 0 ? "confirmed" : "not confirmed";
  const seed = isSampled(trial.unchanged) ? trial.unchanged.parameters.seed : undefined;
  return { verdict: decision, why: exactWhy(decision, seed), unchanged: a, changed: b, deterministic: true, ...recordOf(session, result, arms) };
}

async function bySampling(session: Session): Promise<Verification> {
  const { access } = session.model;
  const { change, unchanged } = session.trial;
  const most = (looks[looks.length - 1]?.runs ?? 0) * 2;
  const derive = access.seed === true && (access.deterministic === true || unchanged.parameters.seed !== undefined);
  const spare = 6; // in place of runs that fail
  const { result, arms, plan } = await runArms(
    session,
    planOf(session, most + spare, derive ? "derive" : "keep"),
    ({ decision }) => decision !== undefined,
  );
  const count = countSymptom(arms, change);
  if (count.decision) return judged(session, result, arms, count, count.decision);
  const failure = endingFailure(arms);
  return failure ? failed(session, plan, result, arms, failure) : capped(session, result, arms, count.per);
}

/** The experiment of this finding: the one that is in the store unless it failed, or new runs are asked for. */
function planOf({ call, finding, trial, model, options }: Session, repeats: number, seeds: "keep" | "derive"): Plan {
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

interface Ran {
  plan: Plan;
  result: RunResult;
  arms: Arms;
}

/** isDone  asked with the counts before each call; failures that end it are seen to here */
async function runArms({ trial, model, options, limits, before }: Session, plan: Plan, isDone: (count: Count) => boolean): Promise<Ran> {
  const { store, concurrency, signal, onProgress, clean } = options;
  const { change } = trial;
  const made = new Map<string, Call>();
  const callOf = ({ call: id }: ExperimentRow): Call | undefined => {
    const call = made.get(id) ?? store.get(id)?.call;
    if (call) made.set(id, call);
    return call;
  };
  let upcoming = plan.calls.length;
  const enough = (rows: readonly ExperimentRow[]) => {
    const arms = armsOf(rows, change, callOf);
    const count = countSymptom(arms, change);
    upcoming = Math.min(runsForNextLook(count) + arms.failures.length, limits.calls, plan.calls.length);
    return isDone(count) || endingFailure(arms) !== undefined;
  };
  try {
    const result = await runExperiment(plan, {
      modelFor: () => model,
      store,
      limits: { calls: limits.calls - (before?.rows.length ?? 0), cost: limits.cost - (before?.cost ?? 0) },
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

function judged(session: Session, result: RunResult, arms: Arms, count: Count, decision: Decision): Verification {
  const { difference, p } = compareArms({ hits: count.unchanged, runs: count.runs }, { hits: count.changed, runs: count.runs });
  return {
    verdict: decision,
    why: sampledWhy(decision, count),
    unchanged: [count.unchanged, count.runs],
    changed: [count.changed, count.runs],
    ...(difference && { difference }),
    p: p.greater,
    errorRate,
    ...recordOf(session, result, arms, count.per),
  };
}

/** The experiment is closed: when it is verified again, that is another one. */
function failed(session: Session, plan: Plan, result: RunResult, arms: Arms, failure: Call): Verification {
  session.options.store.setExperimentStatus(plan.id, "failed");
  return undecided(session, failedWhy(arms, failure), result, arms, 1);
}

function capped(session: Session, result: RunResult, arms: Arms, per: 1 | 2): Verification {
  const stopped = result.stopped === "calls" || result.stopped === "cost" ? result.stopped : undefined;
  return undecided(session, cappedWhy(stopped, arms, session.limits, per), result, arms, per);
}

function undecided(session: Session, why: string, result: RunResult, arms: Arms, per: 1 | 2): Verification {
  const { change } = session.trial;
  const [unchanged, changed] = [hitsOf(arms.unchanged, change, per), hitsOf(arms.changed, change, per)];
  return { verdict: "not testable", why, unchanged, changed, ...recordOf(session, result, arms, per) };
}

/** What every verification that made calls says of them. */
function recordOf(
  session: Session,
  { experiment, rows, cost }: RunResult,
  arms: Arms,
  per: 1 | 2 = 1,
): Pick<Verification, "calls" | "arms"> & Partial<Verification> {
  const { call, trial, model, before } = session;
  const ids = (calls: readonly Call[]) => calls.map(({ id }) => id);
  const { counts } = trial.change;
  const own = [call.model.asked, call.model.served];
  const other = [model.ref.asked, model.ref.served].filter((name) => name !== undefined);
  const isOther = other.length > 0 && !other.some((name) => own.includes(name));
  const known = rows.some((row) => row.cost !== undefined);
  return {
    calls: [...(before?.rows ?? []), ...rows].map((row) => row.call),
    arms: { unchanged: ids(arms.unchanged), changed: ids(arms.changed) },
    ...(counts !== undefined && { counts: per === 2 ? `pairs of runs in which ${counts}` : counts }),
    experiment: experiment.id,
    ...(isOther && { model: nameOf(model) }),
    ...(known && { cost: cost + (before?.cost ?? 0) }),
  };
}

const notTestable = (why: string): Verification => ({ verdict: "not testable", why, unchanged: [0, 0], changed: [0, 0], calls: [] });

const told = ({ message, fix }: CutawayError) => {
  const [first = "", ...rest] = clause(message);
  return `${first.toUpperCase()}${rest.join("")}.${fix === undefined ? "" : ` ${fix}`}`;
};

const nameOf = ({ ref }: Model) => ref.served ?? ref.asked ?? "the model";
