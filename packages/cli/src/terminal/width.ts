import { createRequire } from "node:module";
import type stringWidth from "string-width";
import { visible } from "./escape.ts";
import type { Line } from "./line.ts";

/**
 * Text of characters that are one column each and stand alone: Latin, Greek, Cyrillic, punctuation, arrows, and what bars and marks are
 * drawn with. Most text is such, and needs neither the tables of emoji nor those of grapheme clusters, which take longer to load than
 * all the rest of a command.
 */
const simpleClass =
  "\\x20-\\x7e\\xa0-\\xac\\xae-\\u02ff\\u0370-\\u03ff\\u0400-\\u0482\\u048a-\\u052f\\u2010-\\u2027\\u2030-\\u205e\\u2190-\\u2193\\u2500-\\u257f\\u2580-\\u259f\\u25b2\\u23ce\\u2400-\\u2426\\u2713\\u2717";
const simple = new RegExp(`^[${simpleClass}]*$`);
/** With line feeds and tabs between: still one character, one cluster. */
const simpleRows = new RegExp(`^[\\n\\t${simpleClass}]*$`);

let widthOfAny: typeof stringWidth | undefined;

/** Loaded by the first text that needs it. */
function columnsOf(text: string): number {
  widthOfAny ??= (createRequire(import.meta.url)("string-width") as { default: typeof stringWidth }).default;
  return widthOfAny(text);
}

/** Columns that the text takes once painted: wide characters and emoji take two, hidden characters the length of their names. */
export const widthOf = (text: string): number => {
  if (simple.test(text)) return text.length;
  const shown = visible(text);
  return simple.test(shown) ? shown.length : columnsOf(shown);
};

export const lineWidth = (line: Line): number => line.reduce((sum, piece) => sum + widthOf(piece.text), 0);

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as one character each. */
export function graphemes(text: string): string[] {
  if (simpleRows.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** The longest start of the text that fits `columns`; looks at no more than it needs. */
export function fitStart(text: string, columns: number): string {
  if (text.length <= columns && simple.test(text)) return text;
  let taken = "";
  let used = 0;
  for (const grapheme of graphemes(safeSlice(text, 0, columns * mostUnits))) {
    const width = widthOf(grapheme);
    if (used + width > columns) break;
    taken += grapheme;
    used += width;
  }
  return taken;
}

/** The longest end of the text that fits `columns`. */
export function fitEnd(text: string, columns: number): string {
  if (text.length <= columns && simple.test(text)) return text;
  let taken = "";
  let used = 0;
  for (const grapheme of graphemes(safeSlice(text, text.length - columns * mostUnits, text.length)).reverse()) {
    const width = widthOf(grapheme);
    if (used + width > columns) break;
    taken = grapheme + taken;
    used += width;
  }
  return taken;
}

/** The text if it fits, else its start and an ellipsis. */
export function elide(text: string, columns: number): string {
  if (columns <= 0) return "";
  const start = fitStart(text, columns);
  return start.length === text.length ? text : `${fitStart(text, columns - 1)}…`;
}

/** Code units looked at for each column: enough for emoji families; what has more is cut. */
const mostUnits = 12;

/** A slice that does not halve a surrogate pair. */
function safeSlice(text: string, start: number, end: number): string {
  let from = Math.max(0, start);
  let to = Math.min(text.length, end);
  if (from > 0 && isLow(text.charCodeAt(from)) && isHigh(text.charCodeAt(from - 1))) from++;
  if (to < text.length && isLow(text.charCodeAt(to)) && isHigh(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
