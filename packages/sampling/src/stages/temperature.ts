import { type Distribution, divideAll, measure, noEffect, type StageEffect } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { knowSums, takeSums } from "../take-sums.ts";
import { keepMostProbable } from "./keep-most-probable.ts";

/**
 * Divides every logit by the temperature: below 1 sharpens, above 1 flattens. 0 is the limit: only the most probable token is left.
 * source  Ackley, Hinton, Sejnowski 1985; `TemperatureLogitsWarper` of transformers (which refuses 0)
 */
export function temperature(setting: number): Stage {
  return {
    name: "temperature",
    setting,
    apply: (distribution) => (setting === 0 ? keepMostProbable(distribution) : divide(distribution, setting)),
  };
}

function divide(distribution: Distribution, setting: number): StageEffect {
  const { top, isReported } = distribution;
  const zBefore = isReported ? knowSums(distribution).z : 1;
  divideAll(distribution, setting);
  measure(distribution, "temperature", Math.fround(top / Math.fround(setting)));
  if (!isReported) return noEffect;
  // Relative to the top, a score before is T times the score after: KL = E_after[ln after − ln before].
  const { z, weighted } = takeSums(distribution);
  return { removedMass: 0, kl: Math.max(0, (weighted / z) * (1 - setting) + Math.log(zBefore / z)) };
}
