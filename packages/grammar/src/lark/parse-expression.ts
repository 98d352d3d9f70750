import { type Counts, checkedCounts, readCounts } from "../notations/counts.ts";
import type { Cursor } from "../notations/cursor.ts";
import { readToken, type TokenIds } from "../notations/tokens.ts";
import { readJsonObject } from "./json-value.ts";
import { readRegex, readString } from "./literals.ts";
import type { Expression } from "./syntax.ts";

/** Groups in groups, at most. */
const deepest = 200;

export interface Parsing {
  cursor: Cursor;
  tokenId: TokenIds | undefined;
  /** Groups round this place: inside of one, ends of lines say nothing. */
  depth: number;
}

/** Blanks and comments; with `lines` the ends of lines too. */
export const skip = (cursor: Cursor, lines: boolean): void => {
  cursor.match(lines ? /(?:\s|\/\/[^\n]*|#[^\n]*)*/y : /(?:[ \t]|\\[ \t]*\r?\n)*(?:(?:\/\/|#)[^\n]*)?/y);
};

/** `a b | c -> name`, to the end of the definition: a line may go on with a bar. */
export const parseExpression = (parsing: Parsing): Expression => {
  const { cursor } = parsing;
  const alternatives: Expression[] = [];
  do {
    skip(cursor, false);
    alternatives.push(parseBoth(parsing));
    if (cursor.match(/->[ \t]*[_a-z][_a-z0-9]*/y) !== undefined) skip(cursor, parsing.depth > 0);
  } while (cursor.match(/(?:\s|\/\/[^\n]*\n|#[^\n]*\n)*\|/y) !== undefined);
  const [only, second] = alternatives;
  return only !== undefined && second === undefined ? only : { kind: "choice", parts: alternatives };
};

const parseBoth = (parsing: Parsing): Expression => {
  const { cursor } = parsing;
  const position = cursor.position;
  const parts = [parseSequence(parsing)];
  while (cursor.takes("&")) {
    skip(cursor, parsing.depth > 0);
    parts.push(parseSequence(parsing));
  }
  const [only, second] = parts;
  return only !== undefined && second === undefined ? only : { kind: "both", parts, position };
};

const parseSequence = (parsing: Parsing): Expression => {
  const { cursor, depth } = parsing;
  const parts: Expression[] = [];
  skip(cursor, depth > 0);
  for (let part = parseAtom(parsing); part !== undefined; part = parseAtom(parsing)) {
    skip(cursor, depth > 0);
    for (let counts = readRepetition(cursor); counts !== undefined; counts = readRepetition(cursor)) {
      part = { kind: "repeat", part, min: counts[0], max: counts[1] };
      skip(cursor, depth > 0);
    }
    parts.push(part);
  }
  const [only, second] = parts;
  return only !== undefined && second === undefined ? only : { kind: "sequence", parts };
};

/** `*`, `+`, `?`, `~ 3`, `~ 3..5`, and `{3,5}` as other tools have it. */
const readRepetition = (cursor: Cursor): Counts | undefined => {
  const position = cursor.position;
  const tilde = cursor.match(/~[ \t]*(\d+)(?:[ \t]*\.\.[ \t]*(\d+))?/y);
  if (tilde === undefined) return readCounts(cursor);
  return checkedCounts(cursor, position, Number(tilde[1]), Number(tilde[2] ?? tilde[1]));
};

const parseAtom = (parsing: Parsing): Expression | undefined => {
  const { cursor, tokenId } = parsing;
  const position = cursor.position;
  const text = readString(cursor) ?? readRegex(cursor);
  if (text !== undefined) return { kind: "text", text };
  if (cursor.takes("(")) return parseGroup(parsing, position, ")");
  if (cursor.takes("[")) return { kind: "repeat", part: parseGroup(parsing, position, "]"), min: 0, max: 1 };
  if (cursor.sees("<")) return { kind: "token", id: readToken(cursor, tokenId), position };
  if (cursor.takes("%json")) {
    skip(cursor, true);
    return { kind: "json", schema: readJsonObject(cursor), position };
  }
  if (cursor.takes("~")) {
    skip(cursor, false);
    const part = parseAtom(parsing);
    if (part === undefined) throw cursor.invalid("something is expected after ~");
    return { kind: "not", part, position };
  }
  const name = readName(cursor);
  if (name === undefined) {
    if (cursor.sees("@") || cursor.sees("%")) throw cursor.unsupported("only %json stands in a rule here");
    return undefined;
  }
  if (cursor.match(/\{[ \t]*["/A-Za-z_]/y) !== undefined) throw cursor.unsupported("templates are not followed", position, "Write the rule out.");
  return { kind: "name", name, position };
};

export const readName = (cursor: Cursor): string | undefined => cursor.match(/_?[A-Za-z](?:[A-Za-z0-9_]|-(?!>))*/y)?.[0];

const parseGroup = (parsing: Parsing, position: number, closing: string): Expression => {
  const { cursor, depth } = parsing;
  if (depth >= deepest) throw cursor.unsupported(`groups stand more than ${deepest} deep`, position);
  const inside = parseExpression({ ...parsing, depth: depth + 1 });
  skip(cursor, true);
  if (!cursor.takes(closing)) throw cursor.invalid("this group is never closed", position);
  return inside;
};
