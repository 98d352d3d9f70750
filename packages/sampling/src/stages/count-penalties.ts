import { changeScores } from "../change-scores.ts";
import { createCounter } from "../seen.ts";
import type { Stage, StageContext } from "../stage.ts";

/** Which tokens count as having occurred. */
export interface PenaltyScope {
  /** `answer`: only what was generated, as OpenAI and vLLM count; `all`: the prompt too, as llama.cpp does. */
  scope: "answer" | "all";
  /** How many of the last tokens count; absent: all of the scope. */
  window: number | undefined;
}

/**
 * Subtracts the penalty once for every time a token occurred; negative values reward repeats.
 * source  OpenAI API reference, "frequency_penalty"; vLLM `apply_penalties`
 */
export function frequencyPenalty(setting: number, scope: PenaltyScope): Stage {
  return countPenalty("frequency_penalty", setting, scope, (times) => Math.fround(Math.fround(setting) * times));
}

/**
 * Subtracts the penalty once from every token that occurred, however often.
 * source  OpenAI API reference, "presence_penalty"; vLLM `apply_penalties`
 */
export function presencePenalty(setting: number, scope: PenaltyScope): Stage {
  return countPenalty("presence_penalty", setting, scope, () => Math.fround(setting));
}

function countPenalty(
  name: "frequency_penalty" | "presence_penalty",
  setting: number,
  scope: PenaltyScope,
  amount: (times: number) => number,
): Stage {
  const count = createCounter();
  return {
    name,
    setting,
    apply(distribution, context) {
      const { ids, counts } = count(context.history, beginOf(scope, context), context.vocabSize);
      return changeScores(distribution, ids, (score, i) => score - amount(counts[i] as number), name);
    },
  };
}

function beginOf({ scope, window }: PenaltyScope, { history, answerStart }: StageContext): number {
  const begin = scope === "all" ? 0 : answerStart;
  return window === undefined ? begin : Math.max(begin, history.length - window);
}
