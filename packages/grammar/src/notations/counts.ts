import type { Cursor } from "./cursor.ts";

const largest = 2 ** 30;

export type Counts = [min: number, max: number | undefined];

/** `*`, `+`, `?`, `{m}`, `{m,}`, `{,n}` or `{m,n}` at the cursor; undefined where none is. */
export const readCounts = (cursor: Cursor): Counts | undefined => {
  const position = cursor.position;
  if (cursor.takes("*")) return [0, undefined];
  if (cursor.takes("+")) return [1, undefined];
  if (cursor.takes("?")) return [0, 1];
  const found = cursor.match(/\{[ \t]*(\d*)[ \t]*(?:(,)[ \t]*(\d*)[ \t]*)?\}/y);
  if (found === undefined) return undefined;
  const [, least = "", comma, most = ""] = found;
  if (least === "" && most === "") throw cursor.invalid("a count is expected between the braces", position);
  return checkedCounts(cursor, position, Number(least), comma === undefined ? Number(least) : most === "" ? undefined : Number(most));
};

export const checkedCounts = (cursor: Cursor, position: number, min: number, max: number | undefined): Counts => {
  if (Math.max(min, max ?? 0) > largest) throw cursor.unsupported(`a count is above ${largest}`, position);
  if (max !== undefined && max < min) throw cursor.invalid("the counts are out of order", position);
  return [min, max];
};
