import { type Constraint, CutawayError, type Stepper } from "@cutaway/core";
import { processLogits } from "../create-sampler.ts";
import type { SamplerParameters } from "../parameters.ts";
import type { SamplerOptions } from "../plan-stages.ts";
import { bestContinuations, type Continuation, type RunningBeam } from "./best-continuations.ts";
import { logSoftmax } from "./log-softmax.ts";

export interface BeamOptions {
  /** Beginnings kept a step, 1 to 64, over all groups. */
  beams: number;
  /** Tokens an answer may have, its end token included. */
  maxNewTokens: number;
  /** Tokens that end an answer. */
  ends?: ReadonlySet<number>;
  /** Answers are compared by log probability / length^lengthPenalty; default 1, the mean. Above it favours long answers. */
  lengthPenalty?: number;
  /**
   * When a search has as many answers as beams: `false` (default) it goes on while the best beginning, as long as it is now, would beat the worst of them;
   * `true`: it ends; `"never"`: it goes on while the best beginning could beat it at any length.
   */
  earlyStopping?: boolean | "never";
  /** The beams in so many groups of one size, which search one after the other and keep away from one another's tokens. */
  groups?: number;
  /** Taken off the log probability of a token for every beam of an earlier group that takes it at this step; needs groups. */
  diversityPenalty?: number;
  /** How many answers come back, at most `beams`; default: as many. */
  answers?: number;
  /** The prompt's tokens, for stages that look back; and the stages, on log probabilities. */
  prompt?: readonly number[];
  parameters?: SamplerParameters;
  sampler?: SamplerOptions;
  /** What each answer has to be a text of. */
  constraint?: Constraint;
  signal?: { readonly aborted: boolean };
}

export interface Beam {
  /** What was written after the prompt, its end token included. */
  tokens: number[];
  /** Natural log, summed; after the stages and the diversity penalty, which is what beams are compared by. */
  logprob: number;
  score: number;
  /** Which group found it, from 0. */
  group: number;
}

interface Group {
  index: number;
  running: RunningBeam[];
  finished: Beam[];
}

/**
 * The most probable answers that a search of so many beams finds, the best first. All go on from one prompt, which is fed once: `logits` are those
 * after it. Each beam is a fork; the stepper itself stays where it is.
 * Where more beginnings of one logprob stand at the border than are kept, the one with the lower token id stays.
 * @throws `invalid-parameter`, `option-without-effect`, `interrupted`
 * source  Hugging Face transformers 5.24, `GenerationMixin._beam_search`; groups: Vijayakumar et al. 2016, arXiv 1610.02424, and `_group_beam_search` of
 * transformers 4.46. The tests hold it to both.
 */
export async function beamSearch(stepper: Stepper, logits: Float32Array, options: BeamOptions): Promise<Beam[]> {
  const { beams, groups: groupCount = 1, answers = beams, signal } = options;
  checkOptions(stepper, options);
  const size = beams / groupCount;
  const first = (): Promise<RunningBeam> => start(stepper, logits, options);
  const groups: Group[] = [];
  try {
    for (let index = 0; index < groupCount; index++) groups.push({ index, running: [await first()], finished: [] });
    for (let length = 1; groups.some(({ running }) => running.length > 0); length++) {
      if (signal?.aborted) throw new CutawayError("interrupted", "the search was stopped before its end", { kind: "interrupted" });
      // How many beams of earlier groups took each token at this step.
      const taken = new Map<number, number>();
      for (const group of groups) {
        if (group.running.length === 0) continue;
        const { kept, isOver } = advance(group, length, size, taken, options);
        for (const { id } of kept) taken.set(id, (taken.get(id) ?? 0) + 1);
        group.running = await grow(group.running, isOver ? [] : kept, options);
      }
    }
  } finally {
    for (const { running } of groups) for (const beam of running) beam.stepper.close();
  }
  return groups
    .flatMap(({ finished }) => finished)
    .sort((a, b) => b.score - a.score)
    .slice(0, answers);
}

/** One step of one group, before anything is fed: answers that end are put with the finished; the others are returned, and whether the search is over. */
function advance(
  group: Group,
  length: number,
  size: number,
  taken: ReadonlyMap<number, number>,
  options: BeamOptions,
): { kept: Continuation[]; isOver: boolean } {
  const { maxNewTokens, ends = new Set(), lengthPenalty = 1, earlyStopping = false, diversityPenalty = 0, groups = 1 } = options;
  // So many that enough go on even if all the best ones end.
  const candidates = bestContinuations(group.running, Math.max(2, 1 + ends.size) * size, (id) => diversityPenalty * (taken.get(id) ?? 0));
  const going: Continuation[] = [];
  for (const [rank, candidate] of candidates.entries()) {
    const { from, id, logprob } = candidate;
    if (!ends.has(id)) going.push(candidate);
    if (!ends.has(id) && length < maxNewTokens) continue;
    if (rank < size) keepBest(group, { tokens: [...from.tokens, id], logprob, score: logprob / length ** lengthPenalty, group: group.index }, size);
  }
  const kept = going.slice(0, size);
  if (length === maxNewTokens) return { kept, isOver: true };
  if (group.finished.length < size) return { kept, isOver: false };
  if (earlyStopping === true) return { kept, isOver: true };
  const longest = earlyStopping === "never" && lengthPenalty > 0 ? maxNewTokens : length;
  // The reference of groups looks at the best of all candidates here, ended ones too.
  const best = (groups > 1 ? candidates : kept)[0];
  const isHopeless = best !== undefined && best.logprob / longest ** lengthPenalty <= (group.finished.at(-1) as Beam).score;
  return { kept, isOver: isHopeless };
}

function keepBest({ finished }: Group, beam: Beam, size: number): void {
  finished.push(beam);
  finished.sort((a, b) => b.score - a.score);
  finished.length = Math.min(finished.length, size);
}

async function start(stepper: Stepper, logits: Float32Array, options: BeamOptions): Promise<RunningBeam> {
  const { constraint } = options;
  return { tokens: [], logprob: 0, stepper: await stepper.fork(), next: nextOf(logits, [], constraint, options), constraint };
}

/** Feeds each its token: the last one on a beam takes over its stepper, others fork it. Beams that nothing goes on from are closed. */
async function grow(running: readonly RunningBeam[], kept: readonly Continuation[], options: BeamOptions): Promise<RunningBeam[]> {
  const children = new Map<RunningBeam, number>();
  for (const { from } of kept) children.set(from, (children.get(from) ?? 0) + 1);
  for (const beam of running) if (!children.has(beam)) beam.stepper.close();
  // All forks first: feeding changes what a fork would copy.
  const steppers: Stepper[] = [];
  for (const { from } of kept) {
    const left = (children.get(from) ?? 1) - 1;
    children.set(from, left);
    steppers.push(left === 0 ? from.stepper : await from.stepper.fork());
  }
  const grown: RunningBeam[] = [];
  for (const [index, { from, id, logprob }] of kept.entries()) {
    const stepper = steppers[index] as Stepper;
    const tokens = [...from.tokens, id];
    const constraint = from.constraint?.accept(id as never);
    grown.push({ tokens, logprob, stepper, constraint, next: nextOf(await stepper.feed([id]), tokens, constraint, options) });
  }
  return grown;
}

/** The log probability of each next token, as the stages leave it: not normalised again, as in the reference. A new array: logits end with the next step. */
function nextOf(logits: Float32Array, tokens: readonly number[], constraint: Constraint | undefined, options: BeamOptions): Float32Array {
  const { prompt = [], parameters, sampler } = options;
  const logprobs = logSoftmax(logits);
  const mask = constraint?.mask();
  if (!parameters && !mask) return logprobs;
  const step = { answerStart: prompt.length, ...(mask && { mask }) };
  return processLogits(logprobs, [...prompt, ...tokens], parameters ?? {}, { ...sampler, grammar: mask !== undefined }, step);
}

function checkOptions(stepper: Stepper, { beams, maxNewTokens, groups = 1, diversityPenalty, answers = 1 }: BeamOptions): void {
  requireWhole("beams", beams, 1, 64);
  requireWhole("maxNewTokens", maxNewTokens, 1, stepper.capacity - stepper.length);
  requireWhole("groups", groups, 1, beams);
  requireWhole("answers", answers, 1, beams);
  if (beams % groups !== 0) {
    throw new CutawayError("invalid-parameter", `${beams} beams cannot be parted into ${groups} groups of one size`, {
      data: { parameter: "groups" },
    });
  }
  if (diversityPenalty !== undefined && !(diversityPenalty >= 0)) {
    throw new CutawayError("invalid-parameter", `diversityPenalty is ${diversityPenalty}, and must be 0 or more`, {
      data: { parameter: "diversityPenalty" },
    });
  }
  if (diversityPenalty !== undefined && (groups === 1 || diversityPenalty === 0)) {
    throw new CutawayError("option-without-effect", "diversityPenalty keeps groups of beams apart, and there is one group, or it is 0", {
      data: { parameters: ["diversityPenalty"] },
      fix: "Give groups, or leave it out.",
    });
  }
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new CutawayError("invalid-parameter", `${name} takes a whole number from ${least} to ${most}; ${value} was given`, {
    fix: `Give ${name} another value.`,
    data: { parameter: name },
  });
}
