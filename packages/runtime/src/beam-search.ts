import type { Stepper } from "@cutaway/core";
import { CutawayError } from "@cutaway/core";

export interface BeamOptions {
  /** Beginnings kept a step, 1 to 64; so many answers come back at most. */
  beams: number;
  /** Tokens an answer may have, its end token included. */
  maxNewTokens: number;
  /** Tokens that end an answer. */
  ends?: ReadonlySet<number>;
  /** Answers are compared by log probability / length^lengthPenalty; default 1, the mean. Above it favours long answers. */
  lengthPenalty?: number;
  signal?: { readonly aborted: boolean };
}

export interface Beam {
  /** What was written after the prompt, its end token included. */
  tokens: number[];
  /** Natural log, summed. */
  logprob: number;
  score: number;
}

interface Running {
  tokens: number[];
  logprob: number;
  stepper: Stepper;
  /** Of each next token, natural log. */
  next: Float32Array;
}

/**
 * The most probable answers that a search of so many beams finds, the best first. All go on from one prompt, which is fed once: `logits` are those
 * after it. Each beam is a fork; the stepper itself stays where it is.
 * Where more beginnings of one logprob stand at the border than are kept, the one with the lower token id stays.
 * @throws `invalid-parameter`, `interrupted`
 * source  Hugging Face transformers, `GenerationMixin._beam_search`, with early_stopping false; the tests hold it to that
 */
export async function beamSearch(stepper: Stepper, logits: Float32Array, options: BeamOptions): Promise<Beam[]> {
  const { beams, maxNewTokens, ends = new Set(), lengthPenalty = 1, signal } = options;
  requireWhole("beams", beams, 1, 64);
  requireWhole("maxNewTokens", maxNewTokens, 1, stepper.capacity - stepper.length);
  const scored = ({ tokens, logprob }: { tokens: number[]; logprob: number }): Beam => ({
    tokens,
    logprob,
    score: logprob / tokens.length ** lengthPenalty,
  });
  const finished: Beam[] = [];
  const keepBest = (beam: Beam) => {
    finished.push(beam);
    finished.sort((a, b) => b.score - a.score);
    finished.length = Math.min(finished.length, beams);
  };
  let running: Running[] = [{ tokens: [], logprob: 0, stepper: await stepper.fork(), next: logSoftmax(logits) }];
  try {
    for (let length = 1; running.length > 0; length++) {
      if (signal?.aborted) throw new CutawayError("interrupted", "the search was stopped before its end", { kind: "interrupted" });
      // Twice as many: even if half of them end, so many go on.
      const candidates = mostProbable(running, 2 * beams);
      const going: typeof candidates = [];
      for (const [rank, candidate] of candidates.entries()) {
        const isEnd = ends.has(candidate.id) || length === maxNewTokens;
        if (!isEnd) going.push(candidate);
        else if (rank < beams) keepBest(scored({ tokens: [...candidate.from.tokens, candidate.id], logprob: candidate.logprob }));
      }
      const worst = finished.length === beams ? (finished.at(-1)?.score ?? 0) : Number.NEGATIVE_INFINITY;
      const kept = going.slice(0, beams);
      const best = kept[0];
      const isHopeless = best !== undefined && best.logprob / length ** lengthPenalty <= worst;
      running = await grow(running, isHopeless ? [] : kept);
    }
  } finally {
    for (const beam of running) beam.stepper.close();
  }
  return finished;
}

interface Candidate {
  from: Running;
  id: number;
  logprob: number;
}

/** The best next tokens over all beams, best first. */
function mostProbable(running: readonly Running[], count: number): Candidate[] {
  const best: Candidate[] = [];
  for (const from of running) {
    for (let id = 0; id < from.next.length; id++) {
      const logprob = from.logprob + (from.next[id] as number);
      const last = best[count - 1];
      if (last && logprob <= last.logprob) continue;
      const at = best.findIndex((other) => other.logprob < logprob);
      best.splice(at === -1 ? best.length : at, 0, { from, id, logprob });
      best.length = Math.min(best.length, count);
    }
  }
  return best;
}

/** Feeds each candidate its token: the last one on a beam takes over its stepper, others fork it. Beams without a candidate are closed. */
async function grow(running: readonly Running[], kept: readonly Candidate[]): Promise<Running[]> {
  const grown: Running[] = [];
  const children = new Map<Running, number>();
  for (const { from } of kept) children.set(from, (children.get(from) ?? 0) + 1);
  for (const beam of running) if (!children.has(beam)) beam.stepper.close();
  // All forks first: feeding changes what a fork would copy.
  const steppers: Stepper[] = [];
  for (const { from } of kept) {
    const left = (children.get(from) ?? 1) - 1;
    children.set(from, left);
    steppers.push(left === 0 ? from.stepper : await from.stepper.fork());
  }
  for (const [index, { from, id, logprob }] of kept.entries()) {
    const stepper = steppers[index] as Stepper;
    grown.push({ tokens: [...from.tokens, id], logprob, stepper, next: logSoftmax(await stepper.feed([id])) });
  }
  return grown;
}

/** A new array: logits are valid until the next step only. */
function logSoftmax(logits: Float32Array): Float32Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  const log = largest + Math.log(sum);
  return logits.map((logit) => logit - log);
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new CutawayError("invalid-parameter", `${name} takes a whole number from ${least} to ${most}; ${value} was given`, {
    fix: `Give ${name} another value.`,
    data: { parameter: name },
  });
}
