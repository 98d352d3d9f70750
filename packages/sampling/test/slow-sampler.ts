import type { SamplerParameters } from "../src/index.ts";

export interface SlowStep {
  parameters: SamplerParameters;
  history: number[];
  /** Of the history, the part that frequency and presence penalty count. */
  answer: number[];
}

/** The stages again, as their definitions read: whole sorts, Math.exp, no shortcuts. `logits` are left as they are. */
export function slowProcess(logits: Float32Array, history: number[], order: string[], parameters: SamplerParameters, window?: number): Float32Array {
  const recent = window ? history.slice(-window) : history;
  let scores: Float32Array = logits.slice();
  for (const stage of order) scores = slowStages[stage]?.(scores, { parameters, history: recent, answer: recent }) ?? scores;
  return scores;
}

export const slowStages: Record<string, (scores: Float32Array, step: SlowStep) => Float32Array> = {
  logit_bias: (scores, { parameters }) => scores.map((score, id) => score + (parameters.logitBias?.[id] ?? 0)),
  repetition_penalty: (scores, { parameters: { repetitionPenalty = 1 }, history }) =>
    scores.map((score, id) => (history.includes(id) ? (score < 0 ? score * repetitionPenalty : score / repetitionPenalty) : score)),
  frequency_penalty: (scores, { parameters: { frequencyPenalty = 0 }, answer }) =>
    scores.map((score, id) => score - Math.fround(Math.fround(frequencyPenalty) * answer.filter((token) => token === id).length)),
  presence_penalty: (scores, { parameters: { presencePenalty = 0 }, answer }) =>
    scores.map((score, id) => (answer.includes(id) ? score - Math.fround(presencePenalty) : score)),
  no_repeat_ngram: (scores, { parameters: { noRepeatNgramSize: n = 0 }, history }) =>
    scores.map((score, id) => (runsOf(history, n).has([...history.slice(history.length - n + 1), id].join()) ? -Infinity : score)),
  // The references divide float32 by float32.
  temperature: (scores, { parameters: { temperature = 1 } }) => scores.map((score) => score / Math.fround(temperature)),
  top_k: (scores, { parameters: { topK = 0 } }) => {
    const line = scores.toSorted().at(-Math.min(topK, scores.length)) ?? -Infinity;
    return scores.map((score) => (score < line ? -Infinity : score));
  },
  top_p: (scores, { parameters: { topP = 1 } }) => {
    const probabilities = slowProbabilities(scores);
    const kept = new Set<number>();
    let mass = 0;
    for (const id of [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || b - a)) {
      if (mass >= topP || scores[id] === -Infinity) break;
      kept.add(id);
      mass += probabilities[id] as number;
    }
    return scores.map((score, id) => (kept.has(id) ? score : -Infinity));
  },
  min_p: (scores, { parameters: { minP = 0 } }) => {
    const line = Math.max(...scores) + Math.log(minP);
    return scores.map((score) => (score < line ? -Infinity : score));
  },
  typical_p: (scores, { parameters: { typicalP = 1 } }) => {
    const probabilities = slowProbabilities(scores);
    const entropy = slowEntropy(scores);
    const distance = probabilities.map((p) => Math.abs(-Math.log(p) - entropy));
    let line = -1;
    let mass = 0;
    for (const id of [...scores.keys()].sort((a, b) => (distance[a] as number) - (distance[b] as number))) {
      if (mass >= typicalP || scores[id] === -Infinity) break;
      line = distance[id] as number;
      mass += probabilities[id] as number;
    }
    // Equal logits are equally far; float32 and float64 may round others apart or together.
    return scores.map((score, id) => ((distance[id] as number) <= line + 1e-12 ? score : -Infinity));
  },
  epsilon_cutoff: (scores, { parameters: { epsilonCutoff = 0 } }) => keepProbable(scores, epsilonCutoff),
  eta_cutoff: (scores, { parameters: { etaCutoff = 0 } }) =>
    keepProbable(scores, Math.min(etaCutoff, Math.sqrt(etaCutoff) * Math.exp(-slowEntropy(scores)))),
  top_n_sigma: (scores, { parameters: { topNSigma = 0 } }) => {
    const possible = [...scores].filter((score) => score > -Infinity);
    const mean = possible.reduce((sum, score) => sum + score, 0) / possible.length;
    const deviation = Math.sqrt(possible.reduce((sum, score) => sum + (score - mean) ** 2, 0) / possible.length);
    const line = Math.max(...scores) - topNSigma * deviation;
    return scores.map((score) => (score < line ? -Infinity : score));
  },
};

function keepProbable(scores: Float32Array, least: number): Float32Array {
  const probabilities = slowProbabilities(scores);
  const top = Math.max(...scores);
  return scores.map((score, id) => ((probabilities[id] as number) < least && score < top ? -Infinity : score));
}

const runsOf = (history: number[], n: number) => new Set(history.map((_, from) => history.slice(from, from + n).join()));

export function slowProbabilities(scores: ArrayLike<number>): number[] {
  const top = Array.from(scores).reduce((highest, score) => Math.max(highest, score), -Infinity);
  const weights = Array.from(scores, (score) => Math.exp(score - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export const slowEntropy = (scores: ArrayLike<number>) => slowProbabilities(scores).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
