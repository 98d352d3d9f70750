import { BINS, STRIDE } from "./arena.ts";
import { BLOCK } from "./block.ts";
import { type Distribution, highest, isCommon, MANY, placesFrom } from "./distribution.ts";
import type { Kernels } from "./kernels/load-kernels.ts";
import { mostProbable } from "./most-probable.ts";
import { expBelow } from "./sum-exp.ts";
import { takeSums } from "./take-sums.ts";

/** The score at which to cut, and how many of the tokens with exactly this score go too. */
export interface Threshold {
  threshold: number;
  without: number;
}

/** So few are sorted. */
const FEW = 256;
/** Nats below the highest score within which the line is looked for first: a model that is sure of something has it there, among few tokens. */
const NEAR = 10;
/** Up to here a heap of the best blocks is a good bound. */
const LIST = 512;

/** The places of the k highest scores, highest first; of equal ones the lower id first. */
export function bestPlaces(distribution: Distribution, k: number): number[] {
  const { arena, scores, count } = distribution;
  const blockCount = Math.ceil(count / STRIDE);
  if (k > LIST || k > blockCount) return mostProbable(scores, count, k);
  if (!distribution.hasBlocks) highest(distribution);
  // k blocks have a score from the k-th best block's highest up, so no lower score is among the k best.
  const bound = arena.blocks[mostProbable(arena.blocks, blockCount, k).at(-1) ?? 0] as number;
  return placesFrom(distribution, bound)
    .filter((place) => (scores[place] as number) > -Infinity)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, k);
}

/** The k-th highest score. 1 ≤ k ≤ count. */
export function thresholdByCount(distribution: Distribution, k: number): number {
  const { arena, scores, count } = distribution;
  if (k <= LIST) return scores[bestPlaces(distribution, k).at(-1) as number] as number;
  arena.keys.set(scores.subarray(0, count));
  return lineAt(arena.keys, undefined, count, k).threshold;
}

/** The score at which the probability of all that are higher or equal reaches p. 0 < p < 1. */
export function thresholdByMass(distribution: Distribution, p: number): Threshold {
  const { arena, top, z, count } = takeSums(distribution);
  const target = p * z;
  if (!isCommon(distribution, top - NEAR)) {
    const near = lineFrom(distribution, top - NEAR, target);
    if (near.reached) return near;
  }
  // All that lies below this together weighs less than what is left out.
  const low = top - Math.max(NEAR, Math.log(count / (z - target)) + 1);
  if (!arena.kernels || count < MANY || !(low > -Infinity)) return lineFrom(distribution, -Infinity, target);
  arena.kernels.weights(arena.at.scores, Math.ceil(count / 4) * 4, top, arena.at.weights);
  return lineAmongMany(distribution, arena.kernels, { at: arena.at.scores, low, high: top }, target);
}

function lineFrom(distribution: Distribution, low: number, target: number): Line {
  const { keys, fineWeights } = distribution.arena;
  if (!distribution.hasBlocks) highest(distribution);
  return lineAt(keys, fineWeights, weighBlocks(distribution, low), target);
}

function weighBlocks({ arena, scores, top, count }: Distribution, low: number): number {
  let taken = 0;
  for (let block = 0; block * STRIDE < count; block++) {
    if ((arena.blocks[block] as number) < low) continue;
    taken = weighBlock(scores, block * STRIDE, Math.min(count, block * STRIDE + STRIDE), low, top, arena.keys, arena.fineWeights, taken);
  }
  return taken;
}

function weighBlock(scores: Float32Array, from: number, to: number, low: number, top: number, keys: Float32Array, weights: Float64Array, at: number) {
  let taken = at;
  for (let i = from; i < to; i++) {
    const score = scores[i] as number;
    if (score < low) continue;
    keys[taken] = score;
    weights[taken++] = expBelow(top - score);
  }
  return taken;
}

export interface ManyKeys {
  /** Where they stand in the memory of the kernels. */
  at: number;
  /** Between these the line is looked for first. */
  low: number;
  high: number;
}

/** `lineAt` over a list that is long, by the kernels. The arena's `weights` are those of the keys, and used up. */
export function lineAmongMany({ arena, count }: Distribution, kernels: Kernels, { at, low, high }: ManyKeys, target: number): Line {
  const { bins, keys, weights, fineWeights } = arena;
  const scale = BINS / (high - low);
  bins.fill(0);
  kernels.bins(at, arena.at.weights, count, high, scale, arena.at.bins, BINS);
  const { bin, above } = binOfLine(bins, target);
  const taken = kernels.pick(at, arena.at.weights, count, high, scale, bin, BINS, arena.at.keys);
  fineWeights.set(weights.subarray(0, taken));
  return lineAt(keys, fineWeights, taken, target - above);
}

/** The first bin with which the bins up to it reach the target, or the last; and what lies above it. */
function binOfLine(bins: Float64Array, target: number): { bin: number; above: number } {
  let above = 0;
  let bin = 0;
  for (; bin < BINS; bin++) {
    const next = above + (bins[bin] as number);
    if (next >= target) break;
    above = next;
  }
  return { bin, above };
}

export interface Line extends Threshold {
  /** Whether all together reach the target. */
  reached: boolean;
}

/**
 * The highest key t for which the weight of all keys ≥ t reaches `target`; where all together do not, the lowest key. Found by bins of equal width
 * over the range, then by bins of the one bin in which the line lies: linear, and no full sort whatever the shape.
 * keys, weights  [0, count), used up; without weights every key weighs 1. Equal keys weigh the same.
 */
export function lineAt(keys: Float32Array, weights: Float64Array | undefined, count: number, target: number): Line {
  let left = count;
  let above = 0;
  let { low, high } = rangeOf(keys, left);
  while (left > FEW && low < high) {
    const scale = BINS / (high - low);
    const bins = weighBins(keys, weights, left, high, scale);
    let bin = 0;
    while (bin < BINS - 1 && above + (bins[bin] as number) < target) above += bins[bin++] as number;
    left = keepBin(keys, weights, left, high, scale, bin);
    // The line lies just past the last key.
    if (left === 0) return { threshold: low, without: 0, reached: false };
    ({ low, high } = rangeOf(keys, left));
  }
  return lineAmongFew(keys, weights, left, above, target);
}

function lineAmongFew(keys: Float32Array, weights: Float64Array | undefined, count: number, before: number, target: number): Line {
  // In the best case all keys are equal, and many.
  const order = rangeOf(keys, count).low === rangeOf(keys, count).high ? undefined : sortedPlaces(keys, count);
  let above = before;
  let from = 0;
  for (;;) {
    const place = order?.[from] ?? from;
    const threshold = keys[place] as number;
    let to = order ? from + 1 : count;
    while (order && to < count && keys[order[to] as number] === threshold) to++;
    const each = weights ? (weights[place] as number) : 1;
    const equal = to - from;
    const reached = above + equal * each >= target;
    if (reached || to === count) {
      const needed = Math.min(equal, Math.max(1, Math.ceil((target - above) / each)));
      return { threshold, without: Number.isNaN(needed) ? 0 : equal - needed, reached };
    }
    above += equal * each;
    from = to;
  }
}

function sortedPlaces(keys: Float32Array, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => (keys[b] as number) - (keys[a] as number) || a - b);
}

interface Range {
  low: number;
  high: number;
}

function rangeOf(keys: Float32Array, count: number): Range {
  const range = { low: Infinity, high: -Infinity };
  for (let from = 0; from < count; from += BLOCK) widen(range, keys, from, Math.min(count, from + BLOCK));
  return range;
}

function widen(range: Range, keys: Float32Array, from: number, to: number): void {
  let { low, high } = range;
  for (let i = from; i < to; i++) {
    const key = keys[i] as number;
    if (key < low) low = key;
    if (key > high) high = key;
  }
  range.low = low;
  range.high = high;
}

const binOf = (key: number, high: number, scale: number): number => Math.min(BINS - 1, ((high - key) * scale) | 0);

function weighBins(keys: Float32Array, weights: Float64Array | undefined, count: number, high: number, scale: number): Float64Array {
  const bins = new Float64Array(BINS);
  for (let from = 0; from < count; from += BLOCK) addToBins(bins, keys, weights, from, Math.min(count, from + BLOCK), high, scale);
  return bins;
}

function addToBins(bins: Float64Array, keys: Float32Array, weights: Float64Array | undefined, from: number, to: number, high: number, scale: number) {
  for (let i = from; i < to; i++) {
    const bin = binOf(keys[i] as number, high, scale);
    bins[bin] = (bins[bin] as number) + (weights ? (weights[i] as number) : 1);
  }
}

/** Moves the keys of one bin to the front; how many there are. */
function keepBin(keys: Float32Array, weights: Float64Array | undefined, count: number, high: number, scale: number, bin: number): number {
  let kept = 0;
  for (let from = 0; from < count; from += BLOCK) {
    kept = moveToFront(keys, weights, from, Math.min(count, from + BLOCK), high, scale, bin, kept);
  }
  return kept;
}

function moveToFront(
  keys: Float32Array,
  weights: Float64Array | undefined,
  from: number,
  to: number,
  high: number,
  scale: number,
  bin: number,
  before: number,
): number {
  let kept = before;
  for (let i = from; i < to; i++) {
    if (binOf(keys[i] as number, high, scale) !== bin) continue;
    keys[kept] = keys[i] as number;
    if (weights) weights[kept] = weights[i] as number;
    kept++;
  }
  return kept;
}
