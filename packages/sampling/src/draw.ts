import { BLOCK } from "./block.ts";
import type { Distribution } from "./distribution.ts";
import { expBelow } from "./sum-exp.ts";

/**
 * The index of the token on which a uniform number in [0, 1) falls, the tokens laid out by ascending id, each as wide as its probability.
 * The same number falls on the same token wherever the distribution is the same.
 */
export function draw({ scores, count, top, z }: Distribution, uniform: number): number {
  const found: Found = { sum: 0, last: 0, done: false };
  for (let from = 0; from < count && !found.done; from += BLOCK) seekBlock(scores, from, Math.min(count, from + BLOCK), top, uniform * z, found);
  return found.last;
}

interface Found {
  sum: number;
  /** The last index with a probability. */
  last: number;
  done: boolean;
}

function seekBlock(scores: Float32Array, from: number, to: number, top: number, line: number, found: Found): void {
  for (let i = from; i < to; i++) {
    const weight = expBelow(top - (scores[i] as number));
    if (weight === 0) continue;
    found.sum += weight;
    found.last = i;
    if (found.sum > line) {
      found.done = true;
      return;
    }
  }
}
