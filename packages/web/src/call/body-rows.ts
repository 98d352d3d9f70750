/**
 * Where the rows of a long text begin when it is wrapped at `columns` UTF-16 code units: each line's start, and every further
 * `columns` within it, never between the halves of a surrogate pair. The last entry is the text's length. O(rows + text).
 */
export function bodyRows(text: string, columns: number): Uint32Array {
  const width = Math.max(8, Math.floor(columns));
  const starts: number[] = [];
  for (let line = 0; line <= text.length; ) {
    const newline = text.indexOf("\n", line);
    const end = newline === -1 ? text.length : newline;
    starts.push(line);
    for (let at = breakAt(text, line + width); at < end; at = breakAt(text, at + width)) starts.push(at);
    if (newline === -1) break;
    line = newline + 1;
  }
  starts.push(text.length);
  return Uint32Array.from(starts);
}

function breakAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** [rows - 1] the number of the line that begins at each row, from 1; 0 for a row that goes on with the line before it. */
export function lineNumbers(text: string, rows: Uint32Array): Uint32Array {
  const numbers = new Uint32Array(Math.max(0, rows.length - 1));
  let line = 0;
  for (let row = 0; row < numbers.length; row++) {
    const start = rows[row] as number;
    if (start === 0 || text[start - 1] === "\n") numbers[row] = ++line;
  }
  return numbers;
}

/** Offsets at which `needle` occurs, regardless of case; at most `limit`. */
export function findAll(text: string, needle: string, limit = 10_000): number[] {
  const found: number[] = [];
  if (needle === "") return found;
  const pattern = new RegExp(needle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
  for (let match = pattern.exec(text); match && found.length < limit; match = pattern.exec(text)) found.push(match.index);
  return found;
}

/** The row that holds an offset. rows  ascending, as `bodyRows` gives them. */
export function rowAt(rows: Uint32Array, offset: number): number {
  let low = 0;
  let high = Math.max(0, rows.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
