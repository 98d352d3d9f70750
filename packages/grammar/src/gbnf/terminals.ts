import type { Cursor } from "../notations/cursor.ts";
import { literal, type ScalarRange, scalars, type Text } from "../text/index.ts";
import { complementRanges, normalRanges } from "../text/ranges.ts";

/** `"…"`, its first quote read already. */
export const readLiteral = (cursor: Cursor, opening: number): Text => {
  let value = "";
  while (!cursor.takes('"')) {
    if (cursor.done) throw cursor.invalid("this text is never closed", opening);
    value += String.fromCodePoint(readCharacter(cursor));
  }
  return literal(value);
};

/** `[…]`, its bracket read already. */
export const readClass = (cursor: Cursor, opening: number): Text => {
  const negated = cursor.takes("^");
  const ranges: ScalarRange[] = [];
  while (!cursor.takes("]")) {
    if (cursor.done) throw cursor.invalid("this class is never closed", opening);
    const position = cursor.position;
    const from = readCharacter(cursor);
    const to = !cursor.sees("-]") && cursor.takes("-") ? readMember(cursor, opening) : from;
    if (to < from) throw cursor.invalid("a range goes backwards", position);
    ranges.push([from, to]);
  }
  const normal = normalRanges(ranges);
  return scalars(negated ? complementRanges(normal) : normal);
};

const readMember = (cursor: Cursor, opening: number): number => {
  if (cursor.done) throw cursor.invalid("this class is never closed", opening);
  return readCharacter(cursor);
};

const named: Readonly<Record<string, number>> = { t: 0x09, r: 0x0d, n: 0x0a, "\\": 0x5c, '"': 0x22, "[": 0x5b, "]": 0x5d, "-": 0x2d };

const readCharacter = (cursor: Cursor): number => {
  const position = cursor.position;
  if (!cursor.takes("\\")) return cursor.character();
  const code = cursor.match(/x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y);
  if (code !== undefined) {
    const scalar = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16);
    if (scalar > 0x10ffff) throw cursor.invalid("there is no such code point", position);
    return scalar;
  }
  const letter = cursor.done ? undefined : String.fromCodePoint(cursor.character());
  const scalar = letter === undefined ? undefined : named[letter];
  if (scalar === undefined) throw cursor.invalid(`there is no escape \\${letter ?? ""}`, position);
  return scalar;
};
