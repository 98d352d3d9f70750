/** What a piece of text is, not how it looks; `paint.ts` gives each a colour. */
export type Style =
  | "title"
  | "strong"
  | "dim"
  | "problem"
  | "warning"
  | "note"
  | "good"
  | "mark"
  | "command"
  | "bar"
  | "added"
  | "removed"
  | "token-even"
  | "token-odd";

export interface Piece {
  text: string;
  style?: Style;
}

/** One line of output: pieces of text, each with its meaning. Text may hold anything; the painter makes it safe. */
export type Line = readonly Piece[];

const styled =
  (style: Style) =>
  (text: string): Piece => ({ text, style });

export const title = styled("title");
export const strong = styled("strong");
export const dim = styled("dim");
export const mark = styled("mark");
export const command = styled("command");
export const good = styled("good");

export const piece = (text: string, style?: Style): Piece => (style ? { text, style } : { text });

/** A line from strings and pieces. */
export const line = (...parts: (string | Piece)[]): Line => parts.map((part) => (typeof part === "string" ? { text: part } : part));

export const blank: Line = [];
