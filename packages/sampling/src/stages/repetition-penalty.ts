import { changeScores } from "../change-scores.ts";
import { createCounter } from "../seen.ts";
import type { Stage } from "../stage.ts";

/**
 * Divides the logit of every token that occurred by the penalty where it is positive, and multiplies it where it is negative:
 * above 1 makes repeats less probable, below 1 more. How often a token occurred does not matter.
 * window  how many of the last tokens count, prompt included; absent: all.
 * source  Keskar et al. 2019 (CTRL), arXiv 1909.05858, section 4.1; `RepetitionPenaltyLogitsProcessor` of transformers
 */
export function repetitionPenalty(setting: number, window: number | undefined): Stage {
  const count = createCounter();
  return {
    name: "repetition_penalty",
    setting,
    apply(distribution, { history, vocabSize }) {
      const { ids } = count(history, window === undefined ? 0 : history.length - window, vocabSize);
      return changeScores(distribution, ids, (score) => (score < 0 ? score * setting : score / setting), "repetition_penalty");
    },
  };
}
