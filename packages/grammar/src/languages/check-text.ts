import { encodeUtf8, type LanguagePlace } from "@cutaway/core";
import type { Node } from "../expressions/index.ts";
import { expectedAt } from "../matcher/expected.ts";
import { placesOf, sayExpected } from "./say-expected.ts";
import type { Language } from "./source.ts";

/** How far a text is of a language. */
export type TextCheck =
  /** A whole sentence of it. */
  | { is: "whole" }
  /** A beginning of one: this has to come. */
  | { is: "beginning"; expected: string; places: LanguagePlace[] }
  /**
   * Byte `at` cannot stand there. `before` is the text up to there, `found` the character; `within` is what took the byte before: a number that is too
   * large breaks where it may only end, and its own place says why.
   */
  | { is: "broken"; at: number; before: string; found: string; expected: string; places: LanguagePlace[]; within: LanguagePlace[] };

/** Reads a text byte by byte, and says where it leaves the language. */
export function checkText({ expressions, root }: Pick<Language, "expressions" | "root">, text: string): TextCheck {
  const bytes = encodeUtf8(text);
  const expectation = (node: number) => {
    const expected = expectedAt(expressions, node);
    return { expected: onlyCharacter(expressions, node) ?? sayExpected(expected), places: placesOf(expected.sources) };
  };
  let node = root;
  let last: { node: Node; byte: number } | undefined;
  for (const [at, byte] of bytes.entries()) {
    const next = expressions.derive(node, byte);
    if (next === expressions.nothing) {
      const before = new TextDecoder().decode(bytes.subarray(0, startOfCharacter(bytes, at)));
      return {
        is: "broken",
        at,
        before,
        found: String.fromCodePoint(text.codePointAt(before.length) ?? 0),
        ...expectation(node),
        within: last ? takers(expressions, last) : [],
      };
    }
    last = { node, byte };
    node = next;
  }
  return expressions.nullable(node) ? { is: "whole" } : { is: "beginning", ...expectation(node) };
}

/** The one character beyond ASCII that has to come, where it is one: its first byte says nothing to a person. */
function onlyCharacter(expressions: Language["expressions"], start: Node): string | undefined {
  const bytes: number[] = [];
  for (let node = start; bytes.length < 4; node = expressions.derive(node, bytes.at(-1) as number)) {
    const { bytes: ranges, tokens, mayEnd } = expectedAt(expressions, node);
    const [only] = ranges;
    if (!only || ranges.length > 1 || only[0] !== only[1] || tokens.length > 0 || mayEnd || (bytes.length === 0 && only[0] < 0x80)) return undefined;
    bytes.push(only[0]);
    const text = new TextDecoder().decode(Uint8Array.from(bytes));
    if (!text.includes("\ufffd")) return `“${text}”`;
  }
  return undefined;
}

function takers(expressions: Language["expressions"], { node, byte }: { node: Node; byte: number }): LanguagePlace[] {
  return placesOf(expressions.sourcesTaking(node, byte) as LanguagePlace[]);
}

function startOfCharacter(bytes: Uint8Array, at: number): number {
  while (at > 0 && ((bytes[at] as number) & 0xc0) === 0x80) at--;
  return at;
}
