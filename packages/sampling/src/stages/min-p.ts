import { cut } from "../distribution.ts";
import type { Stage } from "../stage.ts";

/**
 * Keeps the tokens that are at least p times as probable as the most probable one: many where the model is unsure, few where it is sure.
 * source  Nguyen et al. 2024, arXiv 2407.01082; `MinPLogitsWarper` of transformers
 */
export function minP(setting: number): Stage {
  return {
    name: "min_p",
    setting,
    apply: (distribution) => cut(distribution, distribution.top + Math.log(setting)),
  };
}
