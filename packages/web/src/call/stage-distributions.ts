import type { Alternative, Parameters, StageReport, TokenStep } from "@cutaway/core";
import { afterMask, grammarStage } from "@cutaway/metrics";
import { type NumericParameter, ranges, resample } from "@cutaway/sampling";

/** The recorded alternatives after one stage of the sampler. */
export interface StageDistribution {
  stage: string;
  /** By the place in `top`: probability at least and at most; absent where a stage took the token out. Undefined: the record cannot tell. */
  probability: ReadonlyMap<number, readonly [least: number, most: number]> | undefined;
  /** Where the chosen token stands among those that are left, 0 the most probable. */
  rank?: number;
}

/**
 * What each stage left of a recorded step's alternatives. Where only cuts came before or after, the record tells it exactly: a cut makes what stays more
 * probable by the same factor everywhere. Else the stages are applied again to what is recorded, which may give a range, or nothing. Empty where no stage
 * was recorded.
 */
export function stageDistributions(step: TokenStep, parameters: Parameters): StageDistribution[] {
  const { stages = [] } = step;
  return stages.map(({ stage }, at) => {
    const probability = recordedAfter(step, at) ?? appliedAgain(step, at, parameters);
    const own = probability?.get(step.top?.findIndex(({ id }) => id === step.id) ?? -1);
    const above = [...(probability?.values() ?? [])].filter(([least]) => own !== undefined && least > own[1]).length;
    return { stage, probability, ...(own && { rank: above }) };
  });
}

type Probabilities = Map<number, readonly [least: number, most: number]>;

/** A stage that only takes tokens out. */
const isCut = ({ removedMass, kl }: StageReport): boolean => Math.abs(kl + Math.log1p(-removedMass)) < 1e-6;

const keptBy = (stages: readonly StageReport[]): number => stages.reduce((kept, { removedMass }) => kept * (1 - removedMass), 1);

function recordedAfter({ stages = [], top = [], id }: TokenStep, at: number): Probabilities | undefined {
  const [before, after] = [stages.slice(0, at + 1), stages.slice(at + 1)];
  const isLeft = ({ removedBy }: Alternative) => removedBy === undefined || after.some(({ stage }) => stage === removedBy);
  const found: Probabilities = new Map();
  const put = (index: number, p: number) => found.set(index, [p, p]);
  if (before.every(isCut)) {
    const kept = keptBy(before);
    for (const [index, token] of top.entries()) if (isLeft(token)) put(index, Math.exp(token.logprob) / kept);
    return found;
  }
  const chosen = top.find((token) => token.id === id);
  if (!after.every(isCut) || chosen?.sampledLogprob === undefined) return undefined;
  const kept = keptBy(after);
  const others = before.filter((report) => !isCut(report));
  const heat = others.every(({ stage }) => stage === "temperature") ? others.reduce((product, { setting = 1 }) => product * setting, 1) : undefined;
  for (const [index, token] of top.entries()) {
    if (!isLeft(token)) continue;
    if (token.sampledLogprob !== undefined) put(index, Math.exp(token.sampledLogprob) * kept);
    // Taken out later: as probable beside the chosen one as the temperature makes it.
    else if (heat === undefined) return undefined;
    else put(index, Math.exp(chosen.sampledLogprob + (token.logprob - chosen.logprob) / heat) * kept);
  }
  return found;
}

function appliedAgain(step: TokenStep, at: number, parameters: Parameters): Probabilities | undefined {
  const { stages = [], top = [] } = step;
  const names = stages.map(({ stage }) => stage);
  const masked = names.indexOf(grammarStage);
  const isMasked = masked >= 0 && at >= masked;
  const base = isMasked ? afterMask(step) : step;
  const run = names.slice(0, at + 1).filter((name) => name !== grammarStage);
  const made = madeBy(base, run, parameters, isMasked ? stages[masked]?.kept : undefined);
  return made && new Map(made.map(({ index, probability }) => [top.findIndex((token) => token.id === base.top?.[index]?.id), probability]));
}

const parameterByName = new Map(Object.entries(ranges).map(([parameter, { name }]) => [name, parameter as NumericParameter]));

function madeBy(step: TokenStep, names: readonly string[], all: Parameters, allowed: number | undefined) {
  const parameters: Record<string, unknown> = {};
  for (const name of names) {
    const parameter = parameterByName.get(name);
    if (!parameter) return undefined;
    parameters[parameter] = all[parameter];
  }
  try {
    const [made] = resample([step], parameters, { order: [...names], ...(allowed !== undefined && { vocabSize: allowed }) }).steps;
    return made && made.alternatives.length > 0 ? made.alternatives : undefined;
  } catch {
    // A stage that needs the logits of the whole vocabulary: from here on the record cannot tell.
    return undefined;
  }
}
