import { quantile } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inTiming } from "../evidence.ts";
import { seconds } from "../words.ts";

/** The stream stood still between two chunks. */
export const stall = callRule({
  id: "slow.stall",
  title: "The stream stood still",
  check: (call): Found[] => {
    const { chunks } = call.instants;
    if (!chunks || chunks.length < 8) return [];
    const gaps = chunks.slice(1).map(([at], i) => at - (chunks[i]?.[0] ?? at));
    const median = quantile(
      [...gaps].sort((a, b) => a - b),
      0.5,
    );
    const threshold = Math.max(3_000, median * 20);
    const stalls = gaps.flatMap((gap, i) => (gap >= threshold ? [{ gap, i }] : [])).sort((a, b) => b.gap - a.gap);
    const [worst] = stalls;
    if (!worst) return [];
    const from = chunks[worst.i]?.[0] ?? 0;
    return [
      {
        severity: worst.gap >= 10_000 ? "warning" : "note",
        certainty: "certain",
        says: `The stream stood still for ${seconds(worst.gap)} after ${seconds(from)}${stalls.length > 1 ? `, and ${stalls.length - 1} more ${stalls.length === 2 ? "time" : "times"}` : ""}; the usual gap between chunks was ${seconds(median)}.`,
        evidence: stalls.slice(0, 5).map(({ gap, i }) => inTiming(call, { start: i, end: i + 2 }, `${seconds(gap)} without a byte`)),
      },
    ];
  },
});
