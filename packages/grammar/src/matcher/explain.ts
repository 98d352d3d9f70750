import type { Node, Source } from "../expressions/index.ts";
import { tokenBytes } from "../vocabulary/vocabulary.ts";
import { type Expected, expectedAt, sayByte, sayBytes } from "./expected.ts";
import type { GrammarState } from "./grammar-state.ts";
import { nearestAllowed } from "./nearest.ts";

export interface TokenExplanation {
  id: number;
  bytes: Uint8Array;
  allowed: boolean;
  /** In words, without the token and without a full stop. */
  says: string;
  /** The first byte that may not come: its index in the token, and what might have come there. Absent for allowed tokens and for those that are no text. */
  dead?: { index: number; byte: number; expected: Expected };
  /** The token's bytes up to that byte by the parts of the grammar that take them. */
  parts: TokenPart[];
  /** For a token that may not come: one that may, with the most bytes in common. */
  nearest?: { id: number; bytes: Uint8Array };
}

/** Bytes from..to (the latter not included) of a token, and the labels on what takes them, outermost first. */
export interface TokenPart {
  from: number;
  to: number;
  sources: Source[];
}

/** Replays the token's bytes over the grammar with its labels: the first dead byte, what was expected there, and where the grammar says so. */
export function explainToken(state: GrammarState, id: number): TokenExplanation {
  const { expressions, vocabulary, ends } = state.grammar;
  const bytes = tokenBytes(vocabulary, id);
  const labelled = state.labelled;
  if (ends.includes(id)) {
    const { complete } = state;
    const says = complete ? "the answer may end here" : `the answer may not end before ${sayExpected(expectedAt(expressions, labelled))}`;
    return { id, bytes, allowed: complete, says, parts: [] };
  }
  if (!vocabulary.isText[id]) {
    const allowed = expressions.deriveToken(labelled, id) !== expressions.nothing;
    return { id, bytes, allowed, says: allowed ? "the grammar names it here" : "it is no text, and the grammar does not name it here", parts: [] };
  }
  const parts: TokenPart[] = [];
  let node: Node = labelled;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number;
    const next = expressions.derive(node, byte);
    if (next === expressions.nothing) {
      const expected = expectedAt(expressions, node);
      const where = index === 0 ? "" : ` after ${index} ${index === 1 ? "byte" : "bytes"}`;
      const says = `${sayByte(byte)} may not come${where}; expected ${sayExpected(expected)}`;
      const nearest = nearestAllowed(state, bytes, index);
      return { id, bytes, allowed: false, says, dead: { index, byte, expected }, parts, ...(nearest === undefined ? {} : { nearest }) };
    }
    const sources = expressions.sourcesTaking(node, byte);
    const last = parts.at(-1);
    if (last && last.sources.length === sources.length && last.sources.every((source, i) => source === sources[i])) last.to = index + 1;
    else parts.push({ from: index, to: index + 1, sources });
    node = next;
  }
  return { id, bytes, allowed: true, says: "the grammar takes all its bytes", parts };
}

function sayExpected({ bytes, tokens, mayEnd }: Expected): string {
  const said: string[] = [];
  if (bytes.length > 0) said.push(sayBytes(bytes));
  if (tokens.length > 0) said.push(`special token ${tokens.join(", ")}`);
  if (mayEnd) said.push("the end");
  return said.join(" or ");
}
