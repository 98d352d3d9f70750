import { CutawayError } from "@cutaway/core";
import { type Arena, STRIDE } from "./arena.ts";
import { BLOCK } from "./block.ts";
import { resultsOf } from "./kernels/results.ts";
import { sumExp, sums } from "./sum-exp.ts";
import { knowSums } from "./take-sums.ts";

/**
 * What the stages work on: the tokens that are still possible, with unnormalised log-probabilities. Scores are float32, as the references compute
 * them (so that ties fall alike); sums are float64.
 */
export interface Distribution {
  arena: Arena;
  /** [0, count): the scores of the tokens left, in the arena. The rest of the array is scratch. */
  scores: Float32Array;
  /** [0, count): their ids, ascending. `undefined` while every token of the vocabulary is left: then index = id. */
  ids: Uint32Array | undefined;
  count: number;
  /** The highest score. */
  top: number;
  /** No score lies below it, where there are many: -Infinity where some may be impossible. */
  low: number;
  /** Σ exp(score − top), and Σ (score − top) · exp(score − top), where `sums` says that they are known. */
  z: number;
  weighted: number;
  /**
   * `taken`: of the scores as they stand. `followed`: kept up with changes by adding and subtracting, good enough to report; whatever decides takes
   * them anew, so that a token does not depend on what was reported before it.
   */
  sums: "none" | "followed" | "taken";
  /** Whether effects are asked for: they need the sums before and after each stage, and the token often neither. */
  isReported: boolean;
  /** Whether the arena's `blocks` are the highest scores of these. */
  hasBlocks: boolean;
}

/** What a stage did to a distribution. */
export interface StageEffect {
  /** Probability of the tokens it took out, under the distribution before it. */
  removedMass: number;
  /** KL(after ‖ before), nats. */
  kl: number;
}

export const noEffect: StageEffect = { removedMass: 0, kl: 0 };

/** From so many scores on, loops are run by the kernels: sums are good to 1.5e-7 there, to 2e-6 at worst; below they are exact to 1e-11. */
export const MANY = 4096;

/** The lowest float32 that is not -Infinity. */
const LOWEST = -3.4028234663852886e38;

/** Where a token stands among those left; -1 if a stage took it out. */
export function indexOf({ ids, count }: Distribution, id: number): number {
  if (!ids) return id >= 0 && id < count ? id : -1;
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
 * Brings `top` up to date with the scores; tokens whose score is -Infinity are taken out. The sums are taken at once where there are few, else
 * when they are asked for.
 * after   what made the scores, for the error: `the model`, or a stage.
 * top     the highest score, where it is known; `low` is up to date then.
 * @throws `bad-logits` for NaN or +Infinity, and where no token is left.
 */
export function measure(distribution: Distribution, after: string, top?: number): void {
  if (distribution.count === 0) throw badLogits("there are no logits");
  if (hasKernels(distribution)) lookOver(distribution, after, top);
  else sumAtOnce(distribution, after, top);
}

/** Whether there are so many scores that the kernels go over them. */
export const hasKernels = ({ arena, count }: Distribution): boolean => count >= MANY && arena.kernels !== undefined;

function lookOver(distribution: Distribution, after: string, known: number | undefined): void {
  const { arena, count } = distribution;
  distribution.top = known ?? (distribution.hasBlocks ? highestIn(arena.blocks, 0, Math.ceil(count / STRIDE)) : highest(distribution));
  distribution.sums = "none";
  refuse(distribution.top, after);
  if (distribution.low === -Infinity) takeOutImpossible(distribution);
}

function sumAtOnce(distribution: Distribution, after: string, top: number | undefined): void {
  sumExp(distribution.scores, distribution.count, top);
  refuse(Number.isNaN(sums.z) && sums.top > -Infinity && sums.top < Infinity ? Number.NaN : sums.top, after);
  distribution.top = sums.top;
  distribution.z = sums.z;
  distribution.weighted = sums.weighted;
  distribution.sums = "taken";
  if (sums.impossible > 0) takeOutImpossible(distribution);
}

function refuse(top: number, after: string): void {
  if (Number.isNaN(top)) throw badLogits(`a logit is not a number after ${after}`);
  if (top === Infinity) throw badLogits(`a logit is Infinity after ${after}`);
  if (top === -Infinity) throw badLogits(`no token is possible after ${after}`);
}

/** The highest score, NaN if one is; the arena's blocks and `low` are up to date then. */
export function highest(distribution: Distribution): number {
  const { arena, scores, count } = distribution;
  const { kernels, at } = arena;
  distribution.hasBlocks = true;
  distribution.low = Infinity;
  let top = -Infinity;
  let from = 0;
  if (kernels) {
    from = count - (count % STRIDE);
    top = kernels.maxima(at.scores, from, at.blocks, 0);
    const [low, sum] = resultsOf(kernels.memory.buffer).float32 as unknown as [number, number];
    if (Number.isNaN(sum) && hasNaN(scores, from)) return Number.NaN;
    distribution.low = low;
  }
  for (; from < count; from += STRIDE) {
    const to = Math.min(count, from + STRIDE);
    const own = highestIn(scores, from, to);
    arena.blocks[from / STRIDE] = own;
    if (own > top || Number.isNaN(own)) top = own;
    distribution.low = Math.min(distribution.low, lowestIn(scores, from, to));
  }
  return top;
}

function hasNaN(scores: Float32Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (Number.isNaN(scores[i])) return true;
  return false;
}

/** NaN if one is. */
export function highestIn(scores: Float32Array, from: number, to: number): number {
  let top = -Infinity;
  for (let i = from; i < to; i++) if ((scores[i] as number) > top || Number.isNaN(scores[i])) top = scores[i] as number;
  return top;
}

function lowestIn(scores: Float32Array, from: number, to: number): number {
  let low = Infinity;
  for (let i = from; i < to; i++) if ((scores[i] as number) < low) low = scores[i] as number;
  return low;
}

/** Mean and standard deviation of the scores left, over all of them alike (not weighted by probability). */
export function momentsOf(distribution: Distribution): { mean: number; deviation: number } {
  const { arena, scores, count, top } = distribution;
  let sum = 0;
  let squares = 0;
  if (arena.kernels && count >= MANY) {
    arena.kernels.moments(arena.at.scores, count, top, 0);
    const { float64 } = resultsOf(arena.kernels.memory.buffer);
    sum = float64[0] as number;
    squares = float64[1] as number;
  } else {
    for (let i = 0; i < count; i++) {
      const above = (scores[i] as number) - top;
      sum += above;
      squares += above * above;
    }
  }
  const mean = sum / count;
  return { mean: top + mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Divides every score; both numbers are taken as float32, as in the references. */
export function divideAll(distribution: Distribution, by: number): void {
  const { arena, scores, count } = distribution;
  const divisor = Math.fround(by);
  if (arena.kernels && count >= MANY) arena.kernels.divide(arena.at.scores, Math.ceil(count / 4) * 4, divisor);
  else for (let from = 0; from < count; from += BLOCK) divideRange(scores, from, Math.min(count, from + BLOCK), divisor);
  distribution.low = Math.fround(distribution.low / divisor);
  // A greater score is never the smaller one after: the blocks' highest stay so.
  if (distribution.hasBlocks) divideRange(arena.blocks, 0, Math.ceil(count / STRIDE), divisor);
}

function divideRange(numbers: Float32Array, from: number, to: number, by: number): void {
  for (let i = from; i < to; i++) numbers[i] = (numbers[i] as number) / by;
}

/** The places of all scores from `line` up, ascending. */
export function placesFrom(distribution: Distribution, line: number): number[] {
  const { arena, scores, count } = distribution;
  if (!distribution.hasBlocks) highest(distribution);
  const places: number[] = [];
  const blockCount = Math.ceil(count / STRIDE);
  for (let block = 0; block < blockCount; block++) {
    if ((arena.blocks[block] as number) >= line) addPlaces(places, scores, block * STRIDE, Math.min(count, block * STRIDE + STRIDE), line);
  }
  return places;
}

function addPlaces(places: number[], scores: Float32Array, from: number, to: number, line: number): void {
  for (let i = from; i < to; i++) if ((scores[i] as number) >= line) places.push(i);
}

/**
 * Keeps the tokens whose score is at least `threshold`, except the first `without` of those that are equal to it. The most probable stays.
 */
export function cut(distribution: Distribution, threshold: number, without = 0): StageEffect {
  const { arena, ids, count } = distribution;
  const blockCount = Math.ceil(count / STRIDE);
  if (!distribution.hasBlocks) highest(distribution);
  if (without === 0 && arena.kernels && isCommon(distribution, threshold)) {
    const kept = arena.kernels.compact(arena.at.scores, arena.at.ids, count, threshold, ids ? 0 : 1);
    return keepFirst(distribution, kept, distribution.top);
  }
  const moved: Moved = { kept: 0, skip: without };
  moveBlocks(distribution, blockCount, threshold, moved);
  return keepFirst(distribution, moved.kept, distribution.top);
}

/** Whether a distribution is long, and so many of its blocks reach the line that all are better gone through by a kernel. */
export function isCommon(distribution: Distribution, line: number): boolean {
  const { arena, count } = distribution;
  if (!arena.kernels || count < MANY) return false;
  if (!distribution.hasBlocks) highest(distribution);
  const blockCount = Math.ceil(count / STRIDE);
  return countReaching(arena.blocks, blockCount, line) > blockCount / 4;
}

function countReaching(blocks: Float32Array, count: number, line: number): number {
  let reaching = 0;
  for (let block = 0; block < count; block++) if ((blocks[block] as number) >= line) reaching++;
  return reaching;
}

function moveBlocks({ arena, scores, ids, count }: Distribution, blockCount: number, threshold: number, moved: Moved): void {
  for (let block = 0; block < blockCount; block++) {
    if ((arena.blocks[block] as number) < threshold) continue;
    moveBlock(scores, ids, block * STRIDE, Math.min(count, block * STRIDE + STRIDE), threshold, arena.ids, moved);
  }
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

/** Keeps the tokens of which `keeps` is true; the most probable may go. @throws `nothing-allowed` */
export function filter(distribution: Distribution, keeps: (id: number, score: number) => boolean, stage: string): StageEffect {
  const { arena, scores, ids, count } = distribution;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const id = ids ? (ids[i] as number) : i;
    const score = scores[i] as number;
    if (!keeps(id, score)) continue;
    arena.ids[kept] = id;
    scores[kept++] = score;
  }
  return keepOnly(distribution, kept, stage);
}

/** Keeps the tokens at these places, which ascend. */
export function keepPlaces(distribution: Distribution, places: readonly number[], stage: string): StageEffect {
  const { arena, scores, ids } = distribution;
  for (const [i, place] of places.entries()) {
    arena.ids[i] = ids ? (ids[place] as number) : place;
    scores[i] = scores[place] as number;
  }
  return keepOnly(distribution, places.length, stage);
}

/** The first `kept` of the arena's scores and ids are those that stay. @throws `nothing-allowed` */
export function keepOnly(distribution: Distribution, kept: number, stage: string): StageEffect {
  if (kept > 0) return keepFirst(distribution, kept, undefined);
  throw new CutawayError("nothing-allowed", `${stage} leaves no token: what it allows was taken out before it, or has no probability`, {
    data: { stage },
    fix: `Put ${stage} first, or loosen it or the stages before it.`,
  });
}

/** The effect is worked out from the sums of both sides, so that a removal of almost everything is still told exactly. */
function keepFirst(distribution: Distribution, kept: number, top: number | undefined): StageEffect {
  const { top: topBefore, z: zBefore, count, isReported } = distribution;
  if (kept === count) return noEffect;
  distribution.ids = distribution.arena.ids;
  distribution.count = kept;
  distribution.hasBlocks = false;
  measure(distribution, "a cut", top);
  if (!isReported) return noEffect;
  const logKept = Math.min(0, distribution.top - topBefore + Math.log(knowSums(distribution).z / zBefore));
  return { removedMass: -Math.expm1(logKept), kl: -logKept };
}

export function takeOutImpossible(distribution: Distribution): void {
  const { arena, scores, ids, count } = distribution;
  const { kernels, at } = arena;
  if (kernels && count >= MANY) {
    distribution.count = kernels.compact(at.scores, at.ids, count, LOWEST, ids ? 0 : 1);
  } else {
    const moved: Moved = { kept: 0, skip: 0 };
    for (let from = 0; from < count; from += BLOCK) moveBlock(scores, ids, from, Math.min(count, from + BLOCK), LOWEST, arena.ids, moved);
    distribution.count = moved.kept;
  }
  distribution.ids = arena.ids;
  distribution.hasBlocks = false;
  distribution.low = LOWEST;
}

const badLogits = (says: string) =>
  new CutawayError("bad-logits", `${says}: there is nothing to draw from`, {
    fix: "Look at the model: broken weights or numbers that overflow in its layers give such logits.",
  });
