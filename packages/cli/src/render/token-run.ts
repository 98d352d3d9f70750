import { dim, type Line, type Piece } from "../terminal/line.ts";
import { widthOf } from "../terminal/width.ts";

export interface ShownToken {
  /** Spaces as dots; see `tokenText`. */
  text: string;
  id?: number;
}

/** Tokens in a row, each with its id behind it: `·not 625|ebo 53314`. What does not fit `columns` is left out, and how much that is stands at the end. */
export function tokenRun(tokens: readonly ShownToken[], columns: number, colour: boolean): Line {
  const pieces: Piece[] = [];
  let used = 0;
  for (const [index, { text, id }] of tokens.entries()) {
    const number = id === undefined ? "" : ` ${id}`;
    const width = widthOf(text) + number.length + (index === 0 ? 0 : 1);
    const isLast = index === tokens.length - 1;
    if (used + width > columns - (isLast ? 0 : ` +${tokens.length - index}`.length) && index > 0) {
      pieces.push(dim(` +${tokens.length - index}`));
      break;
    }
    if (index > 0) pieces.push(dim(colour ? " " : "|"));
    pieces.push(colour ? { text, style: index % 2 === 0 ? "token-even" : "token-odd" } : { text });
    if (number !== "") pieces.push(dim(number));
    used += width;
  }
  return pieces;
}

/** A text's tokens as they are shown. */
export const shown = (texts: readonly string[], ids: ArrayLike<number>): ShownToken[] =>
  texts.map((text, index) => ({ text: text.replaceAll(" ", "·"), ...(ids[index] !== undefined && { id: ids[index] as number }) }));
