import { cut } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { thresholdByMass } from "../threshold.ts";

/**
 * Keeps the smallest set of most probable tokens whose probability reaches p; the token that crosses the line stays.
 * Of tokens that are exactly as probable as the one at the line, those with the higher ids stay: the reference sorts ascending and cuts from the front.
 * source  Holtzman et al. 2020, arXiv 1904.09751, section 3.1; `TopPLogitsWarper` of transformers
 */
export function topP(setting: number): Stage {
  return {
    name: "top_p",
    setting,
    apply(distribution) {
      const { threshold, without } = thresholdByMass(distribution, setting);
      return cut(distribution, threshold, without);
    },
  };
}
