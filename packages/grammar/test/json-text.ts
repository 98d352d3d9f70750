import type { Expressions, Node } from "../src/expressions/index.ts";

/** JSON without a schema, strings with min to max characters: as front ends write it, small enough to read. */
export function jsonText(expressions: Expressions, { min, max, letters }: { min: number; max?: number | undefined; letters: string }): Node {
  const e = expressions;
  const plain = {
    any: e.scalars([
      [0x20, 0x21],
      [0x23, 0x5b],
      [0x5d, 0x10ffff],
    ]),
    word: e.scalars([
      [0x30, 0x39],
      [0x41, 0x5a],
      [0x61, 0x7a],
    ]),
    "no space": e.scalars([
      [0x21, 0x21],
      [0x23, 0x5b],
      [0x5d, 0x10ffff],
    ]),
  }[letters] as Node;
  const escaped = e.sequence(e.text("\\"), e.bytes([...'nrt\\"/bf'].map((letter) => letter.charCodeAt(0))));
  const string = e.sequence(e.text('"'), e.repeat(letters === "any" ? e.choice(plain, escaped) : plain, min, max), e.text('"'));
  const digits = e.repeat(e.bytes([{ from: 0x30, to: 0x39 }]), 1, 20);
  const number = e.sequence(e.optional(e.text("-")), digits, e.optional(e.sequence(e.text("."), digits)));
  const space = e.repeat(e.text(" "), 0, 1);
  const value: Node = e.rule("value", () => e.choice(string, number, object, array, e.text("true"), e.text("false"), e.text("null")));
  const pair = e.sequence(string, e.text(":"), space, value);
  const object: Node = e.rule("object", () => e.sequence(e.text("{"), space, e.optional(list(pair)), e.text("}")));
  const array: Node = e.rule("array", () => e.sequence(e.text("["), space, e.optional(list(value)), e.text("]")));
  const list = (item: Node): Node => e.sequence(item, e.repeat(e.sequence(e.text(","), space, item)));
  return value;
}
