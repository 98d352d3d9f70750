import { CutawayError, seededRandom, type TokenStep } from "@cutaway/core";
import type { SamplerParameters } from "./parameters.ts";
import { planStages, type SamplerOptions } from "./plan-stages.ts";
import { applyToStored, isFromStored, type Stored, storedOf } from "./stored-distribution.ts";

export interface ResampleOptions extends Omit<SamplerOptions, "grammar" | "schedules" | "dryBreakers"> {
  /** Tokens of the model's vocabulary; without it nothing bounds how many share the tail. */
  vocabSize?: number;
  /** For the draws; default: the parameters' own seed. Without either no token is drawn, only probabilities are given. */
  seed?: number;
}

/** What another setting would have made of one recorded step. */
export interface ResampledStep {
  /**
   * `same`, `other`: the token that would have been taken, decided by what is stored. `open`: the stored depth cannot tell; `because` says what is missing.
   * Without a draw: `same` where the recorded token would be certain, `other` where it could not be taken.
   */
  verdict: "same" | "other" | "open";
  because?: string;
  /** The recorded token's probability after the stages, at least and at most; equal where what is stored decides it. */
  probability: [least: number, most: number];
  /** The recorded alternatives that could be taken, most probable first, with their probability at least and at most. */
  alternatives: { index: number; probability: [least: number, most: number] }[];
  /** Which alternative (index in `top`) would be taken. */
  taken?: number;
  /** Probability of tokens that are not stored, after the stages, at most. */
  unknownMass: number;
}

export interface Resampled {
  steps: ResampledStep[];
  /** The first step at which another token would be taken: from there on the recorded text is not what the model would have read. */
  firstOther?: number;
  /** Steps of which the stored depth cannot tell. */
  open: number;
  /** Steps without stored alternatives: forced ones, or none were recorded. */
  without: number;
}

/**
 * A recorded answer under other parameters, from its stored alternatives alone: step by step, each after the tokens that were recorded before it. Says where
 * the stored depth cannot decide. Draws lay the tokens out by ascending id, as the sampler does; the seed of a recorded local call draws the same numbers.
 * @throws as `createSampler`; `not-from-alternatives` for stages that need the logits of the whole vocabulary, by name
 */
export function resample(steps: readonly TokenStep[], parameters: SamplerParameters, options: ResampleOptions = {}): Resampled {
  const { vocabSize, seed = parameters.seed, ...samplerOptions } = options;
  const plan = planStages({ ...parameters, ...(seed !== undefined && !isGreedy(parameters) && { seed }) }, samplerOptions);
  const impossible = plan.names.filter((name) => !isFromStored(name));
  if (impossible.length > 0) {
    throw new CutawayError(
      "not-from-alternatives",
      `${impossible.join(", ")} cannot be worked out from stored alternatives: it needs the logits of all tokens`,
      {
        data: { parameters: impossible },
        fix: "Run the call again with these parameters, or leave them out.",
      },
    );
  }
  const random = seed === undefined || plan.greedy ? undefined : seededRandom(seed);
  const history: number[] = [];
  const resampled: ResampledStep[] = [];
  let without = 0;
  for (const step of steps) {
    const stored = storedOf(step, vocabSize);
    if (!stored) without++;
    const coin = step.forced ? undefined : random?.();
    resampled.push(stored ? decide(stored, plan, parameters, options, history, coin) : noAlternatives);
    if (step.id !== undefined) history.push(step.id);
  }
  const firstOther = resampled.findIndex(({ verdict }) => verdict === "other");
  return {
    steps: resampled,
    ...(firstOther >= 0 && { firstOther }),
    open: resampled.filter(({ verdict }) => verdict === "open").length,
    without,
  };
}

const isGreedy = ({ temperature, topK }: SamplerParameters) => temperature === 0 || topK === 1;

const noAlternatives: ResampledStep = {
  verdict: "open",
  because: "no alternatives are stored",
  probability: [0, 1],
  alternatives: [],
  unknownMass: 1,
};

function decide(
  stored: Stored,
  plan: ReturnType<typeof planStages>,
  parameters: SamplerParameters,
  options: ResampleOptions,
  history: readonly number[],
  coin: number | undefined,
): ResampledStep {
  let open: string | undefined;
  for (const name of plan.names) {
    open ??= applyToStored(name, stored, { parameters, window: options.repetitionWindow, history });
    if (open) break;
  }
  if (open) return { ...noAlternatives, because: open, unknownMass: stored.tail.most };
  const { tokens, tail } = stored;
  const left = tokens.filter(({ weight }) => weight > 0);
  const sum = left.reduce((total, { weight }) => total + weight, 0);
  const bounds = (weight: number): [number, number] => [weight / (sum + tail.most), weight / (sum + tail.least)];
  const alternatives = left
    .map(({ index, weight }) => ({ index, probability: bounds(weight) }))
    .sort((a, b) => b.probability[0] - a.probability[0] || a.index - b.index);
  const chosen = tokens.find(({ index }) => index === stored.chosen);
  const step = {
    probability: chosen ? bounds(chosen.weight) : ([0, tail.most / (sum + tail.most)] as [number, number]),
    alternatives,
    unknownMass: sum + tail.most > 0 ? tail.most / (sum + tail.most) : 0,
  };
  if (tail.most > 0) {
    const isOut = chosen?.weight === 0;
    return isOut ? { ...step, verdict: "other" } : { ...step, verdict: "open", because: tailSays(stored) };
  }
  if (left.length === 1 || coin !== undefined) {
    const taken = left.length === 1 ? left[0] : drawn(left, sum, coin as number);
    if (!taken) return { ...step, verdict: "open", because: "the tokens have no ids: a draw lays them out by id" };
    return { ...step, verdict: taken.index === stored.chosen ? "same" : "other", taken: taken.index };
  }
  return (chosen?.weight ?? 0) === 0 ? { ...step, verdict: "other" } : { ...step, verdict: "open", because: "no seed is given to draw with" };
}

const tailSays = ({ tokens, tail }: Stored) =>
  `tokens beyond the ${tokens.length} that are stored can still be taken: up to ${(100 * tail.most).toPrecision(2)} % of the weight of all`;

function drawn(left: Stored["tokens"], sum: number, coin: number): Stored["tokens"][number] | undefined {
  if (left.some(({ id }) => id === undefined)) return undefined;
  let passed = 0;
  const byId = left.toSorted((a, b) => (a.id as number) - (b.id as number));
  return (
    byId.find(({ weight }) => {
      passed += weight;
      return passed > coin * sum;
    }) ?? byId.at(-1)
  );
}
