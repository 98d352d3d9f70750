import type { Parameters, TokenStep } from "@cutaway/core";
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
 * What each stage left of a recorded step's alternatives, worked out from the record alone: the stages up to it are applied again. Empty where no stage
 * was recorded.
 */
export function stageDistributions(step: TokenStep, parameters: Parameters): StageDistribution[] {
  const { stages = [], top = [] } = step;
  const names = stages.map(({ stage }) => stage);
  const masked = names.indexOf(grammarStage);
  return names.map((stage, at) => {
    const isMasked = masked >= 0 && at >= masked;
    const base = isMasked ? afterMask(step) : step;
    const run = names.slice(0, at + 1).filter((name) => name !== grammarStage);
    const made = madeBy(base, run, parameters, isMasked ? stages[masked]?.kept : undefined);
    if (!made) return { stage, probability: undefined };
    const places = new Map(
      made.map(({ index, probability }) => [top.findIndex((token) => token.id === base.top?.[index]?.id), probability] as const),
    );
    const chosen = made.findIndex(({ index }) => base.top?.[index]?.id === step.id);
    return { stage, probability: places, ...(chosen >= 0 && { rank: chosen }) };
  });
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
