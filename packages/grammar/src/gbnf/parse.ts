import { readCounts } from "../notations/counts.ts";
import type { Cursor } from "../notations/cursor.ts";
import { choiceOf, type Item, type Rule, repeatOf, sequenceOf } from "../notations/items.ts";
import { readToken, type TokenIds } from "../notations/tokens.ts";
import { anyScalar, repeat } from "../text/index.ts";
import { readClass, readLiteral } from "./terminals.ts";

/** Groups in groups, at most. */
const deepest = 200;

/** The rules of a grammar in llama.cpp's notation, as its guide (grammars/README.md) tells it. @throws `grammar-invalid`, `grammar-unsupported` */
export const parseRules = (cursor: Cursor, tokenId: TokenIds | undefined): Map<string, Rule> => {
  const rules = new Map<string, Rule>();
  skip(cursor, true);
  while (!cursor.done) {
    const position = cursor.position;
    const name = readName(cursor);
    if (name === undefined) throw cursor.invalid("a rule's name is expected here");
    if (rules.has(name)) throw cursor.invalid(`there is a rule “${name}” already`, position);
    skip(cursor, false);
    if (!cursor.takes("::=")) throw cursor.invalid("“::=” is expected here");
    skip(cursor, true);
    rules.set(name, { body: parseChoice({ cursor, tokenId, depth: 0 }), position });
    if (!cursor.done && cursor.match(/\r?\n|\r/y) === undefined) throw cursor.invalid("this belongs to no rule: the line should end here");
    skip(cursor, true);
  }
  return rules;
};

const readName = (cursor: Cursor): string | undefined => cursor.match(/[A-Za-z0-9_-]+/y)?.[0];

/** Blanks and comments; with `lines` the ends of lines too. */
const skip = (cursor: Cursor, lines: boolean): void => {
  cursor.match(lines ? /(?:[ \t\r\n]|#[^\r\n]*)*/y : /[ \t]*(?:#[^\r\n]*)?/y);
};

interface Parsing {
  cursor: Cursor;
  tokenId: TokenIds | undefined;
  /** Groups round this place: inside of one, ends of lines say nothing. */
  depth: number;
}

const parseChoice = (parsing: Parsing): Item => {
  const alternatives = [parseSequence(parsing)];
  while (parsing.cursor.takes("|")) {
    skip(parsing.cursor, true);
    alternatives.push(parseSequence(parsing));
  }
  return choiceOf(alternatives);
};

const parseSequence = (parsing: Parsing): Item => {
  const { cursor, depth } = parsing;
  const parts: Item[] = [];
  for (let part = parseSymbol(parsing); part !== undefined; part = parseSymbol(parsing)) {
    let counted = part;
    skip(cursor, depth > 0);
    for (let counts = readCounts(cursor); counts !== undefined; counts = readCounts(cursor)) {
      counted = repeatOf(counted, ...counts);
      skip(cursor, depth > 0);
    }
    parts.push(counted);
  }
  return sequenceOf(parts);
};

const parseSymbol = (parsing: Parsing): Item | undefined => {
  const { cursor, tokenId, depth } = parsing;
  const position = cursor.position;
  if (cursor.takes('"')) return { kind: "text", text: readLiteral(cursor, position) };
  if (cursor.takes("[")) return { kind: "text", text: readClass(cursor, position) };
  if (cursor.takes(".")) return { kind: "text", text: anyScalar };
  if (cursor.takes("(")) {
    if (depth >= deepest) throw cursor.unsupported(`groups stand more than ${deepest} deep`, position);
    skip(cursor, true);
    const inside = parseChoice({ ...parsing, depth: depth + 1 });
    if (!cursor.takes(")")) throw cursor.invalid("this group is never closed", position);
    return inside;
  }
  if (cursor.sees("<")) return { kind: "token", id: readToken(cursor, tokenId) };
  if (cursor.takes("!")) return readOtherTokens(parsing, position);
  const name = readName(cursor);
  return name === undefined ? undefined : { kind: "name", name, position };
};

/** `!<end>*`: any text, as long as the token does not come. How many tokens that is, bytes do not know, so that only * and + have a meaning. */
const readOtherTokens = ({ cursor, tokenId }: Parsing, position: number): Item => {
  readToken(cursor, tokenId);
  skip(cursor, false);
  const count = cursor.match(/[*+]/y)?.[0];
  if (count === undefined) throw cursor.unsupported("“any token but one” is followed here only with * or + after it", position);
  return { kind: "text", text: repeat(anyScalar, count === "+" ? 1 : 0) };
};
