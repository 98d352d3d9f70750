import { hasHidden, splitHidden, visible } from "./escape.ts";
import type { Line, Style } from "./line.ts";

/** SGR parameters on and off. Only the 16 colours: they follow the reader's own theme, dark or light. */
const colours: Record<Style, [on: string, off: string]> = {
  title: ["1", "22"],
  strong: ["1", "22"],
  dim: ["2", "22"],
  problem: ["1;31", "22;39"],
  warning: ["33", "39"],
  note: ["34", "39"],
  good: ["32", "39"],
  mark: ["7", "27"],
  command: ["36", "39"],
  bar: ["36", "39"],
  added: ["32", "39"],
  removed: ["31", "39"],
  "token-even": ["30;46", "39;49"],
  "token-odd": ["30;47", "39;49"],
};

/** The line as one string without its newline. Holds no control character but our own colours, and none of these without `colour`. */
export function paint(line: Line, colour: boolean): string {
  if (!colour) return line.map((piece) => visible(piece.text)).join("");
  return line.map((piece) => paintPiece(piece.text, piece.style)).join("");
}

function paintPiece(text: string, style: Style | undefined): string {
  const safe = hasHidden(text)
    ? splitHidden(text)
        .map((part) => (hasHidden(part) ? `\x1b[35m${visible(part)}\x1b[39m` : part))
        .join("")
    : text;
  if (!style || safe === "") return safe;
  const [on, off] = colours[style];
  return `\x1b[${on}m${safe}\x1b[${off}m`;
}
