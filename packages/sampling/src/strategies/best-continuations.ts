import type { Constraint, Stepper } from "@cutaway/core";

/** A beginning of an answer that goes on. */
export interface RunningBeam {
  tokens: number[];
  logprob: number;
  stepper: Stepper;
  /** Of each next token, natural log. */
  next: Float32Array;
  constraint: Constraint | undefined;
}

export interface Continuation {
  from: RunningBeam;
  id: number;
  logprob: number;
}

/** The best next tokens over all beams, best first; of equal ones the earlier beam, then the lower id. Tokens that are not possible never stand in it. */
export function bestContinuations(running: readonly RunningBeam[], count: number, penaltyOf: (id: number) => number): Continuation[] {
  const best: Continuation[] = [];
  for (const from of running) addBest(best, from, count, penaltyOf);
  return best;
}

function addBest(best: Continuation[], from: RunningBeam, count: number, penaltyOf: (id: number) => number): void {
  const { next, logprob: before } = from;
  for (let id = 0; id < next.length; id++) {
    const raw = before + (next[id] as number);
    const least = best.length < count ? Number.NEGATIVE_INFINITY : (best[count - 1] as Continuation).logprob;
    if (!(raw > least)) continue;
    const logprob = raw - penaltyOf(id);
    if (!(logprob > least)) continue;
    let place = best.length;
    while (place > 0 && (best[place - 1] as Continuation).logprob < logprob) place--;
    best.splice(place, 0, { from, id, logprob });
    best.length = Math.min(best.length, count);
  }
}
