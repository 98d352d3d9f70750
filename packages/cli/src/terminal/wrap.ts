import type { Line, Piece } from "./line.ts";
import { graphemes, widthOf } from "./width.ts";

/**
 * The line broken at spaces so that no part is wider than `columns`; words wider than a line are broken, and so is running text
 * without spaces (Chinese, Japanese); one character that is wider than a line, for the names of what hides in it, has a line of its own. Continuation lines begin with `indent` spaces.
 */
export function wrap(line: Line, columns: number, indent = 0): Line[] {
  const room = Math.max(columns, indent + 8);
  const lines: Line[] = [];
  let current: Piece[] = [];
  let used = 0;
  let fresh = true;

  const put = (text: string, style: Piece["style"]) => {
    const last = current[current.length - 1];
    if (last && last.style === style) last.text += text;
    else current.push(style ? { text, style } : { text });
    used += widthOf(text);
    fresh = false;
  };
  const feed = () => {
    lines.push(trimEnd(current));
    current = indent > 0 ? [{ text: " ".repeat(indent) }] : [];
    used = indent;
    fresh = true;
  };

  for (const { text, style } of line) {
    for (const word of text.match(/ +|[^ ]+/g) ?? []) {
      const width = widthOf(word);
      if (used + width <= room) {
        if (!(fresh && lines.length > 0 && word.startsWith(" "))) put(word, style);
        continue;
      }
      if (word.startsWith(" ")) {
        feed();
        continue;
      }
      if (width <= room - indent && !fresh && !hasWide(word)) {
        feed();
        put(word, style);
        continue;
      }
      for (const grapheme of graphemes(word)) {
        if (used + widthOf(grapheme) > room && !fresh) feed();
        put(grapheme, style);
      }
    }
  }
  lines.push(trimEnd(current));
  return lines;
}

const hasWide = (word: string): boolean => /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/.test(word);

/** The line without spaces at its end. */
export function trimEnd(pieces: Line): Line {
  const kept = pieces.slice();
  while (kept.length > 0) {
    const last = kept[kept.length - 1] as Piece;
    const text = last.text.replace(/ +$/, "");
    if (text !== "") {
      kept[kept.length - 1] = { ...last, text };
      break;
    }
    kept.pop();
  }
  return kept;
}
