import { STRIDE } from "./arena.ts";
import { type Distribution, highestIn, indexOf, measure, noEffect, type StageEffect } from "./distribution.ts";
import { expBelow } from "./sum-exp.ts";

/** Where less than this share of Σ exp is left, subtracting has lost too many digits and the sum is taken anew. */
const PRECISE = 1e-3;

/** Scores after the change and what was added to them; used up within a call. */
let afterwards = new Float32Array(0);
let rises = new Float64Array(0);

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
  if (afterwards.length < ids.length) {
    afterwards = new Float32Array(2 * ids.length);
    rises = new Float64Array(2 * ids.length);
  }
  let { z, weighted } = distribution;
  const { hasBlocks, arena } = distribution;
  let changed = 0;
  let topHolds = true;
  let gone = 0;
  for (let i = 0; i < ids.length; i++) {
    const index = indexOf(distribution, ids[i] as number);
    if (index < 0) continue;
    const before = scores[index] as number;
    scores[index] = change(before, i);
    const after = scores[index] as number;
    if (after === before) continue;
    if (hasBlocks) keepBlock(arena.blocks, scores, index, before, distribution.count);
    afterwards[changed] = after;
    rises[changed++] = after - before;
    if (before === topBefore || after > topBefore) topHolds = false;
    const was = expBelow(topBefore - before);
    z -= was;
    weighted -= (before - topBefore) * was;
    if (after === -Infinity) {
      gone += was;
    } else if (after <= topBefore) {
      const is = expBelow(topBefore - after);
      z += is;
      weighted += (after - topBefore) * is;
    }
  }
  if (changed === 0) return noEffect;
  if (topHolds && gone === 0 && z > PRECISE * zBefore) {
    distribution.z = z;
    distribution.weighted = weighted;
  } else {
    measure(distribution, stage);
  }
  // KL = E_after[ln after − ln before]: unchanged tokens all moved by the same ln(zBefore / z) and the change of the top.
  const { top } = distribution;
  const kl = meanRise(changed, top) / distribution.z + (topBefore - top) + Math.log(zBefore / distribution.z);
  return { removedMass: Math.min(1, gone / zBefore), kl: Math.max(0, kl) };
}

/** One score of a block has changed: its highest is another only where this was the highest, or is it now. */
function keepBlock(blocks: Float32Array, scores: Float32Array, index: number, before: number, count: number): void {
  const block = Math.floor(index / STRIDE);
  const highest = blocks[block] as number;
  if ((scores[index] as number) >= highest) blocks[block] = scores[index] as number;
  else if (before === highest) blocks[block] = highestIn(scores, block * STRIDE, Math.min(count, block * STRIDE + STRIDE));
}

function meanRise(count: number, top: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const weight = expBelow(top - (afterwards[i] as number));
    if (weight > 0) sum += weight * (rises[i] as number);
  }
  return sum;
}
