import { CutawayError } from "@cutaway/core";

export interface CsvRow {
  /** Of the file, from 1: where the row begins. */
  line: number;
  cells: string[];
}

/**
 * Rows of a CSV text: cells in quotes may hold separators, line breaks and doubled quotes; blank lines are left out.
 * throws  `bad-csv` with the line: a quote that does not end, or text after one
 * source  RFC 4180
 */
export function parseCsv(text: string, separator: "," | "\t" | ";" = ","): CsvRow[] {
  const rows: CsvRow[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const row: CsvRow = { line, cells: [] };
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, row.line) : plainCell(text, at, separator);
      row.cells.push(cell.value);
      line += lineBreaks(text, at, cell.end);
      at = cell.end;
      if (text[at] !== separator) break;
      at++;
    }
    if (at < text.length && !isBreak(text[at])) throw badCsv(row.line, "holds text after a closing quote", "Double the quotes inside a quoted cell.");
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
  }
  return rows;
}

function quotedCell(text: string, start: number, line: number): { value: string; end: number } {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw badCsv(line, "has a quote that does not end", "Close it, or double the quotes inside a cell.");
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

function plainCell(text: string, start: number, separator: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== separator && !isBreak(text[end])) end++;
  return { value: text.slice(start, end), end };
}

const isBreak = (character: string | undefined): boolean => character === "\n" || character === "\r";

function lineBreaks(text: string, from: number, to: number): number {
  let breaks = 0;
  for (let i = from; i < to; i++) if (text[i] === "\n") breaks++;
  return breaks;
}

const badCsv = (line: number, what: string, fix: string) => new CutawayError("bad-csv", `line ${line} ${what}`, { fix, data: { line } });
