import { findMatches } from "../regex/find-matches.ts";
import type { RangeSplitter, Ranges } from "../text-splitter.ts";

/** What becomes of the matches of a split: their own pieces, dropped, or part of a neighbour. */
export const splitBehaviors = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"] as const;
export type SplitBehavior = (typeof splitBehaviors)[number];

/** Adds the pieces of the range [start, end) of a text to `to`. */
export type SplitStep = (text: string, start: number, end: number, to: Ranges) => void;

/**
 * Cuts by an expression. `invert`: what lies between matches counts as the match.
 * source  huggingface/tokenizers, tokenizer/normalizer.rs, NormalizedString::split
 */
export function splitBy(expression: RegExp, behavior: SplitBehavior, invert: boolean): SplitStep {
  return (text, start, end, to) => {
    const cuts = cutsOf(expression, text.slice(start, end), invert);
    for (const cut of joined(cuts, behavior)) if (cut.end > cut.start) to.push(start + cut.start, start + cut.end);
  };
}

/** The steps in order, each cutting what the one before it left. */
export function splitterOfChain(steps: readonly SplitStep[]): RangeSplitter {
  return {
    kind: "ranges",
    split(text) {
      let ranges: Ranges = text === "" ? [] : [0, text.length];
      for (const step of steps) {
        const to: Ranges = [];
        for (let index = 0; index < ranges.length; index += 2) step(text, ranges[index] as number, ranges[index + 1] as number, to);
        ranges = to;
      }
      return ranges;
    },
  };
}

interface Cut {
  start: number;
  end: number;
  matches: boolean;
}

function cutsOf(expression: RegExp, text: string, invert: boolean): Cut[] {
  const cuts: Cut[] = [];
  let at = 0;
  for (const { start, end } of findMatches(expression, text)) {
    // An empty match that touches the match before it is none, as in Rust and Oniguruma's iterators.
    if (end === start && end === at && cuts.at(-1)?.matches === !invert) continue;
    if (start > at) cuts.push({ start: at, end: start, matches: invert });
    cuts.push({ start, end, matches: !invert });
    at = end;
  }
  if (at < text.length) cuts.push({ start: at, end: text.length, matches: invert });
  return cuts;
}

function joined(cuts: Cut[], behavior: SplitBehavior): Cut[] {
  switch (behavior) {
    case "Isolated":
      return cuts;
    case "Removed":
      return cuts.filter((cut) => !cut.matches);
    case "Contiguous":
      return join(cuts, (cut, before) => before.matches === cut.matches);
    case "MergedWithPrevious":
      return join(cuts, (cut, before) => cut.matches && !before.matches);
    case "MergedWithNext":
      return join(cuts, (cut, before) => before.matches && !cut.matches);
  }
}

/** `together` sees a cut and the one directly before it. */
function join(cuts: Cut[], together: (cut: Cut, before: Cut) => boolean): Cut[] {
  const out: Cut[] = [];
  for (const [index, cut] of cuts.entries()) {
    const before = cuts[index - 1];
    const last = out.at(-1);
    if (before && last && together(cut, before)) last.end = cut.end;
    else out.push({ ...cut });
  }
  return out;
}
