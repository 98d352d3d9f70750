import { CutawayError } from "@cutaway/core";
import { distributionOf } from "../run-stages.ts";
import { logSumOf } from "../take-sums.ts";
import { bestPlaces } from "../threshold.ts";

/** A network that shows what it made of each token: its last hidden state, as it goes into the output layer. */
export interface HiddenStepper {
  /** Tokens that still fit. */
  readonly room: number;
  /** Appends tokens. @returns the logits after the last, and the last hidden state after each of them; both valid until the next call. */
  feed(ids: readonly number[]): Promise<{ logits: Float32Array; hidden: readonly Float32Array[] }>;
  /** Forgets the last `count` tokens. */
  back(count: number): void;
}

export interface ContrastiveOptions {
  /** Candidates a step: the most probable tokens. 2 to 100. */
  k: number;
  /** From 0, only probability counts, to 1, only that the new state is unlike all before it. */
  alpha: number;
  maxNewTokens: number;
  ends?: ReadonlySet<number>;
  signal?: { readonly aborted: boolean };
}

export interface ContrastiveStep {
  id: number;
  /** Of the model. */
  probability: number;
  /** The greatest cosine of its state with one before it. */
  degeneration: number;
  /** (1 − alpha) · probability − alpha · degeneration: the highest of the candidates. */
  score: number;
  /** All candidates, most probable first. */
  candidates: { id: number; probability: number; degeneration: number; score: number }[];
}

/**
 * Takes at each step, of the k most probable tokens, the one that is probable and whose hidden state is least like any before it. Deterministic. Every
 * candidate is fed and taken back: k steps of the network for each token.
 * @throws `invalid-parameter`, `interrupted`
 * source  Su et al. 2022, "A Contrastive Framework for Neural Text Generation", arXiv 2202.06417, equation 5; transformers 4.46 `_contrastive_search`, to
 * which the tests hold it
 */
export async function contrastiveSearch(network: HiddenStepper, prompt: readonly number[], options: ContrastiveOptions): Promise<ContrastiveStep[]> {
  const { k, alpha, maxNewTokens, ends = new Set(), signal } = options;
  check("k", k, Number.isInteger(k) && k >= 2 && k <= 100, "a whole number from 2 to 100");
  check("alpha", alpha, alpha > 0 && alpha <= 1, "above 0 and at most 1 (0 is greedy: say temperature 0)");
  check(
    "maxNewTokens",
    maxNewTokens,
    Number.isInteger(maxNewTokens) && maxNewTokens >= 1 && prompt.length + maxNewTokens <= network.room,
    `a whole number from 1 to ${network.room - prompt.length}`,
  );
  let { logits, hidden } = await network.feed(prompt);
  const states = hidden.map(unit);
  const steps: ContrastiveStep[] = [];
  for (;;) {
    if (signal?.aborted) throw new CutawayError("interrupted", "the search was stopped before its end", { kind: "interrupted" });
    const candidates: ContrastiveStep["candidates"] = [];
    for (const { id, probability } of mostProbable(logits, k)) {
      const tried = await network.feed([id]);
      const state = unit(tried.hidden[0] as Float32Array);
      network.back(1);
      const degeneration = states.reduce((most, before) => Math.max(most, cosine(before, state)), -1);
      candidates.push({ id, probability, degeneration, score: (1 - alpha) * probability - alpha * degeneration });
    }
    const best = candidates.reduce((a, b) => (b.score > a.score ? b : a));
    steps.push({ ...best, candidates });
    if (ends.has(best.id) || steps.length === maxNewTokens) return steps;
    ({ logits, hidden } = await network.feed([best.id]));
    states.push(unit(hidden[0] as Float32Array));
  }
}

function mostProbable(logits: Float32Array, k: number): { id: number; probability: number }[] {
  const distribution = distributionOf(logits, false);
  const logSum = logSumOf(distribution);
  return bestPlaces(distribution, k).map((place) => {
    const id = distribution.ids?.[place] ?? place;
    return { id, probability: Math.exp((logits[id] as number) - logSum) };
  });
}

function unit(state: Float32Array): Float64Array {
  let squares = 0;
  for (const value of state) squares += value * value;
  const length = Math.sqrt(squares);
  return Float64Array.from(state, (value) => (length > 0 ? value / length : 0));
}

function cosine(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function check(name: string, value: number, holds: boolean, says: string): void {
  if (holds) return;
  throw new CutawayError("invalid-parameter", `contrastive search: ${name} is ${value}, and must be ${says}`, { data: { parameter: name, value } });
}
