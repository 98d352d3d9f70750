import type { Answer, StripToken, TokenStep, TokenStrip } from "@cutaway/core";
import { visible, visibleToken } from "../format/visible.ts";

/** The tokens of one answer, ready to be drawn. Arrays are by token. */
export interface StripTokens {
  strip: TokenStrip;
  text: string;
  /** The steps behind the tokens, where each token is a step. */
  steps: readonly TokenStep[] | undefined;
  /** Of a long answer the steps came without alternatives and stages: where to ask for them. */
  detail?: StepSource;
  shown: string[];
  /** Probability of each token, NaN where unknown. */
  probability: Float32Array;
  /** Whether at least one probability is known. */
  hasProbabilities: boolean;
}

/** An answer whose steps can be asked for. `round` rises when the call changes. */
export interface StepSource {
  call: string;
  answer: number;
  round: number;
}

export function tokensOf(answer: Answer, strip: TokenStrip, detail?: StepSource): StripTokens {
  const steps = answer.steps?.length === strip.tokens.length ? answer.steps : undefined;
  const probability = new Float32Array(strip.tokens.length);
  let hasProbabilities = false;
  const shown = strip.tokens.map((token, i) => {
    const logprob = token.logprob ?? steps?.[i]?.logprob;
    probability[i] = logprob === undefined ? Number.NaN : Math.min(1, Math.exp(logprob));
    hasProbabilities ||= logprob !== undefined;
    const bytes = steps?.[i]?.bytes;
    // A step without bytes is the one that ended the answer.
    if (bytes?.length === 0) return "‹end›";
    return bytes ? visibleToken(bytes) : shownOf(strip.tokens, i, answer.text);
  });
  return { strip, text: answer.text, steps, ...(detail && steps && { detail }), shown, probability, hasProbabilities };
}

/** A token that shares its character with the one before shows a mark, so that the character is not shown twice. */
function shownOf(tokens: readonly StripToken[], i: number, text: string): string {
  const { span } = tokens[i] as StripToken;
  const before = tokens[i - 1]?.span;
  if (before && span.start < before.end) return span.end > before.end ? visible(text.slice(before.end, span.end)) : "‹…›";
  return visible(text.slice(span.start, span.end));
}

const utf8 = new TextEncoder();

/** Bytes of a token: its step's own, else those of its text. */
export function bytesOf(tokens: StripTokens, i: number): Uint8Array {
  const step = tokens.steps?.[i];
  if (step) return step.bytes;
  const span = tokens.strip.tokens[i]?.span;
  return span ? utf8.encode(tokens.text.slice(span.start, span.end)) : new Uint8Array();
}

/**
 * Place of the chosen token among all, 0 the most probable; undefined where it lies outside the alternatives sent.
 * detailed  the step with its alternatives, where the tokens came without them
 */
export function rankOf(tokens: StripTokens, i: number, detailed?: TokenStep): number | undefined {
  const step = detailed ?? tokens.steps?.[i];
  if (step?.rank !== undefined) return step.rank;
  const chosen = bytesOf(tokens, i);
  const top = step?.top?.toSorted((a, b) => b.logprob - a.logprob);
  const at = top?.findIndex(({ bytes }) => sameBytes(bytes, chosen)) ?? -1;
  return at === -1 ? undefined : at;
}

/** Tokens below this probability are the ones that `n` walks through and the strip underlines. */
export const lowConfidence = 0.4;

/** The next token after `from` (wrapping around) that the model itself found unlikely; undefined when there is none. */
export function nextLowConfidence({ probability }: StripTokens, from: number): number | undefined {
  for (let step = 1; step <= probability.length; step++) {
    const i = (from + step) % probability.length;
    if ((probability[i] as number) < lowConfidence) return i;
  }
  return undefined;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
