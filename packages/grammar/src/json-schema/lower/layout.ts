import type { Expressions, Node } from "../../expressions/index.ts";

/** Where white space may stand: what goes before, between and after the parts of arrays and objects. */
export interface Layout {
  /** Before and after the whole text. */
  readonly around: Node;
  /** After an opening bracket and before a closing one. */
  readonly inside: Node;
  readonly comma: Node;
  readonly colon: Node;
}

export const longestIndentation = 20;

export const layoutOf = (x: Expressions, whitespace: "none" | "bounded" | "any"): Layout => {
  const [comma, colon] = [x.text(","), x.text(":")];
  if (whitespace === "none") return { around: x.empty, inside: x.empty, comma, colon };
  if (whitespace === "any") {
    const space = x.repeat(x.bytes([0x20, 0x09, 0x0a, 0x0d]));
    return { around: space, inside: space, comma: x.sequence(space, comma, space), colon: x.sequence(space, colon, space) };
  }
  const line = x.sequence(x.text("\n"), x.repeat(x.bytes([0x20, 0x09]), 0, longestIndentation));
  const inside = x.optional(x.choice(x.text(" "), line));
  return { around: x.empty, inside, comma: x.sequence(comma, inside), colon: x.sequence(colon, x.optional(x.text(" "))) };
};
