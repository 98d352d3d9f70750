import { CutawayError } from "@cutaway/core";
import type { Interval } from "./proportion-interval.ts";
import { studentQuantile } from "./student-quantile.ts";

/**
 * Interval of the mean difference of two measures of the same cases, a's minus b's: the cases are the sample, and what they have in common
 * cancels out. Student's t of the differences; at few cases it is wide, as it must be.
 * a, b  as long as each other, one value a case
 * @returns undefined for fewer than two cases
 * @throws `unpaired`, `invalid-level`
 * source  Student 1908, Biometrika 6(1)
 */
export function pairedDifference(a: readonly number[], b: readonly number[], level = 0.95): Interval | undefined {
  if (a.length !== b.length) throw new CutawayError("unpaired", `${a.length} and ${b.length} measures are no pairs`, { kind: "internal" });
  const n = a.length;
  if (n < 2) return undefined;
  const differences = a.map((value, i) => value - (b[i] as number));
  const estimate = differences.reduce((sum, value) => sum + value, 0) / n;
  const variance = differences.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (n - 1);
  const half = studentQuantile(level, n - 1) * Math.sqrt(variance / n);
  return { estimate, low: estimate - half, high: estimate + half, level };
}
