import { type Line, line, type Piece, title } from "../terminal/line.ts";

/** Where the content of a section begins; section names stand to the left of it. */
export const margin = 10;

const spaces = " ".repeat(margin);

/** A section's lines behind its name; nothing for no lines. */
export const section = (name: string, lines: readonly Line[]): Line[] =>
  lines.map((content, i) => (i === 0 ? line(title(name.padEnd(margin)), ...content) : line(spaces, ...content)));

export const indented = (lines: readonly Line[], by: number): Line[] =>
  lines.map((content) => (content.length === 0 ? content : line(" ".repeat(by), ...content)));

/** Pieces with a separator between them, the empty ones left out. */
export function joined(pieces: readonly (string | Piece | undefined)[], separator = " · "): Line {
  const kept = pieces.filter((item): item is string | Piece => item !== undefined && item !== "");
  return line(...kept.flatMap((item, i) => (i === 0 ? [item] : [{ text: separator, style: "dim" as const }, item])));
}
