import { type Distribution, idAt, noEffect, type StageEffect } from "../distribution.ts";
import { knowSums } from "../take-sums.ts";

/** Leaves the one most probable token; of equal ones the lowest id, as argmax does. */
export function keepMostProbable(distribution: Distribution): StageEffect {
  const { arena, scores, count, top, isReported } = distribution;
  const z = isReported ? knowSums(distribution).z : 1;
  let best = 0;
  while (best < count - 1 && scores[best] !== top) best++;
  arena.ids[0] = idAt(distribution, best);
  scores[0] = scores[best] as number;
  distribution.ids = arena.ids;
  distribution.count = 1;
  distribution.z = 1;
  distribution.weighted = 0;
  distribution.sums = "taken";
  distribution.hasBlocks = false;
  if (!isReported) return noEffect;
  return { removedMass: 1 - 1 / z, kl: Math.log(z) };
}
