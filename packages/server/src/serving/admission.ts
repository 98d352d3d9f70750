import { CutawayError } from "@cutaway/core";

/** Counts answers in the house, so that the line never grows longer than was said. */
export interface Admission {
  /** Lets so many answers in, or refuses them all. @returns what to call once when they have ended @throws `line-full` with the seconds to wait */
  enter(answers: number): () => void;
  readonly inside: number;
}

/** How much the last answer changes the mean that waiting times are told by. */
const newWeight = 0.1;

/**
 * streams  answers generated at once
 * queue    answers that may wait beside them
 */
export function createAdmission({ streams, queue, now = () => performance.now() }: { streams: number; queue: number; now?(): number }): Admission {
  let inside = 0;
  /** Milliseconds from entering to leaving, of the last answers. */
  let meanTime = 1000;
  return {
    get inside() {
      return inside;
    },
    enter(answers) {
      // Where nobody is inside, whoever comes is let in: one request may ask for more answers than there are streams.
      if (inside > 0 && inside + answers > streams + queue) {
        const retryAfter = Math.max(1, Math.min(60, Math.ceil(meanTime / 1000)));
        throw new CutawayError("line-full", `${inside} answers are being generated or wait, of ${streams + queue} that may`, {
          fix: `Try again in ${retryAfter} ${retryAfter === 1 ? "second" : "seconds"}; --queue makes the line longer.`,
          data: { retryAfter },
        });
      }
      inside += answers;
      const enteredAt = now();
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        inside -= answers;
        meanTime += (now() - enteredAt - meanTime) * newWeight;
      };
    },
  };
}
