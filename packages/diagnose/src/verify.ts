import { type Access, type Call, type CutawayError, type Finding, isCutawayError, type Model, type Request, type Verification } from "@cutaway/core";
import { isSame, isSampled } from "@cutaway/lab";
import { rules } from "./rules/index.ts";
import { areIdentical, countSymptom, endingFailure, hitsOf } from "./verify-arms.ts";
import { type Decision, looks } from "./verify-rule.ts";
import { planOf, type RunSettings, runArms, type Session, type Trial } from "./verify-runs.ts";
import { capped, failed, judged, nameOf, settled } from "./verify-verdicts.ts";
import { clause } from "./words.ts";

export interface VerifyOptions extends RunSettings {
  /** Who answers: the call's own model, or another one that stands in for it. */
  model?: Model;
  /** The same, asked when it is needed and only then. */
  modelFor?(request: Request): Model | Promise<Model>;
  /** Of this verification. Default: 24 calls, and 0.05 US dollars of a remote model; a cost of `Infinity` is no cap. */
  limits?: { calls?: number; cost?: number };
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
  const ran = await runArms(session, planOf(session, 2, "keep"), () => false);
  const failure = endingFailure(ran.arms);
  if (failure) return failed(session, ran, failure);
  if (ran.result.stopped) return capped(session, ran, 1);
  const { unchanged, changed } = ran.arms;
  const [[a], [b]] = [hitsOf(unchanged, trial.change, 1), hitsOf(changed, trial.change, 1)];
  const repeats = unchanged.length === 2 && changed.length === 2 && areIdentical(unchanged) && areIdentical(changed);
  if (!repeats || a === 1 || b === 1) {
    session.before = ran.result;
    return undefined;
  }
  const decision: Decision = a === 0 ? "not reproduced" : b === 0 ? "confirmed" : "not confirmed";
  return settled(session, ran, decision);
}

/** Runs of both arms until the counts decide. */
async function bySampling(session: Session): Promise<Verification> {
  const { access } = session.model;
  const { change, unchanged } = session.trial;
  const most = (looks[looks.length - 1]?.runs ?? 0) * 2; // twice, for a symptom that is counted in pairs
  const spare = 6; // in place of runs that fail
  const derive = access.seed === true && (access.deterministic === true || unchanged.parameters.seed !== undefined);
  const plan = planOf(session, most + spare, derive ? "derive" : "keep");
  const ran = await runArms(session, plan, ({ decision }) => decision !== undefined);
  const count = countSymptom(ran.arms, change);
  if (count.decision) return judged(session, ran, count, count.decision);
  const failure = endingFailure(ran.arms);
  return failure ? failed(session, ran, failure) : capped(session, ran, count.per);
}

const notTestable = (why: string): Verification => ({ verdict: "not testable", why, unchanged: [0, 0], changed: [0, 0], calls: [] });

const told = ({ message, fix }: CutawayError) => {
  const [first = "", ...rest] = clause(message);
  return `${first.toUpperCase()}${rest.join("")}.${fix === undefined ? "" : ` ${fix}`}`;
};
