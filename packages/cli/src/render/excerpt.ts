import { dim, type Line, line, mark } from "../terminal/line.ts";
import { count } from "../terminal/numbers.ts";
import { fitEnd, fitStart, widthOf } from "../terminal/width.ts";

/**
 * The place in a text that a span marks, on one line with what stands around it, and a line of carets below.
 * text   any text; newlines and controls show as signs.   start, end  UTF-16, `start = end` marks a place between characters.
 * A span longer than the line shows its start and its end.
 */
export function excerpt(text: string, start: number, end: number, columns: number): Line[] {
  const marked = text.slice(start, end);
  const room = Math.max(columns - 2, 20);
  const most = Math.floor(room * 0.6);
  const shown = widthOf(marked.slice(0, room * 2)) <= most && marked.length <= room * 2 ? marked : undefined;
  const head = shown ?? fitStart(marked, Math.floor(most / 2));
  const tail = shown === undefined ? fitEnd(marked, Math.floor(most / 2) - 1) : "";
  const markedWidth = shown === undefined ? widthOf(head) + 1 + widthOf(tail) : widthOf(head);

  const left = room - markedWidth;
  const beforeAll = text.slice(0, start);
  const afterAll = text.slice(end);
  const afterWidth = Math.min(widthOf(afterAll.slice(0, left)), Math.floor(left / 3));
  const before = fitEnd(beforeAll, left - afterWidth);
  const after = fitStart(afterAll, left - widthOf(before));
  const opening = before.length < beforeAll.length ? "…" : "";
  const closing = after.length < afterAll.length ? "…" : "";

  const middle = shown === undefined ? [mark(dotted(head)), dim("…"), mark(dotted(tail))] : [mark(dotted(head))];
  const caretColumn = widthOf(opening) + widthOf(before);
  const carets = markedWidth === 0 ? "▲" : "▔".repeat(markedWidth);
  const length = end - start;
  const note = shown === undefined ? dim(` ${count(length)} characters`) : dim("");
  return [line(dim(opening), before, ...middle, after, dim(closing)), line(" ".repeat(caretColumn), { text: carets, style: "problem" }, note)];
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
