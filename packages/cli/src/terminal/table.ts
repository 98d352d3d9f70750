import { dim, type Line, type Piece, piece } from "./line.ts";
import { elide, widthOf } from "./width.ts";
import { trimEnd } from "./wrap.ts";

export interface Column {
  header: string;
  align?: "left" | "right";
  /** Columns it may be elided to where the table is too wide; the first such column gives way first. */
  least?: number;
  /** Left out where eliding does not suffice, the smallest number first. */
  optional?: number;
}

export type Cell = string | Piece;

const gap = "  ";

/** A table that fits `width`: columns are elided, then left out, as they allow. Columns empty in every row are left out at once. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): Line[] {
  const natural = columns.map((column, i) => rows.reduce((most, row) => Math.max(most, widthOf(textOf(row[i]))), widthOf(column.header)));
  let used = columns.map((_, i) => i).filter((i) => rows.some((row) => textOf(row[i]) !== ""));
  const leastWidth = () =>
    sum(used.map((i) => Math.min(natural[i] ?? 0, columns[i]?.least ?? Number.POSITIVE_INFINITY))) + gap.length * (used.length - 1);
  const droppable = used.filter((i) => columns[i]?.optional !== undefined).sort((a, b) => (columns[a]?.optional ?? 0) - (columns[b]?.optional ?? 0));
  for (const drop of droppable) if (leastWidth() > width) used = used.filter((i) => i !== drop);

  const widths = new Map(used.map((i) => [i, natural[i] ?? 0]));
  let over = sum([...widths.values()]) + gap.length * (used.length - 1) - width;
  for (const i of used) {
    const least = columns[i]?.least;
    if (over <= 0 || least === undefined) continue;
    const own = widths.get(i) ?? 0;
    const give = Math.min(over, Math.max(0, own - least));
    widths.set(i, own - give);
    over -= give;
  }

  const cellsOf = (row: readonly (Cell | undefined)[]): Line =>
    trimEnd(
      used.flatMap((i, place) => {
        const cell = row[i];
        const columnWidth = widths.get(i) ?? 0;
        const text = elide(textOf(cell), columnWidth);
        const padding = piece(" ".repeat(Math.max(0, columnWidth - widthOf(text))));
        const styled = piece(text, typeof cell === "object" ? cell.style : undefined);
        const padded = columns[i]?.align === "right" ? [padding, styled] : [styled, padding];
        return place === 0 ? padded : [piece(gap), ...padded];
      }),
    );
  const header = columns.some((column) => column.header !== "") ? [cellsOf(columns.map((column) => dim(column.header)))] : [];
  return [...header, ...rows.map(cellsOf)];
}

const textOf = (cell: Cell | undefined): string => (typeof cell === "object" ? cell.text : (cell ?? ""));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
