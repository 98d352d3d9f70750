import type { Random, StageReport } from "@cutaway/core";
import { arenaOf } from "./arena.ts";
import { type Distribution, measure } from "./distribution.ts";
import type { Stage, StageContext } from "./stage.ts";
import { reportedEntropy } from "./take-sums.ts";

/** What a step knows beside its logits. */
export interface StepInput {
  /** Where the answer begins in the history; default 0: all of it is the answer. */
  answerStart?: number;
  /** Which tokens the grammar allows (`Constraint.mask()` of core). Needed where the sampler was made with `grammar`. */
  mask?: Uint32Array;
}

/**
 * The distribution of the model itself. It lies in the thread's arena: the next one takes its place.
 * isReported  whether it is asked for what the stages do.
 * @throws `bad-logits`
 */
export function distributionOf(logits: Float32Array, isReported: boolean): Distribution {
  const arena = arenaOf(logits.length);
  arena.scores.set(logits);
  const distribution: Distribution = {
    arena,
    scores: arena.scores,
    ids: undefined,
    count: logits.length,
    top: 0,
    low: -Infinity,
    z: 0,
    weighted: 0,
    sums: "none",
    isReported,
    hasBlocks: false,
  };
  measure(distribution, "the model");
  return distribution;
}

export function contextOf(vocabSize: number, history: ArrayLike<number>, random: Random, { answerStart = 0, mask }: StepInput): StageContext {
  return { history, answerStart, vocabSize, random, mask };
}

/** Runs the stages of a distribution that is reported; `after` sees it after each. */
export function runStages(
  stages: readonly Stage[],
  distribution: Distribution,
  context: StageContext,
  after?: (report: StageReport) => void,
): StageReport[] {
  const reports: StageReport[] = [];
  for (const stage of stages) {
    const entropyBefore = reportedEntropy(distribution);
    const effect = stage.apply(distribution, context);
    const report: StageReport = {
      stage: stage.name,
      // A mask has no setting.
      ...(stage.name !== "grammar" && { setting: stage.setting }),
      kept: distribution.count,
      removedMass: effect.removedMass,
      entropyBefore,
      entropyAfter: reportedEntropy(distribution),
      kl: effect.kl,
    };
    reports.push(report);
    after?.(report);
  }
  return reports;
}

/** Only runs them. */
export function applyStages(stages: readonly Stage[], distribution: Distribution, context: StageContext): void {
  for (const stage of stages) stage.apply(distribution, context);
}
