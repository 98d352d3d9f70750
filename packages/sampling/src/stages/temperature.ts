import { BLOCK } from "../block.ts";
import { type Distribution, measure } from "../distribution.ts";
import { effectOfCut, type Stage, type StageContext } from "../stage.ts";
import { keepMostProbable } from "./keep-most-probable.ts";

/**
 * Divides every logit by the temperature: below 1 sharpens, above 1 flattens. 0 is the limit: only the most probable token is left.
 * source  Ackley, Hinton, Sejnowski 1985; `TemperatureLogitsWarper` of transformers (which refuses 0)
 */
export function temperature(setting: number): Stage {
  return {
    name: "temperature",
    setting,
    apply: (distribution, context) => (setting === 0 ? effectOfCut(keepMostProbable(distribution)) : divide(distribution, setting, context)),
  };
}

function divide(distribution: Distribution, setting: number, { scratchIds }: StageContext) {
  const { scores, count, top, z: zBefore } = distribution;
  for (let from = 0; from < count; from += BLOCK) divideBlock(scores, from, Math.min(count, from + BLOCK), setting);
  measure(distribution, "temperature", scratchIds, Math.fround(top / setting));
  // Relative to the top, a score before is T times the score after: KL = E_after[ln after − ln before].
  const mean = distribution.weighted / distribution.z;
  return { removedMass: 0, kl: Math.max(0, mean * (1 - setting) + Math.log(zBefore / distribution.z)) };
}

function divideBlock(scores: Float32Array, from: number, to: number, by: number): void {
  for (let i = from; i < to; i++) scores[i] = (scores[i] as number) / by;
}
