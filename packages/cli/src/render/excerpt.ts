import { dim, type Line, line, mark, type Piece } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { fitEnd, fitStart, widthOf } from "../terminal/width.ts";

/**
 * The place in a text that a span marks, on one line with what stands around it, and a line of carets below.
 * text   any text; newlines and controls show as signs.   start, end  UTF-16, `start = end` marks a place between characters.
 * A span longer than the line shows its start and its end.
 */
export function excerpt(text: string, start: number, end: number, columns: number): Line[] {
  const room = Math.max(columns - 2, 20);
  const marked = fitMarked(text.slice(start, end), room - leastContext);
  const left = room - marked.width;
  const beforeAll = text.slice(0, start);
  const afterAll = text.slice(end);
  const afterWidth = Math.min(widthOf(fitStart(afterAll, left)), Math.floor(left / 3));
  const before = fitEnd(beforeAll, left - afterWidth);
  const after = fitStart(afterAll, left - widthOf(before));
  const opening = before.length < beforeAll.length ? "…" : "";
  const closing = after.length < afterAll.length ? "…" : "";
  const indent = widthOf(opening) + widthOf(before);
  const carets: Piece = { text: marked.width === 0 ? "▲" : "▔".repeat(marked.width), style: "problem" };
  return [line(dim(opening), before, ...marked.pieces, after, dim(closing)), line(" ".repeat(indent), carets)];
}

const leastContext = 12;

/** What is marked, whole where it fits; else its start and end with the number of characters between. */
function fitMarked(marked: string, columns: number): { pieces: Piece[]; width: number } {
  const whole = fitStart(marked, columns);
  if (whole.length === marked.length) return { pieces: [mark(dotted(marked))], width: widthOf(marked) };
  const gap = `…${counted(marked.length, "character")}…`;
  const head = fitStart(marked, Math.ceil((columns - gap.length) / 2));
  const tail = fitEnd(marked, Math.floor((columns - gap.length) / 2));
  return { pieces: [mark(dotted(head)), dim(gap), mark(dotted(tail))], width: widthOf(head) + gap.length + widthOf(tail) };
}

/** Spaces at the edges of what is marked as dots: they may be all there is to see. */
const dotted = (marked: string): string => marked.replace(/^ +| +$/g, (spaces) => "·".repeat(spaces.length));

/** One line of a text for a table: its start, signs for controls. */
export const oneLine = (text: string, columns: number): string => {
  const start = fitStart(
    text
      .slice(0, columns * 4)
      .replace(/\s+/g, " ")
      .trim(),
    columns,
  );
  return start;
};
