import type { Random, StageReport } from "@cutaway/core";
import { type Distribution, idAt, indexOf } from "./distribution.ts";
import { draw } from "./draw.ts";
import type { SamplerParameters } from "./parameters.ts";
import { planStages, type SamplerOptions } from "./plan-stages.ts";
import { applyStages, contextOf, distributionOf, runStages, type StepInput } from "./run-stages.ts";
import { entropyOf, logSumOf } from "./take-sums.ts";
import { bestPlaces } from "./threshold.ts";

/** A distribution as a person looks at it. */
export interface DistributionView {
  /** Tokens that have a probability. */
  kept: number;
  /** Nats. */
  entropy: number;
  /** The most probable, highest first; of equal ones the lower id first. */
  top: TokenView[];
  /** What is not in `top`. */
  tailMass: number;
  /** Where the chosen token stands; absent where a stage took it out. */
  chosen?: TokenView & { rank: number };
}

export interface TokenView {
  id: number;
  probability: number;
  /** Natural log. */
  logprob: number;
}

export interface Waterfall {
  /** The model's own distribution. */
  before: DistributionView;
  /** After each stage that ran, in order. */
  stages: (StageReport & DistributionView)[];
  /** The token that was chosen, given or drawn here. */
  chosen: number;
}

export interface WaterfallInput extends StepInput {
  /** The token whose way through the stages is followed; absent: the one that is drawn. */
  chosen?: number;
  /** For the draw, and for stages that draw; default: the middle of the distribution. */
  random?: Random;
  /** Tokens listed for each distribution; default 10. */
  depth?: number;
}

/**
 * One step as a waterfall: the distribution before the stages and after each of them.
 * It runs the stages twice where no token is given: which one is drawn is known only at the end.
 * @throws as `createSampler` and its `choose`
 */
export function waterfall(
  logits: Float32Array,
  history: ArrayLike<number>,
  parameters: SamplerParameters,
  options: SamplerOptions = {},
  input: WaterfallInput = {},
): Waterfall {
  const { random = () => 0.5, depth = 10 } = input;
  const plan = planStages(parameters, options);
  const coins: number[] = [];
  const remembered = () => {
    const coin = random();
    coins.push(coin);
    return coin;
  };
  const chosen = input.chosen ?? drawn(distributionAfter(plan.build(), logits, history, remembered, input), plan.greedy, remembered);
  let next = 0;
  const again = () => coins[next++] ?? random();

  const distribution = distributionOf(logits, true);
  const before = viewOf(distribution, chosen, depth);
  const views: DistributionView[] = [];
  const reports = runStages(plan.build(), distribution, contextOf(logits.length, history, again, input), () => {
    views.push(viewOf(distribution, chosen, depth));
  });
  return { before, stages: reports.map((report, i) => ({ ...report, ...(views[i] as DistributionView) })), chosen };
}

function distributionAfter(
  stages: ReturnType<ReturnType<typeof planStages>["build"]>,
  logits: Float32Array,
  history: ArrayLike<number>,
  random: Random,
  step: StepInput,
): Distribution {
  const distribution = distributionOf(logits, false);
  applyStages(stages, distribution, contextOf(logits.length, history, random, step));
  return distribution;
}

const drawn = (distribution: Distribution, greedy: boolean, random: Random): number => idAt(distribution, greedy ? 0 : draw(distribution, random()));

function viewOf(distribution: Distribution, chosen: number, depth: number): DistributionView {
  const { scores, count } = distribution;
  const logSum = logSumOf(distribution);
  const view = (place: number): TokenView => {
    const logprob = (scores[place] as number) - logSum;
    return { id: idAt(distribution, place), probability: Math.exp(logprob), logprob };
  };
  const top = bestPlaces(distribution, depth).map(view);
  const place = indexOf(distribution, chosen);
  return {
    kept: count,
    entropy: entropyOf(distribution),
    top,
    tailMass: Math.max(0, 1 - top.reduce((mass, { probability }) => mass + probability, 0)),
    ...(place >= 0 && { chosen: { ...view(place), rank: rankOf(scores, count, place) } }),
  };
}

function rankOf(scores: Float32Array, count: number, place: number): number {
  const own = scores[place] as number;
  let rank = 0;
  for (let i = 0; i < count; i++) if ((scores[i] as number) > own || (i < place && scores[i] === own)) rank++;
  return rank;
}
