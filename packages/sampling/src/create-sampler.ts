import type { Random, StageReport } from "@cutaway/core";
import { BLOCK } from "./block.ts";
import { type Distribution, entropyOf, idAt, indexOf, logSumOf, measure } from "./distribution.ts";
import { draw } from "./draw.ts";
import { mostProbable } from "./most-probable.ts";
import type { SamplerParameters } from "./parameters.ts";
import { planStages, type SamplerOptions } from "./plan-stages.ts";
import type { Stage, StageContext } from "./stage.ts";

export interface Sampler {
  /** The stages that run, in order: those whose parameter is set and not off. */
  order: string[];
  /** Nothing is drawn: the same logits and history always give the same token. */
  greedy: boolean;
  /**
   * logits   [vocab] float32, unnormalised; left as they are. -Infinity: impossible.
   * history  the tokens so far, prompt and answer, oldest first.
   * random   asked once; not at all where the sampler is greedy.
   * depth    how many alternatives to report.
   * @throws `bad-logits` for NaN, +Infinity, or where no token is possible.
   */
  choose(logits: Float32Array, history: ArrayLike<number>, random: Random, depth: number): Choice;
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
 * A sampler for one call: it keeps memory of the size of the vocabulary from step to step, nothing else.
 * What is not given is off; with no parameter at all it draws from the model's own distribution.
 * @throws `invalid-parameter`, `unsupported-parameter`, `option-without-effect`, `unknown-stage`, `doubled-stage`, `stage-without-parameter`
 */
export function createSampler(parameters: SamplerParameters, options: SamplerOptions = {}): Sampler {
  const { stages, greedy } = planStages(parameters, options);
  const memory = createMemory();
  return {
    order: stages.map((stage) => stage.name),
    greedy,
    choose: (logits, history, random, depth) => choose(stages, greedy, memory(logits, history), logits, random, depth),
  };
}

/** The logits as the stages leave them: [vocab], a new array, -Infinity where a token was taken out. Not normalised. */
export function processLogits(
  logits: Float32Array,
  history: ArrayLike<number>,
  parameters: SamplerParameters,
  options: SamplerOptions = {},
): Float32Array {
  const { distribution, context } = createMemory()(logits, history);
  measure(distribution, "the model", context.scratchIds);
  for (const stage of planStages(parameters, options).stages) stage.apply(distribution, context);
  const processed = new Float32Array(logits.length).fill(-Infinity);
  for (let i = 0; i < distribution.count; i++) processed[idAt(distribution, i)] = distribution.scores[i] as number;
  return processed;
}

interface Run {
  distribution: Distribution;
  context: StageContext;
}

/** One set of arrays, made when the size of the vocabulary is first seen. */
function createMemory(): (logits: Float32Array, history: ArrayLike<number>) => Run {
  let scores = new Float32Array(0);
  let scratchIds = new Uint32Array(0);
  let scratchScores = new Float32Array(0);
  return (logits, history) => {
    if (scores.length !== logits.length) {
      scores = new Float32Array(logits.length);
      scratchIds = new Uint32Array(logits.length);
      scratchScores = new Float32Array(logits.length);
    }
    scores.set(logits);
    return {
      distribution: { scores, ids: undefined, count: logits.length, top: 0, z: 0, weighted: 0 },
      context: { history, vocabSize: logits.length, scratchIds, scratchScores },
    };
  };
}

function choose(stages: Stage[], greedy: boolean, { distribution, context }: Run, logits: Float32Array, random: Random, depth: number): Choice {
  measure(distribution, "the model", context.scratchIds);
  const logSum = logSumOf(distribution);
  const entropy = entropyOf(distribution);
  const top: Candidate[] = mostProbable(logits, logits.length, depth).map((id) => ({ id, logprob: (logits[id] as number) - logSum }));

  const reports: StageReport[] = [];
  for (const stage of stages) {
    const entropyBefore = entropyOf(distribution);
    const effect = stage.apply(distribution, context);
    reports.push({
      stage: stage.name,
      setting: stage.setting,
      kept: distribution.count,
      ...effect,
      entropyBefore,
      entropyAfter: entropyOf(distribution),
    });
    if (effect.removedMass === 0 && distribution.count === logits.length) continue;
    for (const candidate of top) if (!candidate.removedBy && indexOf(distribution, candidate.id) < 0) candidate.removedBy = stage.name;
  }

  const index = greedy ? 0 : draw(distribution, random());
  const id = idAt(distribution, index);
  const logprob = (logits[id] as number) - logSum;
  const place = top.findIndex((candidate) => candidate.id === id);
  if (place < 0) top.push({ id, logprob });
  const sampledLogSum = logSumOf(distribution);
  for (const candidate of top) {
    if (!candidate.removedBy) candidate.sampledLogprob = (distribution.scores[indexOf(distribution, candidate.id)] as number) - sampledLogSum;
  }
  return {
    id,
    logprob,
    sampledLogprob: (distribution.scores[index] as number) - sampledLogSum,
    rank: place < 0 ? rankOf(logits, id) : place,
    entropy,
    tailMass: Math.max(0, 1 - top.reduce((mass, candidate) => mass + Math.exp(candidate.logprob), 0)),
    top,
    stages: reports,
  };
}

function rankOf(logits: Float32Array, id: number): number {
  let rank = 0;
  for (let from = 0; from < logits.length; from += BLOCK) rank += countAbove(logits, from, Math.min(logits.length, from + BLOCK), id);
  return rank;
}

function countAbove(logits: Float32Array, from: number, to: number, id: number): number {
  const own = logits[id] as number;
  let above = 0;
  for (let i = from; i < to; i++) if ((logits[i] as number) > own || (i < id && logits[i] === own)) above++;
  return above;
}
