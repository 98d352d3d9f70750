import { cut, type Distribution } from "../distribution.ts";
import { mostProbable } from "../most-probable.ts";
import { effectOfCut, type Stage, type StageContext } from "../stage.ts";
import { thresholdByCount } from "../threshold.ts";
import { keepMostProbable } from "./keep-most-probable.ts";

/** Up to here one pass with a short list of the best beats counting. */
const LIST = 512;

/**
 * Keeps the k most probable tokens, and all that are exactly as probable as the k-th. Where fewer than k are left, all stay.
 * k = 1 is greedy and keeps one token, the lowest id among equals: it is the one case that differs from the reference, which draws among them.
 * source  Fan, Lewis, Dauphin 2018, arXiv 1805.04833; `TopKLogitsWarper` of transformers
 */
export function topK(setting: number): Stage {
  return {
    name: "top_k",
    setting,
    apply: (distribution, context) => effectOfCut(setting === 1 ? keepMostProbable(distribution) : keep(distribution, setting, context)),
  };
}

function keep(distribution: Distribution, k: number, { scratchIds, scratchScores }: StageContext): number {
  const { scores, count } = distribution;
  if (k >= count) return 0;
  const threshold =
    k <= LIST ? (scores[mostProbable(scores, count, k).at(-1) as number] as number) : thresholdByCount(distribution, k, scratchScores);
  return cut(distribution, threshold, 0, scratchIds);
}
