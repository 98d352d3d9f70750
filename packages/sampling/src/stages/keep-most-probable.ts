import { type Distribution, idAt, type StageEffect } from "../distribution.ts";

/** Leaves the one most probable token; of equal ones the lowest id, as argmax does. */
export function keepMostProbable(distribution: Distribution): StageEffect {
  const { arena, scores, count, top, z } = distribution;
  let best = 0;
  while (best < count - 1 && scores[best] !== top) best++;
  arena.ids[0] = idAt(distribution, best);
  scores[0] = top;
  distribution.ids = arena.ids;
  distribution.count = 1;
  distribution.z = 1;
  distribution.weighted = 0;
  distribution.hasBlocks = false;
  return { removedMass: 1 - 1 / z, kl: Math.log(z) };
}
