import type { Alternative, StageReport, TokenStep } from "@cutaway/core";

/** What a mask did to the distributions of one answer. */
export interface Distortion {
  steps: MaskedStep[];
  /** Natural log of the product of the masses kept; absent where tokens were written without asking the model. */
  logMass?: number;
  /** Steps at which less than half, and less than a tenth, of the probability was kept. */
  belowHalf: number;
  belowTenth: number;
  /** Steps at which the mask took out the token that the model held most probable. */
  overruled: number;
  /** Steps with one allowed token; with a choice; written without asking. */
  forced: number;
  chosen: number;
  unasked: number;
  /** Nats, the mean over the steps that were asked: before and after the mask. */
  entropyBefore?: number;
  entropyAfter?: number;
}

export interface MaskedStep {
  /** Its place among the answer's steps. */
  index: number;
  /** Probability that the mask left; absent where the model was not asked. */
  kept?: number;
  /** KL(after ‖ before) of the mask alone, nats: −ln `kept`. */
  kl?: number;
  forced: boolean;
  /** The recorded tokens that the mask took out, the most probable first. */
  masked: Alternative[];
}

/** @returns undefined where no step was under a mask */
export function distortionOf(steps: readonly TokenStep[]): Distortion | undefined {
  const masked = steps.flatMap((step, index): [TokenStep, MaskedStep, StageReport | undefined][] => {
    const stage = step.stages?.find((report) => report.stage === grammarStage);
    if (!stage && step.forced !== "grammar") return [];
    const top = (step.top ?? []).filter(({ removedBy }) => removedBy === grammarStage);
    return [
      [
        step,
        { index, ...(stage && { kept: 1 - stage.removedMass, kl: stage.kl }), forced: step.forced === "grammar", masked: top.toSorted(byLogprob) },
        stage,
      ],
    ];
  });
  if (masked.length === 0) return undefined;
  const reports = masked.flatMap(([, , stage]) => (stage ? [stage] : []));
  const unasked = masked.length - reports.length;
  const mean = (value: (stage: StageReport) => number) => reports.reduce((sum, stage) => sum + value(stage), 0) / reports.length;
  const kept = reports.map(({ removedMass }) => 1 - removedMass);
  const forced = masked.filter(([, step, stage]) => step.forced && stage).length;
  return {
    steps: masked.map(([, step]) => step),
    ...(unasked === 0 && { logMass: 0 - reports.reduce((sum, { kl }) => sum + kl, 0) }),
    belowHalf: kept.filter((share) => share < 0.5).length,
    belowTenth: kept.filter((share) => share < 0.1).length,
    overruled: masked.filter(([step]) => step.top?.some(({ removedBy, logprob }) => removedBy === grammarStage && logprob === best(step.top))).length,
    forced,
    chosen: reports.length - forced,
    unasked,
    ...(reports.length > 0 && { entropyBefore: mean(({ entropyBefore }) => entropyBefore), entropyAfter: mean(({ entropyAfter }) => entropyAfter) }),
  };
}

/** The name of the sampler's stage that lays the mask on. */
export const grammarStage = "grammar";

const byLogprob = (a: Alternative, b: Alternative) => b.logprob - a.logprob;

const best = (top: readonly Alternative[] = []): number => top.reduce((most, { logprob }) => Math.max(most, logprob), Number.NEGATIVE_INFINITY);
