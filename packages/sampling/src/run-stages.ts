import type { Random, StageReport } from "@cutaway/core";
import { arenaOf } from "./arena.ts";
import { type Distribution, entropyOf, measure } from "./distribution.ts";
import type { Stage, StageContext } from "./stage.ts";

/** What a step knows beside its logits. */
export interface StepInput {
  /** Where the answer begins in the history; default 0: all of it is the answer. */
  answerStart?: number;
  /** Which tokens the grammar allows (`Constraint.mask()` of core). Needed where the sampler was made with `grammar`. */
  mask?: Uint32Array;
}

/** The distribution of the model itself. It lies in the thread's arena: the next one takes its place. @throws `bad-logits` */
export function distributionOf(logits: Float32Array): Distribution {
  const arena = arenaOf(logits.length);
  arena.scores.set(logits);
  const distribution: Distribution = {
    arena,
    scores: arena.scores,
    ids: undefined,
    count: logits.length,
    top: 0,
    z: 0,
    weighted: 0,
    hasBlocks: false,
  };
  measure(distribution, "the model");
  return distribution;
}

export function contextOf(vocabSize: number, history: ArrayLike<number>, random: Random, { answerStart = 0, mask }: StepInput): StageContext {
  return { history, answerStart, vocabSize, random, mask };
}

/** Runs the stages; `after` sees the distribution after each. */
export function runStages(
  stages: readonly Stage[],
  distribution: Distribution,
  context: StageContext,
  after?: (report: StageReport) => void,
): StageReport[] {
  const reports: StageReport[] = [];
  for (const stage of stages) {
    const entropyBefore = entropyOf(distribution);
    const effect = stage.apply(distribution, context);
    const report: StageReport = {
      stage: stage.name,
      // A mask has no setting.
      ...(stage.name !== "grammar" && { setting: stage.setting }),
      kept: distribution.count,
      removedMass: effect.removedMass,
      entropyBefore,
      entropyAfter: entropyOf(distribution),
      kl: effect.kl,
    };
    reports.push(report);
    after?.(report);
  }
  return reports;
}
