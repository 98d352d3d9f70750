import { BLOCK } from "./block.ts";
import type { Distribution } from "./distribution.ts";
import { expBelow } from "./sum-exp.ts";

/** The score at which to cut, and how many of the tokens with exactly this score go too. */
export interface Threshold {
  threshold: number;
  without: number;
}

const BINS = 1024;
/** So few are sorted. */
const FEW = 256;
/** Nats below the highest score within which the line is looked for first: a model that is sure of something has it there, among few tokens. */
const NEAR = 10;

/** The k-th highest score. 1 ≤ k ≤ count. */
export function thresholdByCount({ scores, count }: Distribution, k: number, scratch: Float32Array): number {
  return lineAt(scores, count, rangeOf(scores, count), k, undefined, scratch).threshold;
}

/** The score at which the probability of all that are higher or equal reaches p. 0 < p < 1. */
export function thresholdByMass({ scores, count, top, z }: Distribution, p: number, scratch: Float32Array): Threshold {
  const close = keepNear(scores, count, top - NEAR, scratch);
  const near = lineAt(scratch, close, { low: top - NEAR, high: top }, p * z, top, scratch);
  return near.reached ? near : lineAt(scores, count, rangeOf(scores, count), p * z, top, scratch);
}

/**
 * The highest score t for which the weight of all scores ≥ t reaches `target`; where all together do not, the lowest score. Found by bins of
 * equal width over the range, then by bins of the one bin in which the line lies: linear, and no full sort whatever the shape.
 * A score weighs exp(score − top), or 1 where no top is given. `scratch` may be `scores`.
 */
function lineAt(
  scores: Float32Array,
  count: number,
  { low, high }: Range,
  target: number,
  top: number | undefined,
  scratch: Float32Array,
): Threshold & { reached: boolean } {
  let above = 0;
  while (count > FEW && low < high) {
    const scale = BINS / (high - low);
    const bins = weigh(scores, count, high, scale, top);
    let bin = 0;
    while (bin < BINS - 1 && above + (bins[bin] as number) < target) above += bins[bin++] as number;
    const inside = keepBin(scores, count, high, scale, bin, scratch);
    // The line lies just past the last score.
    if (inside === 0) return { threshold: low, without: 0, reached: false };
    scores = scratch;
    count = inside;
    ({ low, high } = rangeOf(scores, count));
  }
  const sorted = scores.slice(0, count).sort();
  let last = count - 1;
  for (;;) {
    const threshold = sorted[last] as number;
    let first = last;
    while (first > 0 && sorted[first - 1] === threshold) first--;
    const equal = last - first + 1;
    const each = weightOf(threshold, top);
    const reached = above + equal * each >= target;
    if (reached || first === 0) {
      const needed = Math.min(equal, Math.max(1, Math.ceil((target - above) / each)));
      return { threshold, without: equal - needed, reached };
    }
    above += equal * each;
    last = first - 1;
  }
}

const weightOf = (score: number, top: number | undefined): number => (top === undefined ? 1 : expBelow(top - score));

const binOf = (score: number, high: number, scale: number): number => Math.min(BINS - 1, ((high - score) * scale) | 0);

interface Range {
  low: number;
  high: number;
}

function rangeOf(scores: Float32Array, count: number): Range {
  const range = { low: Infinity, high: -Infinity };
  for (let from = 0; from < count; from += BLOCK) widen(range, scores, from, Math.min(count, from + BLOCK));
  return range;
}

function widen(range: Range, scores: Float32Array, from: number, to: number): void {
  let { low, high } = range;
  for (let i = from; i < to; i++) {
    const score = scores[i] as number;
    if (score < low) low = score;
    if (score > high) high = score;
  }
  range.low = low;
  range.high = high;
}

function weigh(scores: Float32Array, count: number, high: number, scale: number, top: number | undefined): Float64Array {
  const bins = new Float64Array(BINS);
  for (let from = 0; from < count; from += BLOCK) weighBlock(bins, scores, from, Math.min(count, from + BLOCK), high, scale, top);
  return bins;
}

function weighBlock(bins: Float64Array, scores: Float32Array, from: number, to: number, high: number, scale: number, top: number | undefined): void {
  for (let i = from; i < to; i++) {
    const score = scores[i] as number;
    const bin = binOf(score, high, scale);
    bins[bin] = (bins[bin] as number) + weightOf(score, top);
  }
}

/** Copies the scores from `low` up to the front of `into`; how many there are. */
function keepNear(scores: Float32Array, count: number, low: number, into: Float32Array): number {
  let kept = 0;
  for (let from = 0; from < count; from += BLOCK) kept = keepNearBlock(scores, from, Math.min(count, from + BLOCK), low, into, kept);
  return kept;
}

function keepNearBlock(scores: Float32Array, from: number, to: number, low: number, into: Float32Array, before: number): number {
  let kept = before;
  for (let i = from; i < to; i++) if ((scores[i] as number) >= low) into[kept++] = scores[i] as number;
  return kept;
}

/** Copies the scores of one bin to the front of `into`; how many there are. */
function keepBin(scores: Float32Array, count: number, high: number, scale: number, bin: number, into: Float32Array): number {
  let kept = 0;
  for (let from = 0; from < count; from += BLOCK) kept = keepBinBlock(scores, from, Math.min(count, from + BLOCK), high, scale, bin, into, kept);
  return kept;
}

function keepBinBlock(scores: Float32Array, from: number, to: number, high: number, scale: number, bin: number, into: Float32Array, before: number) {
  let kept = before;
  for (let i = from; i < to; i++) if (binOf(scores[i] as number, high, scale) === bin) into[kept++] = scores[i] as number;
  return kept;
}
