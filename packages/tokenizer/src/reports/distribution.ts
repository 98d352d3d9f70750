import { quantile } from "@cutaway/core";
import type { Distribution } from "./report-types.ts";

/** Of one number per text. values  not empty */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return {
    total,
    mean: total / sorted.length,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    most: sorted[sorted.length - 1] as number,
  };
}
