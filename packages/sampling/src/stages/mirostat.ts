import { cut, type Distribution, keepPlaces, type StageEffect } from "../distribution.ts";
import type { Stage, StageContext } from "../stage.ts";
import { logSumOf } from "../take-sums.ts";
import { bestPlaces } from "../threshold.ts";

export interface MirostatSettings {
  version: 1 | 2;
  /** The surprise of each token that is aimed at, bits. */
  tau: number;
  /** How fast the cut follows: what of the difference is made good at once. */
  eta: number;
}

/**
 * Cuts so that the surprise of what is drawn keeps to tau: after a token more surprising than that it cuts more. It learns from each draw and must
 * be the last stage.
 * version 1  a top-k, k from how fast the probabilities of the hundred best fall (Zipf's exponent); version 2: no token more surprising than mu.
 * source  Basu et al. 2021, arXiv 2007.14966, algorithm 1; version 2 and all constants as llama.cpp `llama_sampler_init_mirostat(_v2)`
 */
export function mirostat({ version, tau, eta }: MirostatSettings): Stage {
  let mu = 2 * tau;
  return {
    name: "mirostat",
    setting: tau,
    apply: (distribution, context) => (version === 1 ? keepByZipf(distribution, mu, context) : keepBySurprise(distribution, mu)),
    drawn(probability) {
      mu -= eta * (-Math.log2(probability) - tau);
    },
  };
}

function keepBySurprise(distribution: Distribution, mu: number): StageEffect {
  return cut(distribution, Math.min(distribution.top, logSumOf(distribution) - mu * Math.LN2));
}

/** Probabilities of the best tokens that the exponent is estimated from. */
const SAMPLED = 100;

function keepByZipf(distribution: Distribution, mu: number, { vocabSize }: StageContext): StageEffect {
  const { scores, count } = distribution;
  const best = bestPlaces(distribution, SAMPLED);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < best.length - 1; i++) {
    const t = Math.log((i + 2) / (i + 1));
    products += t * ((scores[best[i] as number] as number) - (scores[best[i + 1] as number] as number));
    squares += t * t;
  }
  const s = products / squares;
  const epsilon = s - 1;
  const k = ((epsilon * 2 ** mu) / (1 - vocabSize ** -epsilon)) ** (1 / s);
  // One token left, or an exponent of 0 or 1: k is no number, and nothing is known that would cut.
  const kept = Number.isFinite(k) ? Math.min(count, Math.max(1, Math.trunc(k))) : count;
  return keepPlaces(
    distribution,
    bestPlaces(distribution, kept).sort((a, b) => a - b),
    "mirostat",
  );
}
