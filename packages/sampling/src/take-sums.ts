import { PART } from "./arena.ts";
import { type Distribution, hasKernels } from "./distribution.ts";
import type { Kernels } from "./kernels/load-kernels.ts";
import { resultsOf } from "./kernels/results.ts";
import { sumExp, sums } from "./sum-exp.ts";

/** With the sums of the scores as they stand: for all that decides about tokens. */
export function takeSums(distribution: Distribution): Distribution {
  if (distribution.sums === "taken") return distribution;
  const { arena, scores, count, top } = distribution;
  if (arena.kernels && hasKernels(distribution)) {
    sumParts(distribution, arena.kernels);
  } else {
    sumExp(scores, count, top);
    distribution.z = sums.z;
    distribution.weighted = sums.weighted;
  }
  distribution.sums = "taken";
  return distribution;
}

/** With sums that are good enough to report. */
export const knowSums = (distribution: Distribution): Distribution => (distribution.sums === "none" ? takeSums(distribution) : distribution);

/** Part by part, each of which is kept for a draw; what is over a multiple of 64 is added in script. */
function sumParts(distribution: Distribution, kernels: Kernels): void {
  const { arena, scores, count, top } = distribution;
  const { float64 } = resultsOf(kernels.memory.buffer);
  const whole = count & ~63;
  let z = 0;
  let weighted = 0;
  for (let from = 0; from < count; from += PART) {
    kernels.sums(arena.at.scores + 4 * from, Math.max(0, Math.min(PART, whole - from)), top, 0);
    let part = float64[0] as number;
    weighted += float64[1] as number;
    if (from + PART > whole) {
      for (let i = Math.max(from, whole); i < count; i++) {
        const above = (scores[i] as number) - top;
        const weight = Math.exp(above);
        part += weight;
        weighted += above * weight;
      }
    }
    arena.parts[from / PART] = part;
    z += part;
  }
  distribution.z = z;
  distribution.weighted = weighted;
}

/** Nats. */
export const entropyOf = (distribution: Distribution): number => entropyBy(takeSums(distribution));

/** The same for the report. */
export const reportedEntropy = (distribution: Distribution): number => entropyBy(knowSums(distribution));

const entropyBy = ({ z, weighted }: Distribution): number => Math.max(0, Math.log(z) - weighted / z);

/** Natural log of the sum of exp(score), over all tokens left. */
export const logSumOf = (distribution: Distribution): number => distribution.top + Math.log(takeSums(distribution).z);
