import { type Arena, STRIDE } from "./arena.ts";
import { type Distribution, highestIn, indexOf, measure, noEffect, type StageEffect } from "./distribution.ts";
import { expBelow } from "./sum-exp.ts";
import { knowSums } from "./take-sums.ts";

/** Where less than this share of Σ exp is left, subtracting has lost too many digits and the sum is taken anew. */
const PRECISE = 1e-3;

/** From so many changes on the kernels weigh them. */
const SOME = 64;

/** The scores that changed, before and after; used up within a call. */
let befores = new Float32Array(0);
let afterwards = new Float32Array(0);

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
  const { scores, count, hasBlocks, arena, isReported } = distribution;
  const { top: topBefore, z: zBefore, weighted: weightedBefore } = isReported ? knowSums(distribution) : distribution;
  if (afterwards.length < ids.length) {
    befores = new Float32Array(2 * ids.length);
    afterwards = new Float32Array(2 * ids.length);
  }
  let { low } = distribution;
  let changed = 0;
  let topHolds = true;
  for (let i = 0; i < ids.length; i++) {
    const index = indexOf(distribution, ids[i] as number);
    if (index < 0) continue;
    const before = scores[index] as number;
    scores[index] = change(before, i);
    const after = scores[index] as number;
    if (after === before) continue;
    if (after < low) low = after;
    if (hasBlocks) keepBlock(arena.blocks, scores, index, before, count);
    befores[changed] = before;
    afterwards[changed++] = after;
    if (before === topBefore || after > topBefore) topHolds = false;
  }
  if (changed === 0) return noEffect;
  const weighed = isReported ? weighChanged(arena, changed, topBefore) : undefined;
  settle(distribution, topHolds ? topBefore : undefined, low, stage);
  if (!weighed) return noEffect;
  const { was, gone } = weighed;
  const { top } = distribution;
  const { is, rise } = weighChanged(arena, changed, top);
  const z = zBefore - was.z + is.z;
  if (topHolds && z > PRECISE * zBefore) {
    distribution.z = z;
    distribution.weighted = weightedBefore - was.weighted + is.weighted;
    distribution.sums = "followed";
  }
  // KL = E_after[ln after − ln before]: unchanged tokens all moved by the same ln(zBefore / z) and the change of the top.
  const zAfter = knowSums(distribution).z;
  const kl = rise / zAfter + (topBefore - top) + Math.log(zBefore / zAfter);
  return { removedMass: Math.min(1, gone / zBefore), kl: Math.max(0, kl) };
}

interface Changed {
  /** What they add to both sums, before the change and after it. */
  was: { z: number; weighted: number };
  is: { z: number; weighted: number };
  /** Weight, before the change, of those that are impossible now. */
  gone: number;
  /** Σ of what was added to the scores, by the weight after. */
  rise: number;
}

/** Scores above the top weigh nothing here: then it is another one, and all sums are taken anew. */
function weighChanged(arena: Arena, count: number, top: number): Changed {
  const was = { z: 0, weighted: 0 };
  const is = { z: 0, weighted: 0 };
  let gone = 0;
  let rise = 0;
  const weightsBefore = weightsOf(arena, befores, count, top);
  for (let i = 0; i < count; i++) {
    const before = befores[i] as number;
    if (before > top) continue;
    const weight = weightsBefore[i] as number;
    was.z += weight;
    was.weighted += (before - top) * weight;
    if (afterwards[i] === -Infinity) gone += weight;
  }
  const weightsAfter = weightsOf(arena, afterwards, count, top);
  for (let i = 0; i < count; i++) {
    const after = afterwards[i] as number;
    if (after > top || after === -Infinity) continue;
    const weight = weightsAfter[i] as number;
    is.z += weight;
    is.weighted += (after - top) * weight;
    rise += weight * (after - (befores[i] as number));
  }
  return { was, is, gone, rise };
}

/** In scratch of the arena: gone with the next call. */
function weightsOf({ kernels, at, keys, weights, fineWeights }: Arena, scores: Float32Array, count: number, top: number): ArrayLike<number> {
  if (kernels && count >= SOME) {
    keys.set(scores.subarray(0, count));
    kernels.weights(at.keys, Math.ceil(count / 4) * 4, top, at.weights);
    return weights;
  }
  for (let i = 0; i < count; i++) fineWeights[i] = expBelow(top - (scores[i] as number));
  return fineWeights;
}

/** After a change: what became impossible goes, the highest is found where it may be another. Sums are none, or of few scores. */
function settle(distribution: Distribution, top: number | undefined, low: number, stage: string): void {
  distribution.low = low;
  measure(distribution, stage, top);
}

/** One score of a block has changed: its highest is another only where this was the highest, or is it now. */
function keepBlock(blocks: Float32Array, scores: Float32Array, index: number, before: number, count: number): void {
  const block = Math.floor(index / STRIDE);
  const highest = blocks[block] as number;
  if ((scores[index] as number) >= highest) blocks[block] = scores[index] as number;
  else if (before === highest) blocks[block] = highestIn(scores, block * STRIDE, Math.min(count, block * STRIDE + STRIDE));
}
