import type { Answer, Call, TokenStep } from "@cutaway/core";
import { distinctN, entropyProfile, perplexityOf, repetitionRates, selfBleu, wordsOf } from "@cutaway/metrics";
import { given } from "../local/given.ts";

/** One answer under one setting, in figures. */
export interface Sampled {
  setting: string;
  call?: string;
  text: string;
  tokens: number;
  ending: string;
  /** By the model's own distribution, before the sampler: exp of the mean negative log probability. */
  perplexity?: number;
  /** Nats, the mean over the steps, before the sampler. */
  entropy?: number;
  /** Probability that the sampler's stages took out, the mean over the steps. */
  removed?: number;
  /** Different pairs of words, of all pairs; 1: none came twice. */
  distinct2?: number;
  /** How much it goes round, 0 to 1: 1 − the product of the shares of different runs of two, three and four words. */
  repeated?: number;
  steps: readonly TokenStep[];
  /** Of a search: its score, and the other answers it found. */
  score?: number;
  others?: { text: string; score: number }[];
}

export function sampledOf(setting: string, call: Call, answer: Answer, isStored: boolean): Sampled {
  const steps = answer.steps ?? [];
  return {
    setting,
    ...(isStored && { call: call.id }),
    text: answer.text,
    tokens: steps.length,
    ending: answer.finish.reason,
    ...figuresOf(steps, answer.text),
    steps,
  };
}

export function figuresOf(steps: readonly TokenStep[], text: string): Pick<Sampled, "perplexity" | "entropy" | "removed" | "distinct2" | "repeated"> {
  const words = wordsOf(text);
  const removed = mean(steps.flatMap(({ stages }) => (stages ? [1 - stages.reduce((kept, { removedMass }) => kept * (1 - removedMass), 1)] : [])));
  return given({
    perplexity: perplexityOf(steps),
    entropy: entropyProfile(steps)?.mean,
    removed,
    distinct2: distinctN([words], 2),
    repeated: repetitionRates(words).overall,
  });
}

export const meanLogprob = (steps: readonly TokenStep[]): number => mean(steps.flatMap(({ logprob }) => logprob ?? [])) ?? Number.NEGATIVE_INFINITY;

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of each setting with several answers: how alike they are. */
export interface Variety {
  setting: string;
  answers: number;
  /** Mean BLEU of each answer against the others: near 1 where all are alike. */
  selfBleu: number;
}

export function varietyOf(samples: readonly Sampled[]): Variety[] {
  const settings = Map.groupBy(samples, ({ setting }) => setting);
  return [...settings].flatMap(([setting, of]) => {
    const texts = of.flatMap(({ text, others = [] }) => [text, ...others.map((other) => other.text)]);
    const alike = selfBleu(texts.map(wordsOf));
    return alike === undefined ? [] : [{ setting, answers: texts.length, selfBleu: alike }];
  });
}
