import { knownPatterns } from "../scan/known-patterns.ts";
import type { Ranges, TextSplitter } from "../text-splitter.ts";
import type { Dialect } from "./dialect.ts";
import { findMatches } from "./find-matches.ts";
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
      for (const { start, end } of findMatches(expression, text)) if (end > start) ranges.push(start, end);
      return ranges;
    },
  };
}
