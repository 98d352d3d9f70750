import { CutawayError } from "@cutaway/core";

/** Counts calls in the house, so that the line never grows longer than was said. */
export interface Admission {
  /** Lets so many calls in, or refuses them all. @returns what to call once when they have ended @throws `line-full` with the seconds to wait */
  enter(calls: number): () => void;
  readonly inside: number;
}

/** How much the last call changes the mean that waiting times are told by. */
const newWeight = 0.1;

/**
 * streams  calls answered at once
 * queue    calls that may wait beside them
 */
export function createAdmission({ streams, queue, now = () => performance.now() }: { streams: number; queue: number; now?(): number }): Admission {
  let inside = 0;
  /** Milliseconds from entering to leaving, of the last calls. */
  let meanTime = 1000;
  return {
    get inside() {
      return inside;
    },
    enter(calls) {
      // Where nobody is inside, whoever comes is let in: one request may bring more prompts than there are streams.
      if (inside > 0 && inside + calls > streams + queue) {
        const retryAfter = Math.max(1, Math.min(60, Math.ceil(meanTime / 1000)));
        throw new CutawayError("line-full", `${inside} calls are being answered or wait, of ${streams + queue} that may`, {
          fix: `Try again in ${retryAfter} ${retryAfter === 1 ? "second" : "seconds"}; --queue makes the line longer.`,
          data: { retryAfter },
        });
      }
      inside += calls;
      const enteredAt = now();
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        inside -= calls;
        meanTime += (now() - enteredAt - meanTime) * newWeight;
      };
    },
  };
}
