import { CutawayError } from "@cutaway/core";

export interface Match {
  start: number;
  end: number;
}

/** For a million characters; published patterns take less than a second. */
const mostMilliseconds = 5_000;
/** Attempts between two looks at the clock. */
const attempts = 256;

/** An expression tried at one place at a time, where it repeats something without a bound (`{n,}`, as translated patterns write it). */
const stickies = new WeakMap<RegExp, RegExp | undefined>();

/**
 * All matches in a text, empty ones included. An expression with an unbounded repetition is tried place by place, under a clock: searching `a*b` in a long run
 * of `a` is quadratic in every backtracking engine, and cannot be stopped from outside.
 * throws  `text-too-long` where a run of millions of characters outgrows the stack of the engine's matcher; `pattern-too-slow` where the pattern of a tokenizer's
 * file is made so that it takes time without bound.
 */
export function findMatches(expression: RegExp, text: string): Iterable<Match> {
  const sticky = stickyOf(expression);
  return sticky ? placeByPlace(sticky, text) : search(expression, text);
}

function stickyOf(expression: RegExp): RegExp | undefined {
  if (!stickies.has(expression)) {
    const repeats = /\{\d+,\}|[+*]/.test(expression.source);
    stickies.set(expression, repeats ? new RegExp(expression.source, `${expression.flags.replace("g", "")}y`) : undefined);
  }
  return stickies.get(expression);
}

function* search(expression: RegExp, text: string): Iterable<Match> {
  for (const match of text.matchAll(expression)) yield { start: match.index, end: match.index + match[0].length };
}

function* placeByPlace(sticky: RegExp, text: string): Iterable<Match> {
  const deadline = performance.now() + mostMilliseconds * Math.max(1, text.length / 1_000_000);
  let left = attempts;
  for (let at = 0; at <= text.length; ) {
    const end = endOfMatch(sticky, text, at);
    if (end >= 0) yield { start: at, end };
    at = end > at ? end : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    if (--left === 0) {
      if (performance.now() > deadline) throw tooSlow(text.length);
      left = attempts;
    }
  }
}

/** The end of the match that starts at `at`; -1 where there is none. */
function endOfMatch(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  try {
    return sticky.test(text) ? sticky.lastIndex : -1;
  } catch (cause) {
    throw new CutawayError("text-too-long", `a text of ${text.length} characters is too long for this tokenizer's split pattern`, {
      fix: "Count it in parts of up to a million characters, cut at line ends.",
      data: { length: text.length },
      cause,
    });
  }
}

function tooSlow(length: number): CutawayError {
  return new CutawayError("pattern-too-slow", `a pattern of this tokenizer's file takes too long on a text of ${length} characters`, {
    fix: "Use the file as its author published it, or give the text in parts.",
    data: { length },
  });
}
