import type { Distribution } from "./distribution.ts";

/** The score at which to cut, and how many of the tokens with exactly this score go too. */
export interface Threshold {
  threshold: number;
  without: number;
}

const BINS = 1024;
/** So few are sorted. */
const FEW = 256;

/** The k-th highest score. 1 ≤ k ≤ count. */
export function thresholdByCount(distribution: Distribution, k: number, scratch: Float32Array): Threshold {
  return find(distribution, k, () => 1, scratch);
}

/** The score at which the probability of all that are higher or equal reaches p. 0 < p < 1. */
export function thresholdByMass(distribution: Distribution, p: number, scratch: Float32Array): Threshold {
  const { top, z } = distribution;
  return find(distribution, p * z, (score) => Math.exp(score - top), scratch);
}

/**
 * The highest score t for which the weight of all scores ≥ t reaches `target`. Found by bins of equal width, then by bins of the one bin in which the
 * line lies: linear, and no full sort whatever the shape. `weight` depends on the score alone.
 */
function find(distribution: Distribution, target: number, weight: (score: number) => number, scratch: Float32Array): Threshold {
  let scores = distribution.scores;
  let count = distribution.count;
  let above = 0;
  while (count > FEW) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < count; i++) {
      const score = scores[i] as number;
      if (score < low) low = score;
      if (score > high) high = score;
    }
    if (low === high) break;
    const scale = BINS / (high - low);
    const bins = new Float64Array(BINS);
    const binOf = (score: number) => Math.min(BINS - 1, Math.floor((high - score) * scale));
    for (let i = 0; i < count; i++) bins[binOf(scores[i] as number)] = (bins[binOf(scores[i] as number)] as number) + weight(scores[i] as number);
    let bin = 0;
    while (bin < BINS - 1 && above + (bins[bin] as number) < target) above += bins[bin++] as number;
    let inside = 0;
    for (let i = 0; i < count; i++) if (binOf(scores[i] as number) === bin) scratch[inside++] = scores[i] as number;
    // Rounding can leave the line just past the last score: then the lowest score is the line.
    if (inside === 0) return { threshold: low, without: 0 };
    scores = scratch;
    count = inside;
  }
  const sorted = scores.slice(0, count).sort();
  let last = count - 1;
  for (;;) {
    const threshold = sorted[last] as number;
    let first = last;
    while (first > 0 && sorted[first - 1] === threshold) first--;
    const equal = last - first + 1;
    const each = weight(threshold);
    if (above + equal * each >= target || first === 0) {
      const needed = Math.min(equal, Math.max(1, Math.ceil((target - above) / each)));
      return { threshold, without: equal - needed };
    }
    above += equal * each;
    last = first - 1;
  }
}
