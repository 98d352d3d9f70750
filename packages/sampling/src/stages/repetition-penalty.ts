import { type Distribution, indexOf, measure } from "../distribution.ts";
import type { Stage, StageContext } from "../stage.ts";

/** Where less than this share of Σ exp is left, subtracting has lost too many digits and the sum is taken anew. */
const PRECISE = 1e-3;

/**
 * Divides the logit of every token that occurred by the penalty where it is positive, and multiplies it where it is negative:
 * above 1 makes repeats less probable, below 1 more. How often a token occurred does not matter.
 * window  how many of the last tokens count, prompt included; absent: all.
 * source  Keskar et al. 2019 (CTRL), arXiv 1909.05858, section 4.1; `RepetitionPenaltyLogitsProcessor` of transformers
 */
export function repetitionPenalty(setting: number, window: number | undefined): Stage {
  let seen = new Uint8Array(0);
  return {
    name: "repetition_penalty",
    setting,
    apply(distribution, context) {
      if (seen.length < context.vocabSize) seen = new Uint8Array(context.vocabSize);
      return penalise(distribution, setting, window ?? context.history.length, seen, context);
    },
  };
}

function penalise(distribution: Distribution, setting: number, window: number, seen: Uint8Array, context: StageContext) {
  const { history, vocabSize, scratchIds, scratchScores } = context;
  const { scores, top: topBefore, z: zBefore } = distribution;
  const from = Math.max(0, history.length - window);
  let { z, weighted } = distribution;
  let topHolds = true;
  for (let i = from; i < history.length; i++) {
    const id = history[i] as number;
    // An embedding may have more rows than the output has logits.
    if (id >= vocabSize || seen[id] === 1) continue;
    const index = indexOf(distribution, id);
    if (index < 0) continue;
    seen[id] = 1;
    const before = scores[index] as number;
    scores[index] = before < 0 ? before * setting : before / setting;
    const after = scores[index] as number;
    scratchScores[id] = before;
    if (before === topBefore || after > topBefore) topHolds = false;
    const was = Math.exp(before - topBefore);
    const is = Math.exp(after - topBefore);
    z += is - was;
    weighted += (after - topBefore) * is - (before - topBefore) * was;
  }
  if (topHolds && z > PRECISE * zBefore) {
    distribution.z = z;
    distribution.weighted = weighted;
  } else {
    measure(distribution, "repetition_penalty", scratchIds);
  }

  // KL = E_after[ln after − ln before]: the tokens that changed, and the rest, which moved only with the top.
  const rise = topBefore - distribution.top;
  let moved = rise * distribution.z;
  for (let i = from; i < history.length; i++) {
    const id = history[i] as number;
    if (id >= vocabSize || seen[id] !== 1) continue;
    seen[id] = 0;
    const index = indexOf(distribution, id);
    if (index < 0) continue;
    const after = (scores[index] as number) - distribution.top;
    const weight = Math.exp(after);
    if (weight > 0) moved += weight * (after - ((scratchScores[id] as number) - topBefore) - rise);
  }
  return { removedMass: 0, kl: Math.max(0, moved / distribution.z + Math.log(zBefore / distribution.z)) };
}
