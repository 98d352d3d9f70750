import type { Answer, Call, TokenStep } from "@cutaway/core";

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

export function figuresOf(steps: readonly TokenStep[], text: string): Pick<Sampled, "perplexity" | "entropy" | "removed" | "distinct2"> {
  const of = (value: (step: TokenStep) => number | undefined) => mean(steps.flatMap((step) => value(step) ?? []));
  const surprise = of(({ logprob }) => logprob);
  const entropy = of((step) => step.entropy);
  const removed = of(({ stages }) => stages && 1 - stages.reduce((kept, { removedMass }) => kept * (1 - removedMass), 1));
  const pairs = pairsOf(text);
  return {
    ...(surprise !== undefined && { perplexity: Math.exp(-surprise) }),
    ...(entropy !== undefined && { entropy }),
    ...(removed !== undefined && { removed }),
    ...(pairs.length > 0 && { distinct2: new Set(pairs).size / pairs.length }),
  };
}

export const meanLogprob = (steps: readonly TokenStep[]): number => mean(steps.flatMap(({ logprob }) => logprob ?? [])) ?? Number.NEGATIVE_INFINITY;

function pairsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(1).map((word, at) => `${words[at]} ${word}`);
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
