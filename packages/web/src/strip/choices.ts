import type { TokenStep } from "@cutaway/core";
import { visibleToken } from "../format/visible.ts";
import { bytesOf, type StripTokens, sameBytes } from "./tokens.ts";

/** One token that could have stood at a place. */
export interface Choice {
  shown: string;
  id?: number;
  /** Before the sampler's stages. */
  probability: number;
  logprob: number;
  /** After them; 0 where a stage took it out, absent where nobody told. */
  sampled?: number;
  /** The stage that took it out. */
  removedBy?: string;
  chosen: boolean;
}

export interface Choices {
  /** Most probable first, the chosen one among them. */
  choices: Choice[];
  /** Probability of all tokens that are not listed, before the sampler's stages. */
  rest: number;
  /** The same after them; absent unless it is known of every choice. */
  restSampled?: number;
  /** Whether anything is known of what the sampler did. */
  isSampled: boolean;
}

/**
 * What could have stood at a token; undefined where no alternatives are known.
 * detailed  the step with its alternatives, where the tokens came without them
 */
export function choicesOf(tokens: StripTokens, i: number, detailed?: TokenStep): Choices | undefined {
  const step = detailed ?? tokens.steps?.[i];
  if (!step?.top) return undefined;
  const chosen = bytesOf(tokens, i);
  const choices = step.top.map(({ id, bytes, logprob, sampledLogprob, removedBy }) =>
    choice({ shown: visibleToken(bytes), logprob, sampledLogprob, chosen: isSame(step, id, bytes, chosen), id, removedBy }),
  );
  const own = tokens.strip.tokens[i]?.logprob ?? step.logprob;
  if (own !== undefined && !choices.some((other) => other.chosen)) {
    choices.push(choice({ shown: tokens.shown[i] as string, logprob: own, sampledLogprob: step.sampledLogprob, chosen: true, id: step.id }));
  }
  choices.sort((a, b) => b.probability - a.probability);
  const sum = (of: (choice: Choice) => number) => choices.reduce((total, other) => total + of(other), 0);
  const isSampled = choices.some(({ sampled }) => sampled !== undefined);
  const isWhole = isSampled && choices.every(({ sampled }) => sampled !== undefined);
  return {
    choices,
    rest: Math.max(0, 1 - sum(({ probability }) => probability)),
    ...(isWhole && { restSampled: Math.max(0, 1 - sum(({ sampled = 0 }) => sampled)) }),
    isSampled,
  };
}

interface Told {
  shown: string;
  logprob: number;
  sampledLogprob: number | undefined;
  chosen: boolean;
  id: number | undefined;
  removedBy?: string | undefined;
}

function choice({ shown, logprob, sampledLogprob, chosen, id, removedBy }: Told): Choice {
  const sampled = sampledLogprob === undefined ? (removedBy === undefined ? undefined : 0) : Math.exp(sampledLogprob);
  return {
    shown,
    logprob,
    probability: Math.exp(logprob),
    chosen,
    ...(id !== undefined && { id }),
    ...(sampled !== undefined && { sampled }),
    ...(removedBy !== undefined && { removedBy }),
  };
}

/** Two tokens of a vocabulary may spell the same bytes: where ids are known, they tell. */
const isSame = (step: TokenStep, id: number | undefined, bytes: Uint8Array, chosen: Uint8Array): boolean =>
  step.id !== undefined && id !== undefined ? step.id === id : sameBytes(bytes, chosen);
