import { columnsOf, graphemesOf, isNarrow } from "./columns.ts";

/**
 * Where the tokens of a text stand in a monospaced grid. A token is drawn as one piece, or as several where it breaks over lines.
 * Arrays are by piece unless named otherwise; pieces are in reading order.
 */
export interface StripLayout {
  columns: number;
  lines: number;
  tokens: number;
  pieces: number;
  /** [lines + 1] first piece of each line. */
  lineStart: Uint32Array;
  /** [tokens + 1] first piece of each token. */
  tokenPiece: Uint32Array;
  token: Uint32Array;
  line: Uint32Array;
  column: Uint16Array;
  width: Uint16Array;
  /** UTF-16 range in the token's shown text. */
  from: Uint32Array;
  to: Uint32Array;
}

/**
 * Sets tokens into lines of at most `columns` columns. A token moves to the next line when it does not fit, breaks only when it is
 * wider than a line, and ends its line after each "\n" in its shown text (which itself has no width). O(total text).
 * shown    what each token shows, see `visibleToken`.   columns  8 to 65,535.
 */
export function layoutStrip(shown: readonly string[], columns: number): StripLayout {
  const wide = Math.max(8, Math.min(65_535, Math.floor(columns)));
  const pieces = new Pieces(shown.length + (shown.length >> 2) + 16);
  const tokenPiece = new Uint32Array(shown.length + 1);
  const lineStart = [0];
  let column = 0;
  const nextLine = () => {
    lineStart.push(pieces.count);
    column = 0;
  };
  const put = (token: number, from: number, to: number, width: number) => {
    pieces.push(token, lineStart.length - 1, column, width, from, to);
    column += width;
  };
  const putWrapped = (token: number, text: string, offset: number) => {
    let from = offset;
    let to = offset;
    let width = 0;
    for (const grapheme of graphemesOf(text)) {
      if (column + width + grapheme.columns > wide) {
        if (width > 0) put(token, from, to, width);
        nextLine();
        from = to;
        width = 0;
      }
      to += grapheme.text.length;
      width += grapheme.columns;
    }
    if (width > 0) put(token, from, to, width);
  };

  for (let token = 0; token < shown.length; token++) {
    tokenPiece[token] = pieces.count;
    const text = shown[token] as string;
    for (let from = 0; from <= text.length; ) {
      const newline = text.indexOf("\n", from);
      const to = newline === -1 ? text.length : newline;
      if (to > from || text.length === 0) {
        const part = from === 0 && to === text.length ? text : text.slice(from, to);
        const width = isNarrow(part) ? part.length : columnsOf(part);
        if (column + width > wide && column > 0 && width <= wide) nextLine();
        if (width <= wide - column) put(token, from, to, width);
        else putWrapped(token, part, from);
      }
      if (newline === -1) break;
      nextLine();
      from = newline + 1;
      if (from === text.length) break;
    }
  }
  tokenPiece[shown.length] = pieces.count;
  const lines = pieces.count > 0 && lineStart[lineStart.length - 1] === pieces.count ? lineStart.length - 1 : lineStart.length;
  lineStart.push(pieces.count);
  return {
    columns: wide,
    lines,
    tokens: shown.length,
    pieces: pieces.count,
    lineStart: Uint32Array.from(lineStart.slice(0, lines + 1)),
    tokenPiece,
    ...pieces.arrays(),
  };
}

/** The token at a place in the grid; the nearest of its line where the place is empty; undefined below the last line. */
export function tokenAt(layout: StripLayout, line: number, column: number): number | undefined {
  if (line < 0 || line >= layout.lines) return undefined;
  const start = layout.lineStart[line] as number;
  const end = layout.lineStart[line + 1] as number;
  if (start === end) return undefined;
  let low = start;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((layout.column[middle] as number) <= column) low = middle;
    else high = middle - 1;
  }
  return layout.token[low];
}

export const lineOf = (layout: StripLayout, token: number): number => layout.line[layout.tokenPiece[token] as number] ?? 0;

/** The token one line above or below, nearest to the middle of this one; the same token at the edges. */
export function tokenBeside(layout: StripLayout, token: number, lines: -1 | 1): number {
  const piece = layout.tokenPiece[token] as number;
  const middle = (layout.column[piece] ?? 0) + (layout.width[piece] ?? 0) / 2;
  for (let line = lineOf(layout, token) + lines; line >= 0 && line < layout.lines; line += lines) {
    const found = tokenAt(layout, line, middle);
    if (found !== undefined && found !== token) return found;
  }
  return token;
}

/** Columns of typed arrays that grow together. */
class Pieces {
  count = 0;
  private room: number;
  private token: Uint32Array;
  private line: Uint32Array;
  private column: Uint16Array;
  private width: Uint16Array;
  private from: Uint32Array;
  private to: Uint32Array;

  constructor(room: number) {
    this.room = room;
    this.token = new Uint32Array(room);
    this.line = new Uint32Array(room);
    this.column = new Uint16Array(room);
    this.width = new Uint16Array(room);
    this.from = new Uint32Array(room);
    this.to = new Uint32Array(room);
  }

  push(token: number, line: number, column: number, width: number, from: number, to: number): void {
    if (this.count === this.room) this.grow();
    const i = this.count++;
    this.token[i] = token;
    this.line[i] = line;
    this.column[i] = column;
    this.width[i] = width;
    this.from[i] = from;
    this.to[i] = to;
  }

  arrays() {
    const { token, line, column, width, from, to } = this;
    return { token, line, column, width, from, to };
  }

  private grow(): void {
    this.room *= 2;
    const wider = <T extends Uint16Array | Uint32Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    this.token = wider(this.token, new Uint32Array(this.room));
    this.line = wider(this.line, new Uint32Array(this.room));
    this.column = wider(this.column, new Uint16Array(this.room));
    this.width = wider(this.width, new Uint16Array(this.room));
    this.from = wider(this.from, new Uint32Array(this.room));
    this.to = wider(this.to, new Uint32Array(this.room));
  }
}
