import { isCutawayError } from "@cutaway/core";
import type { Cursor } from "../notations/cursor.ts";
import { withBothCases } from "../regex/character-classes.ts";
import { regexText } from "../regex/index.ts";
import { literal, scalars, sequence, type Text } from "../text/index.ts";

/** `"…"` or `"…"i`, or `"a".."z"`; undefined where no quote comes next. */
export const readString = (cursor: Cursor): Text | undefined => {
  const position = cursor.position;
  const value = readQuoted(cursor);
  if (value === undefined) return undefined;
  if (cursor.match(/[ \t]*\.\.[ \t]*(?=")/y) !== undefined) {
    const last = readQuoted(cursor) ?? "";
    const [from, to] = [Array.from(value), Array.from(last)];
    if (from.length !== 1 || to.length !== 1) throw cursor.invalid("a range goes from one character to another", position);
    const [low, high] = [value.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
    if (low > high) throw cursor.invalid("a range goes backwards", position);
    return scalars([[low, high]]);
  }
  if (cursor.match(/i(?![A-Za-z0-9_])/y) === undefined) return literal(value);
  return sequence(...Array.from(value, (character) => scalars(withBothCases([[character.codePointAt(0) ?? 0, character.codePointAt(0) ?? 0]]))));
};

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", b: "\b", "\\": "\\", '"': '"', "'": "'", "/": "/" };

const readQuoted = (cursor: Cursor): string | undefined => {
  const opening = cursor.position;
  if (!cursor.takes('"')) return undefined;
  let value = "";
  while (!cursor.takes('"')) {
    if (cursor.done || cursor.sees("\n")) throw cursor.invalid("this text is never closed", opening);
    const position = cursor.position;
    if (!cursor.takes("\\")) {
      value += String.fromCodePoint(cursor.character());
      continue;
    }
    const code = cursor.match(/x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y);
    const scalar = code === undefined ? undefined : Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16);
    const character =
      scalar === undefined ? escapes[cursor.match(/[^\n]/y)?.[0] ?? ""] : scalar > 0x10ffff ? undefined : String.fromCodePoint(scalar);
    if (character === undefined) throw cursor.invalid("there is no such escape", position);
    value += character;
  }
  return value;
};

/** `/…/flags`; undefined where no slash comes next. A terminal is the whole match; `.` leaves out the line feed only, as in Python. */
export const readRegex = (cursor: Cursor): Text | undefined => {
  const position = cursor.position;
  const found = cursor.match(/\/(?![/*])((?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\\n[])*)\/([a-z]*)/y);
  if (found === undefined) return undefined;
  const [, pattern = "", flags = ""] = found;
  const unknown = /[^isu]/.exec(flags)?.[0];
  if (unknown !== undefined) throw cursor.unsupported(`the flag ${unknown} is not followed`, position);
  try {
    return regexText(pattern, { search: false, ignoreCase: flags.includes("i"), dotAll: flags.includes("s"), lineFeedOnly: true });
  } catch (error) {
    if (!isCutawayError(error)) throw error;
    const at = position + 1 + Number(error.data.position ?? 0);
    throw error.code === "regex-invalid"
      ? cursor.invalid(error.message.replace(/\.$/, ""), at)
      : cursor.unsupported(error.message.replace(/\.$/, ""), at, error.fix);
  }
};
