import { dim, type Line, type Piece, piece, type Style } from "../../terminal/line.ts";
import { elide, widthOf } from "../../terminal/width.ts";

const shades = ["·", "░", "▒", "▓", "█"];

/** A share, 0 to 1, as one of five shades. */
export const shade = (share: number): string => shades[Math.min(4, Math.max(0, Math.ceil(share * 5 - 1)))] ?? "·";

export interface HeatGrid {
  rows: readonly string[];
  columns: readonly string[];
  /** −1 to 1; undefined: nothing there. Below 0 the sign stands before the shade. */
  value(row: number, column: number): number | undefined;
}

/**
 * A value a cell, as shades: two columns each. Signs are shown by a minus, and by colour where there is one.
 * What does not fit is left out from the start, and said.
 */
export function heatGrid({ rows, columns, value }: HeatGrid, width: number): Line[] {
  const margin = Math.min(16, Math.max(3, ...rows.map(widthOf)));
  const fit = Math.max(1, Math.floor((width - margin - 1) / 2));
  const from = Math.max(0, columns.length - fit);
  const shown = columns.slice(from);
  const label = (text: string) => `${" ".repeat(Math.max(0, margin - widthOf(elide(text, margin))))}${elide(text, margin)} `;
  const numbers = shown.every((text) => /^\d+$/.test(text));
  const header: Line[] = numbers ? [[dim(label("") + shown.map((text) => (Number(text) % 5 === 0 ? text.padEnd(2).slice(-2) : "  ")).join(""))]] : [];
  return [
    ...header,
    ...rows.map((name, row): Line => [dim(label(name)), ...shown.map((_, column) => cell(value(row, from + column)))]),
    ...(from > 0 ? [[dim(`${label("")}the first ${from} columns are left out`)]] : []),
  ];
}

function cell(value: number | undefined): Piece {
  if (value === undefined) return piece("  ");
  const style: Style | undefined = value < -0.1 ? "removed" : value > 0.1 ? "bar" : "dim";
  const mark = shade(Math.abs(value));
  return piece(value < -0.1 ? `-${mark}` : mark + mark, style);
}

export const legend = (low: string, high: string): Line => [dim("· "), dim(low), dim("  ░ ▒ ▓ "), dim("█ "), dim(high)];
