import { checkCount, type HitCount } from "./hit-count.ts";
import { zOf } from "./normal-quantile.ts";

export interface Interval {
  /** What was seen: hits ÷ runs, or the difference of two such rates. */
  estimate: number;
  low: number;
  high: number;
  /** E.g. 0.95. */
  level: number;
}

/**
 * Interval of a rate by Wilson's score method: honest at few runs and at 0 and 1, where the textbook interval has no width.
 * @returns undefined without runs
 * @throws `invalid-count`, `invalid-level`
 * source  Wilson 1927, JASA 22(158)
 */
export function wilsonInterval(count: HitCount, level = 0.95): Interval | undefined {
  checkCount(count);
  const { hits, runs } = count;
  const z = zOf(level);
  if (runs === 0) return undefined;
  const rate = hits / runs;
  const shrink = 1 + z ** 2 / runs;
  const centre = (rate + z ** 2 / (2 * runs)) / shrink;
  const half = (z / shrink) * Math.sqrt((rate * (1 - rate)) / runs + z ** 2 / (4 * runs ** 2));
  return { estimate: rate, low: hits === 0 ? 0 : centre - half, high: hits === runs ? 1 : centre + half, level };
}

/**
 * Interval of the difference of two independent rates, a's minus b's: the square-and-add of their Wilson intervals.
 * @returns undefined where an arm has no runs
 * @throws `invalid-count`, `invalid-level`
 * source  Newcombe 1998, method 10, Statistics in Medicine 17(8)
 */
export function newcombeInterval(a: HitCount, b: HitCount, level = 0.95): Interval | undefined {
  const [of, less] = [wilsonInterval(a, level), wilsonInterval(b, level)];
  if (!of || !less) return undefined;
  const estimate = of.estimate - less.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(of.estimate - of.low, less.high - less.estimate),
    high: estimate + Math.hypot(of.high - of.estimate, less.estimate - less.low),
    level,
  };
}

/**
 * The highest rate that is compatible with no hit in so many runs: above it, seeing none has a probability below 1 − level.
 * One-sided, exact; 3 runs → 0.632, 5 → 0.451 at 0.95.
 */
export const highestRateWithoutHits = (runs: number, level = 0.95): number => (runs === 0 ? 1 : 1 - (1 - level) ** (1 / runs));
