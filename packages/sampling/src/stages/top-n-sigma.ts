import { cut, momentsOf } from "../distribution.ts";
import type { Stage } from "../stage.ts";

/**
 * Keeps the tokens whose logit is at most n standard deviations of all logits left below the highest. A temperature before it changes nothing of
 * what it keeps.
 * source  Tang et al. 2024, arXiv 2411.07641; llama.cpp `llama_sampler_init_top_n_sigma`
 */
export function topNSigma(n: number): Stage {
  return {
    name: "top_n_sigma",
    setting: n,
    apply: (distribution) => cut(distribution, distribution.top - n * momentsOf(distribution).deviation),
  };
}
