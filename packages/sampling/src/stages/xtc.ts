import { type Distribution, filter, noEffect, placesFrom, type StageEffect } from "../distribution.ts";
import type { Stage } from "../stage.ts";
import { logSumOf } from "../take-sums.ts";

/**
 * "Exclude top choices": at some steps, drawn with this probability, takes out every token whose probability reaches the threshold except the least
 * probable of them. Where fewer than two reach it nothing happens.
 * threshold  0 to 0.5: above it no two tokens can reach it.
 * source     Philipp Emanuel Weidmann, text-generation-webui pull request 6335; llama.cpp `llama_sampler_init_xtc`
 */
export function xtc(probability: number, threshold: number): Stage {
  return {
    name: "xtc",
    setting: probability,
    apply(distribution, { random }) {
      return random() < probability ? exclude(distribution, logSumOf(distribution) + Math.log(threshold)) : noEffect;
    },
  };
}

function exclude(distribution: Distribution, line: number): StageEffect {
  const { scores } = distribution;
  const reaching = placesFrom(distribution, line);
  if (reaching.length < 2) return noEffect;
  // Of equal ones the one with the highest id stays: it would come last in a sort.
  const least = reaching.reduce((last, place) => ((scores[place] as number) <= (scores[last] as number) ? place : last));
  const gone = new Set(reaching);
  gone.delete(least);
  let place = -1;
  return filter(distribution, () => !gone.has(++place), "xtc");
}
