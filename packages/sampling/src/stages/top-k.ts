import { cut, type Distribution, keepPlaces, noEffect, type StageEffect } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { bestPlaces, thresholdByCount } from "../threshold.ts";
import { keepMostProbable } from "./keep-most-probable.ts";

/**
 * Keeps the k most probable tokens, and all that are exactly as probable as the k-th. Where fewer than k are left, all stay.
 * k = 1 is greedy and keeps one token, the lowest id among equals: it is the one case that differs from the reference, which draws among them.
 * isExact  k tokens and no more, of equal ones those with the lower ids: llama.cpp keeps k, whichever its sort puts first.
 * source   Fan, Lewis, Dauphin 2018, arXiv 1805.04833; `TopKLogitsWarper` of transformers
 */
export function topK(setting: number, isExact = false): Stage {
  return {
    name: "top_k",
    setting,
    apply: (distribution) => (setting === 1 ? keepMostProbable(distribution) : keep(distribution, setting, isExact)),
  };
}

function keep(distribution: Distribution, k: number, isExact: boolean): StageEffect {
  if (k >= distribution.count) return noEffect;
  if (!isExact) return cut(distribution, thresholdByCount(distribution, k));
  const places = bestPlaces(distribution, k);
  return keepPlaces(
    distribution,
    places.sort((a, b) => a - b),
    "top_k",
  );
}
