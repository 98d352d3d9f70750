import { dim, type Line, type Piece, piece } from "./line.ts";
import { elide, widthOf } from "./width.ts";

export interface Column {
  header: string;
  align?: "left" | "right";
  /** Takes what the other columns leave, and is elided when that is too little. One a table. */
  flexible?: boolean;
}

const gap = "  ";
const leastFlexible = 12;

/** A table whose lines fit `columns` where the fixed columns allow it; columns that are empty in every row are left out. */
export function table(columns: readonly Column[], rows: readonly (string | Piece)[][], width: number): Line[] {
  const used = columns.map((_, i) => i).filter((i) => rows.some((row) => textOf(row[i]) !== ""));
  const widths = new Map(used.map((i) => [i, Math.max(widthOf(columns[i]?.header ?? ""), ...rows.map((row) => widthOf(textOf(row[i]))))]));
  const flexible = used.find((i) => columns[i]?.flexible);
  if (flexible !== undefined) {
    const others = used.reduce((sum, i) => sum + (i === flexible ? 0 : (widths.get(i) ?? 0)), 0);
    const room = width - others - gap.length * (used.length - 1);
    widths.set(flexible, Math.min(widths.get(flexible) ?? 0, Math.max(room, leastFlexible)));
  }

  const cellsOf = (row: readonly (string | Piece | undefined)[]): Line =>
    used.flatMap((i, place) => {
      const cell = row[i];
      const columnWidth = widths.get(i) ?? 0;
      const text = elide(textOf(cell), columnWidth);
      const padding = " ".repeat(Math.max(0, columnWidth - widthOf(text)));
      const styled = piece(text, typeof cell === "object" ? cell.style : undefined);
      const last = place === used.length - 1;
      const padded = columns[i]?.align === "right" ? [piece(padding), styled] : [styled, piece(last ? "" : padding)];
      return place === 0 ? padded : [piece(gap), ...padded];
    });

  const header = columns.some((column) => column.header !== "") ? [cellsOf(columns.map((column) => dim(column.header)))] : [];
  return [...header, ...rows.map(cellsOf)];
}

const textOf = (cell: string | Piece | undefined): string => (typeof cell === "object" ? cell.text : (cell ?? ""));
