import { CutawayError } from "@cutaway/core";
import { knownPatterns } from "../scan/known-patterns.ts";
import type { Ranges, TextSplitter } from "../text-splitter.ts";
import type { Dialect } from "./dialect.ts";
import { translatePattern } from "./translate-pattern.ts";

/** Pieces are the matches of a pattern; what it does not match is dropped. */
export function splitterOf(pattern: string, dialect: Dialect): TextSplitter {
  const scan = knownPatterns.get(pattern);
  if (scan) return { kind: "scan", scan };
  const expression = translatePattern(pattern, dialect);
  return {
    kind: "ranges",
    split: (text) => {
      const ranges: Ranges = [];
      for (const { start, end } of matchesOf(expression, text)) if (end > start) ranges.push(start, end);
      return ranges;
    },
  };
}

/**
 * All matches in a text, empty ones included.
 * throws `text-too-long` where a run of millions of characters outgrows the stack of the engine's matcher.
 */
export function* matchesOf(expression: RegExp, text: string): Iterable<{ start: number; end: number }> {
  const matches = text.matchAll(expression);
  for (;;) {
    const match = nextMatch(matches, text.length);
    if (!match) return;
    yield { start: match.index, end: match.index + match[0].length };
  }
}

function nextMatch(matches: Iterator<RegExpExecArray>, length: number): RegExpExecArray | undefined {
  try {
    const { done, value } = matches.next();
    return done ? undefined : value;
  } catch (cause) {
    throw new CutawayError("text-too-long", `a text of ${length} characters is too long for this tokenizer's split pattern`, {
      fix: "Count it in parts of up to a million characters, cut at line ends.",
      data: { length },
      cause,
    });
  }
}
