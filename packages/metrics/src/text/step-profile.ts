import type { TokenStep } from "@cutaway/core";

/** Over the steps that were recorded with a distribution; forced ones are left out. Nats. */
export interface EntropyProfile {
  steps: number;
  mean: number;
  /** Quarters of the answer, from its beginning: whether the model grows surer. Absent with fewer than four steps. */
  quarters?: [number, number, number, number];
  lowest: number;
  highest: number;
  /** Share of steps at which the model was sure: below 0.1 nats. */
  sure: number;
  /** Share of steps after the sampler's stages at which only one token was left to take. Absent where stages were not recorded. */
  decided?: number;
}

const SURE = 0.1;

/** How sure the model was, before the sampler's stages, along an answer. Undefined where no step says. */
export function entropyProfile(steps: readonly TokenStep[]): EntropyProfile | undefined {
  const chosen = steps.filter(({ forced, entropy }) => !forced && entropy !== undefined);
  const entropies = chosen.map(({ entropy }) => entropy as number);
  if (entropies.length === 0) return undefined;
  const staged = chosen.filter(({ stages }) => stages && stages.length > 0);
  return {
    steps: entropies.length,
    mean: mean(entropies),
    ...(entropies.length >= 4 && { quarters: quartersOf(entropies) }),
    lowest: entropies.reduce((a, b) => Math.min(a, b)),
    highest: entropies.reduce((a, b) => Math.max(a, b)),
    sure: entropies.filter((entropy) => entropy < SURE).length / entropies.length,
    ...(staged.length > 0 && { decided: staged.filter(({ stages }) => stages?.at(-1)?.kept === 1).length / staged.length }),
  };
}

function quartersOf(values: readonly number[]): [number, number, number, number] {
  const part = (quarter: number) => mean(values.slice(Math.floor((quarter * values.length) / 4), Math.floor(((quarter + 1) * values.length) / 4)));
  return [part(0), part(1), part(2), part(3)];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * exp of the mean surprise of the tokens under the model, before the sampler's stages: of a sampled answer, how unlikely its choices were; of given text, how well
 * the model knows it. Tokens of two tokenizers are not the same units: compare within one. Undefined where no step has a logprob.
 */
export function perplexityOf(steps: readonly Pick<TokenStep, "logprob" | "forced">[]): number | undefined {
  const logprobs = steps.filter(({ forced }) => !forced).map(({ logprob }) => logprob);
  const known = logprobs.filter((logprob) => logprob !== undefined);
  return known.length === 0 ? undefined : Math.exp(-mean(known));
}
