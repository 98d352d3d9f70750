import type { Random, StageReport } from "@cutaway/core";
import { STRIDE } from "./arena.ts";
import { BLOCK } from "./block.ts";
import { type Distribution, idAt, indexOf } from "./distribution.ts";
import { draw } from "./draw.ts";
import type { SamplerParameters } from "./parameters.ts";
import { planStages, type SamplerOptions } from "./plan-stages.ts";
import { applyStages, contextOf, distributionOf, runStages, type StepInput } from "./run-stages.ts";
import type { Stage } from "./stage.ts";
import { entropyOf, logSumOf } from "./take-sums.ts";
import { bestPlaces } from "./threshold.ts";

export interface Sampler {
  /** The stages that run, in order: those whose parameter is set and not off. */
  order: string[];
  /** Nothing is drawn: the same logits and history always give the same token. */
  greedy: boolean;
  /**
   * logits   [vocab] float32, unnormalised; left as they are. -Infinity: impossible.
   * history  the tokens so far, prompt and answer, oldest first.
   * random   asked once, and once more by `xtc`; not at all where the sampler is greedy.
   * depth    how many alternatives to report.
   * @throws `bad-logits` for NaN, +Infinity, or where no token is possible; `nothing-allowed` where a stage left none.
   */
  choose(logits: Float32Array, history: ArrayLike<number>, random: Random, depth: number, step?: StepInput): Choice;
  /**
   * The id that `choose` would give, and nothing about it: what only a report needs is not worked out, so a step costs a fraction.
   * @throws as `choose`
   */
  pick(logits: Float32Array, history: ArrayLike<number>, random: Random, step?: StepInput): number;
  /** Forgets what was learned from the answer so far (Mirostat): the next step is the first of another answer. */
  reset(): void;
}

/** The token that was chosen and what was known of it. Logprobs are natural logs, entropies nats. */
export interface Choice {
  id: number;
  /** Before all stages; `sampledLogprob` after them. */
  logprob: number;
  sampledLogprob: number;
  /** 0: no token was more probable before the stages. Of equal ones the lower id comes first. */
  rank: number;
  /** Before all stages. */
  entropy: number;
  /** Probability, before all stages, of the tokens that are not in `top`. */
  tailMass: number;
  /** The most probable before the stages, highest first; the chosen one is added at the end where it is not among them. */
  top: Candidate[];
  stages: StageReport[];
}

export interface Candidate {
  id: number;
  logprob: number;
  /** Absent where a stage took it out. */
  sampledLogprob?: number;
  removedBy?: string;
}

/**
 * A sampler for one call. What is not given is off; with no parameter at all it draws from the model's own distribution.
 * @throws `invalid-parameter`, `option-without-effect`, `unknown-stage`, `doubled-stage`, `stage-without-parameter`, `unknown-preset`,
 * `invalid-schedule`, `mirostat-not-last`
 */
export function createSampler(parameters: SamplerParameters, options: SamplerOptions = {}): Sampler {
  const { names, greedy, build } = planStages(parameters, options);
  let stages = build();
  return {
    order: [...names],
    greedy,
    choose: (logits, history, random, depth, step = {}) => choose(stages, greedy, logits, history, random, depth, step),
    pick: (logits, history, random, step = {}) => pick(stages, greedy, logits, history, random, step),
    reset() {
      stages = build();
    },
  };
}

/** The logits as the stages leave them: [vocab], a new array, -Infinity where a token was taken out. Not normalised. */
export function processLogits(
  logits: Float32Array,
  history: ArrayLike<number>,
  parameters: SamplerParameters,
  options: SamplerOptions = {},
  { random = () => 0, ...step }: StepInput & { random?: Random } = {},
): Float32Array {
  const stages = planStages(parameters, options).build();
  const distribution = distributionOf(logits, false);
  applyStages(stages, distribution, contextOf(logits.length, history, random, step));
  const processed = new Float32Array(logits.length).fill(-Infinity);
  for (let i = 0; i < distribution.count; i++) processed[idAt(distribution, i)] = distribution.scores[i] as number;
  return processed;
}

function choose(
  stages: Stage[],
  greedy: boolean,
  logits: Float32Array,
  history: ArrayLike<number>,
  random: Random,
  depth: number,
  step: StepInput,
): Choice {
  const distribution = distributionOf(logits, true);
  const logSum = logSumOf(distribution);
  const entropy = entropyOf(distribution);
  const top: Candidate[] = bestPlaces(distribution, depth).map((place) => {
    const id = idAt(distribution, place);
    return { id, logprob: (logits[id] as number) - logSum };
  });
  const rankOf = keepRanks(distribution, logits);

  let kept = distribution.count;
  const reports = runStages(stages, distribution, contextOf(logits.length, history, random, step), (report) => {
    if (distribution.count === kept) return;
    kept = distribution.count;
    for (const candidate of top) if (!candidate.removedBy && indexOf(distribution, candidate.id) < 0) candidate.removedBy = report.stage;
  });

  const index = greedy ? 0 : draw(distribution, random());
  const id = idAt(distribution, index);
  const logprob = (logits[id] as number) - logSum;
  const place = top.findIndex((candidate) => candidate.id === id);
  if (place < 0) top.push({ id, logprob });
  const sampledLogSum = logSumOf(distribution);
  for (const candidate of top) {
    if (!candidate.removedBy) candidate.sampledLogprob = (distribution.scores[indexOf(distribution, candidate.id)] as number) - sampledLogSum;
  }
  const sampledLogprob = (distribution.scores[index] as number) - sampledLogSum;
  for (const stage of stages) stage.drawn?.(Math.exp(sampledLogprob));
  return {
    id,
    logprob,
    sampledLogprob,
    rank: place < 0 ? rankOf(id) : place,
    entropy,
    tailMass: Math.max(0, 1 - top.reduce((mass, candidate) => mass + Math.exp(candidate.logprob), 0)),
    top,
    stages: reports,
  };
}

function pick(stages: Stage[], greedy: boolean, logits: Float32Array, history: ArrayLike<number>, random: Random, step: StepInput): number {
  const distribution = distributionOf(logits, false);
  applyStages(stages, distribution, contextOf(logits.length, history, random, step));
  const index = greedy ? 0 : draw(distribution, random());
  for (const stage of stages) stage.drawn?.(Math.exp((distribution.scores[index] as number) - logSumOf(distribution)));
  return idAt(distribution, index);
}

/** Ranks among the logits as they came. The blocks' highest are kept: the few blocks with something as high are all that is looked at. */
function keepRanks({ arena, hasBlocks, ids }: Distribution, logits: Float32Array): (id: number) => number {
  const { blocks, rawBlocks } = arena;
  const isKnown = hasBlocks && !ids;
  if (isKnown) rawBlocks.set(blocks);
  return (id) => {
    const own = logits[id] as number;
    let rank = 0;
    const width = isKnown ? STRIDE : BLOCK;
    for (let from = 0; from < logits.length; from += width) {
      if (!isKnown || (rawBlocks[from / STRIDE] as number) >= own) rank += countAbove(logits, from, Math.min(logits.length, from + width), id);
    }
    return rank;
  };
}

function countAbove(logits: Float32Array, from: number, to: number, id: number): number {
  const own = logits[id] as number;
  let above = 0;
  for (let i = from; i < to; i++) if ((logits[i] as number) > own || (i < id && logits[i] === own)) above++;
  return above;
}
