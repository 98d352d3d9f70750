import { fisherExact, type HitCount, type Interval, newcombeInterval, wilsonInterval } from "@cutaway/metrics";

/** Two arms of an experiment, counted. Absent intervals: an arm without runs. */
export interface ArmComparison {
  rates: [a: Interval | undefined, b: Interval | undefined];
  /** a's rate minus b's. */
  difference?: Interval;
  /** Fisher's exact test: of a's rate being above b's, and of the two being different at all. */
  p: { greater: number; twoSided: number };
}

/** @throws `invalid-count`, `invalid-level` */
export function compareArms(a: HitCount, b: HitCount, level = 0.95): ArmComparison {
  const difference = newcombeInterval(a, b, level);
  return {
    rates: [wilsonInterval(a, level), wilsonInterval(b, level)],
    ...(difference && { difference }),
    p: { greater: fisherExact(a, b, "greater"), twoSided: fisherExact(a, b, "two-sided") },
  };
}
