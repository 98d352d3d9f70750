import { BLOCK } from "../block.ts";
import { type Distribution, entropyOf, filter, logSumOf } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { expBelow } from "../sum-exp.ts";
import { lineAt } from "../threshold.ts";

/**
 * Keeps the tokens whose surprise (−ln p) lies closest to the entropy, the expected surprise, until their probability reaches p; all that are as
 * far from it as the last stay. The most probable token may be too probable to be typical, and go.
 * source  Meister et al. 2022, arXiv 2202.00666; `TypicalLogitsWarper` of transformers
 */
export function typicalP(mass: number): Stage {
  return {
    name: "typical_p",
    setting: mass,
    apply(distribution) {
      const { arena, count, top, z } = distribution;
      // −ln p − H = (logSum − H) − score
      const typical = logSumOf(distribution) - entropyOf(distribution);
      for (let from = 0; from < count; from += BLOCK) weigh(distribution, from, Math.min(count, from + BLOCK), typical, top);
      const { threshold } = lineAt(arena.keys, arena.weights, count, mass * z);
      return filter(distribution, (_, score) => Math.fround(-Math.abs(typical - score)) >= threshold, "typical_p");
    },
  };
}

function weigh({ arena, scores }: Distribution, from: number, to: number, typical: number, top: number): void {
  const { keys, weights } = arena;
  for (let i = from; i < to; i++) {
    const score = scores[i] as number;
    keys[i] = -Math.abs(typical - score);
    weights[i] = expBelow(top - score);
  }
}
