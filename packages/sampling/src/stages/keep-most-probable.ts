import { type Distribution, idAt } from "../distribution.ts";

/**
 * Leaves the one most probable token; of equal ones the lowest id, as argmax does.
 * @returns the probability that was taken out.
 */
export function keepMostProbable(distribution: Distribution): number {
  const { scores, count, top, z } = distribution;
  let best = 0;
  while (best < count - 1 && scores[best] !== top) best++;
  const id = idAt(distribution, best);
  scores[0] = top;
  distribution.ids = Uint32Array.of(id);
  distribution.count = 1;
  distribution.z = 1;
  distribution.weighted = 0;
  return 1 - 1 / z;
}
