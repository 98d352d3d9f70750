import { BLOCK } from "../block.ts";
import { type Distribution, filter, MANY } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { expBelow } from "../sum-exp.ts";
import { entropyOf, logSumOf, takeSums } from "../take-sums.ts";
import { lineAmongMany, lineAt } from "../threshold.ts";

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
      const { arena, count, top, z } = takeSums(distribution);
      const { kernels, at } = arena;
      // −ln p − H = (logSum − H) − score
      const typical = Math.fround(logSumOf(distribution) - entropyOf(distribution));
      const target = mass * z;
      let line: number;
      if (kernels && count >= MANY) {
        const whole = Math.ceil(count / 4) * 4;
        kernels.nearness(at.scores, whole, typical, at.keys);
        kernels.weights(at.scores, whole, top, at.weights);
        line = lineAmongMany(distribution, kernels, { at: at.keys, low: -NEAR, high: 0 }, target).threshold;
      } else {
        for (let from = 0; from < count; from += BLOCK) weigh(distribution, from, Math.min(count, from + BLOCK), typical, top);
        line = lineAt(arena.keys, arena.fineWeights, count, target).threshold;
      }
      return filter(distribution, (_, score) => -Math.abs(Math.fround(score - typical)) >= line, "typical_p");
    },
  };
}

/** Nats from the entropy within which the line lies but for tails. */
const NEAR = 32;

function weigh({ arena, scores }: Distribution, from: number, to: number, typical: number, top: number): void {
  const { keys, fineWeights } = arena;
  for (let i = from; i < to; i++) {
    const score = scores[i] as number;
    keys[i] = -Math.abs(score - typical);
    fineWeights[i] = expBelow(top - score);
  }
}
