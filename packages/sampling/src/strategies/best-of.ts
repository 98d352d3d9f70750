import { CutawayError, type Random, type Stepper } from "@cutaway/core";
import type { Sampler } from "../create-sampler.ts";

export interface BestOfOptions {
  /** Answers that are drawn, 1 to 128. */
  of: number;
  maxNewTokens: number;
  ends?: ReadonlySet<number>;
  /** The tokens before the answer. */
  prompt?: readonly number[];
  /** The source of numbers for each answer; one seed each makes every answer repeatable by itself. */
  randomOf(index: number): Random;
  /**
   * What the answers are ranked by, the highest first; default `mean-logprob` of the model before the sampler's stages. A function may ask anything, e.g. another model.
   */
  score?: "logprob" | "mean-logprob" | ((answer: DrawnAnswer) => number | Promise<number>);
  signal?: { readonly aborted: boolean };
}

export interface DrawnAnswer {
  index: number;
  tokens: number[];
  /** Natural log, summed: before the sampler's stages, and after them. */
  logprob: number;
  sampledLogprob: number;
}

/**
 * Draws several answers to one prompt and ranks them, the best first. `logits` are those after the prompt; the stepper stays where it is.
 * @throws `invalid-parameter`, `option-without-effect` where nothing is drawn, `interrupted`
 */
export async function bestOf(
  stepper: Stepper,
  logits: Float32Array,
  sampler: Sampler,
  options: BestOfOptions,
): Promise<(DrawnAnswer & { score: number })[]> {
  const { of, maxNewTokens, score = "mean-logprob", signal } = options;
  if (!Number.isInteger(of) || of < 1 || of > 128) {
    throw new CutawayError("invalid-parameter", `best of takes 1 to 128 answers; ${of} was given`, { data: { parameter: "of" } });
  }
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1 || maxNewTokens > stepper.capacity - stepper.length) {
    throw new CutawayError("invalid-parameter", `maxNewTokens takes a whole number from 1 to ${stepper.capacity - stepper.length}`, {
      data: { parameter: "maxNewTokens" },
    });
  }
  if (sampler.greedy && of > 1) {
    throw new CutawayError("option-without-effect", `best of ${of}: nothing is drawn, and all answers would be the same`, {
      fix: "Raise the temperature.",
      data: { parameters: ["of"] },
    });
  }
  const ranked: (DrawnAnswer & { score: number })[] = [];
  for (let index = 0; index < of; index++) {
    if (signal?.aborted) throw new CutawayError("interrupted", "drawing was stopped before its end", { kind: "interrupted" });
    const answer = await drawAnswer(stepper, logits, sampler, index, options);
    ranked.push({ ...answer, score: await scoreOf(answer, score) });
  }
  return ranked.sort((a, b) => b.score - a.score || a.index - b.index);
}

async function drawAnswer(stepper: Stepper, logits: Float32Array, sampler: Sampler, index: number, options: BestOfOptions): Promise<DrawnAnswer> {
  const { maxNewTokens, ends = new Set(), prompt = [], randomOf } = options;
  const answer: DrawnAnswer = { index, tokens: [], logprob: 0, sampledLogprob: 0 };
  const random = randomOf(index);
  const branch = await stepper.fork();
  sampler.reset();
  try {
    let next = logits;
    for (;;) {
      const choice = sampler.choose(next, [...prompt, ...answer.tokens], random, 0, { answerStart: prompt.length });
      answer.tokens.push(choice.id);
      answer.logprob += choice.logprob;
      answer.sampledLogprob += choice.sampledLogprob;
      if (ends.has(choice.id) || answer.tokens.length === maxNewTokens) return answer;
      next = await branch.feed([choice.id]);
    }
  } finally {
    branch.close();
  }
}

async function scoreOf(answer: DrawnAnswer, score: NonNullable<BestOfOptions["score"]>): Promise<number> {
  if (typeof score === "function") return score(answer);
  return score === "logprob" ? answer.logprob : answer.logprob / answer.tokens.length;
}
