import { CutawayError } from "@cutaway/core";
import { BLOCK } from "./block.ts";
import { sumExp, sums } from "./sum-exp.ts";

/**
 * What the stages work on: the tokens that are still possible, with unnormalised log-probabilities. Scores are float32, as the reference computes
 * them (so that ties fall alike); sums are float64.
 */
export interface Distribution {
  /** [0, count): the scores of the tokens left. The rest of the array is scratch. */
  scores: Float32Array;
  /** [0, count): their ids, ascending. `undefined` while every token of the vocabulary is left: then index = id. */
  ids: Uint32Array | undefined;
  count: number;
  /** The highest score. */
  top: number;
  /** Σ exp(score − top). */
  z: number;
  /** Σ (score − top) · exp(score − top). */
  weighted: number;
}

/** Nats. */
export const entropyOf = ({ z, weighted }: Distribution): number => Math.max(0, Math.log(z) - weighted / z);

/** Natural log of the sum of exp(score), over all tokens left. */
export const logSumOf = ({ top, z }: Distribution): number => top + Math.log(z);

/** Where a token stands among those left; -1 if a stage took it out. */
export function indexOf({ ids, count }: Distribution, id: number): number {
  if (!ids) return id < count ? id : -1;
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = ids[middle] as number;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export const idAt = ({ ids }: Distribution, index: number): number => (ids ? (ids[index] as number) : index);

/**
 * Brings `top`, `z` and `weighted` up to date with the scores; tokens whose score is -Infinity are taken out.
 * after   what made the scores, for the error: `the model`, or a stage.
 * top     the highest score, where it is known.
 * @throws `bad-logits` for NaN or +Infinity, and where no token is left.
 */
export function measure(distribution: Distribution, after: string, scratchIds: Uint32Array, top?: number): void {
  const { scores, count } = distribution;
  if (count === 0) throw badLogits("there are no logits");
  sumExp(scores, count, top);
  if (sums.top === Infinity) throw badLogits(`a logit is Infinity after ${after}`);
  if (Number.isNaN(sums.z)) throw badLogits(`${sums.top === -Infinity ? "no token is possible" : "a logit is not a number"} after ${after}`);
  distribution.top = sums.top;
  distribution.z = sums.z;
  distribution.weighted = sums.weighted;
  if (sums.impossible > 0) compact(distribution, -Number.MAX_VALUE, 0, scratchIds);
}

/**
 * Keeps the tokens whose score is at least `threshold`, except the first `without` of those that are equal to it.
 * @returns the probability that was taken out.
 */
export function cut(distribution: Distribution, threshold: number, without: number, scratchIds: Uint32Array): number {
  const before = distribution.z;
  const { count } = distribution;
  compact(distribution, threshold, without, scratchIds);
  if (distribution.count === count) return 0;
  sumExp(distribution.scores, distribution.count, distribution.top);
  distribution.z = sums.z;
  distribution.weighted = sums.weighted;
  return Math.min(1, Math.max(0, 1 - sums.z / before));
}

function compact(distribution: Distribution, threshold: number, without: number, scratchIds: Uint32Array): void {
  const { scores, ids, count } = distribution;
  const moved: Moved = { kept: 0, skip: without };
  for (let from = 0; from < count; from += BLOCK) moveBlock(scores, ids, from, Math.min(count, from + BLOCK), threshold, scratchIds, moved);
  distribution.ids = scratchIds;
  distribution.count = moved.kept;
}

interface Moved {
  kept: number;
  /** Tokens equal to the threshold that are still to be left out. */
  skip: number;
}

function moveBlock(scores: Float32Array, ids: Uint32Array | undefined, from: number, to: number, threshold: number, into: Uint32Array, moved: Moved) {
  let { kept, skip } = moved;
  for (let i = from; i < to; i++) {
    const score = scores[i] as number;
    if (score < threshold) continue;
    if (skip > 0 && score === threshold) {
      skip--;
      continue;
    }
    into[kept] = ids ? (ids[i] as number) : i;
    scores[kept++] = score;
  }
  moved.kept = kept;
  moved.skip = skip;
}

const badLogits = (says: string) =>
  new CutawayError("bad-logits", `${says}: there is nothing to draw from`, {
    fix: "Look at the model: broken weights or numbers that overflow in its layers give such logits.",
  });
