import { keepPlaces } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { bestPlaces } from "../threshold.ts";

/** So many of the most probable tokens are looked at, as in the reference. */
const CONSIDERED = 100;

/**
 * Takes the most probable tokens one by one as long as what they add up to of the entropy stays within h of it; the first stays always. The
 * probabilities are those among the hundred most probable.
 * source  Potraghloo et al. 2025, arXiv 2509.02510; `TopHLogitsWarper` of transformers
 */
export function topH(h: number): Stage {
  return {
    name: "top_h",
    setting: h,
    apply(distribution) {
      const { scores, top } = distribution;
      const best = bestPlaces(distribution, CONSIDERED);
      const weights = best.map((place) => Math.exp((scores[place] as number) - top));
      const sum = weights.reduce((all, weight) => all + weight, 0);
      const terms = weights.map((weight) => (weight > 0 ? -(weight / sum) * Math.log(weight / sum) : 0));
      const most = h * terms.reduce((all, term) => all + term, 0);
      let spent = terms[0] as number;
      let kept = 1;
      while ((weights[kept] ?? 0) > 0 && spent + (terms[kept] as number) <= most) spent += terms[kept++] as number;
      return keepPlaces(
        distribution,
        best.slice(0, kept).sort((a, b) => a - b),
        "top_h",
      );
    },
  };
}
