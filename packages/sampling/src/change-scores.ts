import { type Distribution, indexOf, measure, noEffect, type StageEffect } from "./distribution.ts";
import { expBelow } from "./sum-exp.ts";

/** Where less than this share of Σ exp is left, subtracting has lost too many digits and the sum is taken anew. */
const PRECISE = 1e-3;
/** Above it a score that was low may have become the highest by far, and exp of the difference is no small number any more. */
const RISE = 20;

/**
 * Gives some tokens other scores; -Infinity takes one out.
 * ids     each once; those that are not left, or that the output has no score for, are passed over.
 * change  the new score from the old one; `i` is the place in `ids`.
 */
export function changeScores(
  distribution: Distribution,
  ids: readonly number[],
  change: (score: number, i: number) => number,
  stage: string,
): StageEffect {
  const { scores, top: topBefore, z: zBefore } = distribution;
  const indexes: number[] = [];
  const rises: number[] = [];
  let { z, weighted } = distribution;
  let topHolds = true;
  let gone = 0;
  for (const [i, id] of ids.entries()) {
    const index = indexOf(distribution, id);
    if (index < 0) continue;
    const before = scores[index] as number;
    scores[index] = change(before, i);
    const after = scores[index] as number;
    if (after === before) continue;
    indexes.push(index);
    rises.push(after - before);
    if (before === topBefore || after > topBefore) topHolds = false;
    const was = weightOf(before - topBefore);
    z -= was;
    weighted -= (before - topBefore) * was;
    if (after === -Infinity) {
      gone += was;
      continue;
    }
    const is = after - topBefore > RISE ? Number.NaN : weightOf(after - topBefore);
    z += is;
    weighted += (after - topBefore) * is;
  }
  if (indexes.length === 0) return noEffect;
  distribution.hasBlocks = false;
  const afterwards = indexes.map((index) => scores[index] as number);
  if (topHolds && gone === 0 && z > PRECISE * zBefore) {
    distribution.z = z;
    distribution.weighted = weighted;
  } else {
    measure(distribution, stage);
  }
  // KL = E_after[ln after − ln before]: unchanged tokens all moved by the same ln(zBefore / z) and the change of the top.
  const { top } = distribution;
  let moved = 0;
  for (const [i, after] of afterwards.entries()) if (after > -Infinity) moved += Math.exp(after - top) * (rises[i] as number);
  const kl = moved / distribution.z + (topBefore - top) + Math.log(zBefore / distribution.z);
  return { removedMass: Math.min(1, gone / zBefore), kl: Math.max(0, kl) };
}

const weightOf = (above: number): number => (above <= 0 ? expBelow(-above) : Math.exp(above));
