import { PART } from "./arena.ts";
import { type Distribution, hasKernels } from "./distribution.ts";
import { expBelow } from "./sum-exp.ts";
import { takeSums } from "./take-sums.ts";

/**
 * The index of the token on which a uniform number in [0, 1) falls, the tokens laid out by ascending id, each as wide as its probability.
 * The same number falls on the same token wherever the distribution is the same.
 */
export function draw(distribution: Distribution, uniform: number): number {
  const { arena, scores, count, top, z } = takeSums(distribution);
  const line = uniform * z;
  let sum = 0;
  let from = 0;
  if (hasKernels(distribution)) {
    for (; count - from > PART; from += PART) {
      const next = sum + (arena.parts[from / PART] as number);
      if (next > line) break;
      sum = next;
    }
  }
  const to = hasKernels(distribution) ? Math.min(count, from + PART) : count;
  const found = seek(scores, from, to, top, line - sum);
  // By rounding the number can fall just past the last token that has a probability.
  return found >= 0 ? found : lastPossible(distribution);
}

/** Where the weights from `from` on pass the line; the last with a weight, where they come just short of it; -1 where none has one. */
function seek(scores: Float32Array, from: number, to: number, top: number, line: number): number {
  let sum = 0;
  let last = -1;
  for (let i = from; i < to; i++) {
    const weight = expBelow(top - (scores[i] as number));
    if (weight === 0) continue;
    sum += weight;
    last = i;
    if (sum > line) return i;
  }
  return last;
}

function lastPossible({ scores, count, top }: Distribution): number {
  let last = count - 1;
  while (last > 0 && expBelow(top - (scores[last] as number)) === 0) last--;
  return last;
}
