import { changeScores } from "../change-scores.ts";
import type { Stage } from "../stage.ts";

/**
 * Takes out every token that would complete a run of n tokens that already stands in the history, prompt included.
 * source  Paulus et al. 2017, arXiv 1705.04304, section 2.5; `NoRepeatNGramLogitsProcessor` of transformers
 */
export function noRepeatNgram(n: number): Stage {
  return {
    name: "no_repeat_ngram",
    setting: n,
    apply(distribution, { history }) {
      return changeScores(distribution, [...completionsOf(history, n)], () => -Infinity, "no_repeat_ngram");
    },
  };
}

function completionsOf(history: ArrayLike<number>, n: number): Set<number> {
  const completions = new Set<number>();
  const prefix = history.length - (n - 1);
  for (let from = 0; from + n <= history.length; from++) {
    let same = 0;
    while (same < n - 1 && history[from + same] === history[prefix + same]) same++;
    if (same === n - 1) completions.add(history[from + n - 1] as number);
  }
  return completions;
}
