import { cut } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { entropyOf, logSumOf } from "../take-sums.ts";

/**
 * Keeps the tokens whose probability is at least epsilon, and the most probable.
 * source  Hewitt, Manning, Liang 2022, arXiv 2210.15191, section 4.2; `EpsilonLogitsWarper` of transformers
 */
export function epsilonCutoff(epsilon: number): Stage {
  return {
    name: "epsilon_cutoff",
    setting: epsilon,
    apply: (distribution) => cut(distribution, Math.min(distribution.top, logSumOf(distribution) + Math.log(epsilon))),
  };
}

/**
 * Keeps the tokens whose probability is at least eta = min(epsilon, √epsilon · e^-entropy), and the most probable: the flatter the distribution,
 * the less probable a token may be.
 * source  Hewitt, Manning, Liang 2022, arXiv 2210.15191, section 4.3; `EtaLogitsWarper` of transformers
 */
export function etaCutoff(epsilon: number): Stage {
  return {
    name: "eta_cutoff",
    setting: epsilon,
    apply(distribution) {
      const eta = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropyOf(distribution)));
      return cut(distribution, Math.min(distribution.top, logSumOf(distribution) + Math.log(eta)));
    },
  };
}
