import type { Distribution } from "./distribution.ts";

/**
 * The index of the token on which a uniform number in [0, 1) falls, the tokens laid out by ascending id, each as wide as its probability.
 * The same number falls on the same token wherever the distribution is the same.
 */
export function draw({ scores, count, top, z }: Distribution, uniform: number): number {
  const line = uniform * z;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const weight = Math.exp((scores[i] as number) - top);
    if (weight === 0) continue;
    sum += weight;
    last = i;
    if (sum > line) break;
  }
  return last;
}
