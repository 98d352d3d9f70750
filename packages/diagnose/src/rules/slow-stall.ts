import { quantile } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inTiming } from "../evidence.ts";
import { seconds } from "../words.ts";

/** The stream stood still between two chunks; a wait for the first token is `slow.first-token`'s. */
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
    const whole = (chunks.at(-1)?.[0] ?? 0) - (chunks[0]?.[0] ?? 0);
    // A silence that a reader notices by itself, or one that is most of a short stream.
    const isStall = (gap: number) => gap >= median * 20 && (gap >= 3_000 || (gap >= 1_000 && gap > whole / 2));
    const begun = call.instants.firstToken ?? 0;
    const stalls = gaps.flatMap((gap, i) => (isStall(gap) && (chunks[i]?.[0] ?? 0) >= begun ? [{ gap, i }] : [])).sort((a, b) => b.gap - a.gap);
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
