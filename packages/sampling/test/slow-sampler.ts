import type { SamplerParameters } from "../src/index.ts";

/** The stages again, as their definitions read: whole sorts, Math.exp, no shortcuts. `logits` are left as they are. */
export function slowProcess(logits: Float32Array, history: number[], order: string[], parameters: SamplerParameters, window?: number): Float32Array {
  let scores: Float32Array = logits.slice();
  for (const stage of order) scores = slowStages[stage]?.(scores, parameters, window ? history.slice(-window) : history) ?? scores;
  return scores;
}

const slowStages: Record<string, (scores: Float32Array, parameters: SamplerParameters, history: number[]) => Float32Array> = {
  repetition_penalty: (scores, { repetitionPenalty = 1 }, history) =>
    scores.map((score, id) => (history.includes(id) ? (score < 0 ? score * repetitionPenalty : score / repetitionPenalty) : score)),
  // The references divide float32 by float32.
  temperature: (scores, { temperature = 1 }) => scores.map((score) => score / Math.fround(temperature)),
  top_k: (scores, { topK = 0 }) => {
    const line = scores.toSorted().at(-Math.min(topK, scores.length)) ?? -Infinity;
    return scores.map((score) => (score < line ? -Infinity : score));
  },
  top_p: (scores, { topP = 1 }) => {
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
  min_p: (scores, { minP = 0 }) => {
    const line = Math.max(...scores) + Math.log(minP);
    return scores.map((score) => (score < line ? -Infinity : score));
  },
};

export function slowProbabilities(scores: ArrayLike<number>): number[] {
  const top = Array.from(scores).reduce((highest, score) => Math.max(highest, score), -Infinity);
  const weights = Array.from(scores, (score) => Math.exp(score - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export const slowEntropy = (scores: ArrayLike<number>) => slowProbabilities(scores).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
