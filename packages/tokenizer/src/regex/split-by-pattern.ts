import { knownPatterns } from "../scan/known-patterns.ts";
import type { Ranges, TextSplitter } from "../text-splitter.ts";
import type { Dialect } from "./dialect.ts";
import { translatePattern } from "./translate-pattern.ts";

/** Pieces are the matches of a pattern; what it does not match is dropped. */
export function splitterOf(pattern: string, dialect: Dialect): TextSplitter {
  const scan = knownPatterns.get(pattern);
  if (scan) return { kind: "scan", scan };
  const expression = translatePattern(pattern, dialect);
  return { kind: "ranges", split: (text) => matchesOf(expression, text, 0, text.length) };
}

/** The non-empty matches within [start, end), which the expression takes for the whole text. */
export function matchesOf(expression: RegExp, text: string, start: number, end: number): Ranges {
  const part = start === 0 && end === text.length ? text : text.slice(start, end);
  const ranges: Ranges = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(part); match; match = expression.exec(part)) {
    const length = match[0].length;
    if (length > 0) ranges.push(start + match.index, start + match.index + length);
    else expression.lastIndex += (part.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1;
  }
  return ranges;
}
