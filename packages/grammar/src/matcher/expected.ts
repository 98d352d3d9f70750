import type { Expressions, Node, Source } from "../expressions/index.ts";

export interface Expected {
  /** Ranges of bytes that may come next, both ends included. */
  bytes: [from: number, to: number][];
  /** Special tokens that may come next. */
  tokens: number[];
  /** The answer may end here. */
  mayEnd: boolean;
  /** Where the grammar says so, outermost first. */
  sources: Source[];
}

/** What may come next in a state with labels. */
export function expectedAt(expressions: Expressions, labelled: Node): Expected {
  const first = expressions.first(labelled);
  const bytes: [number, number][] = [];
  for (let byte = 0; byte < 256; byte++) {
    if ((((first[byte >>> 5] as number) >>> (byte & 31)) & 1) === 0) continue;
    const last = bytes.at(-1);
    if (last?.[1] === byte - 1) last[1] = byte;
    else bytes.push([byte, byte]);
  }
  return { bytes, tokens: expressions.firstTokens(labelled), mayEnd: expressions.nullable(labelled), sources: expressions.sources(labelled) };
}

/** Ranges of bytes as a person reads them: `"`, `0`–`9`, 0x80–0xbf. */
export function sayBytes(ranges: readonly [number, number][]): string {
  const shown = ranges.slice(0, mostShown).map(([from, to]) => {
    if (from === to) return sayByte(from);
    return to === from + 1 ? `${sayByte(from)}, ${sayByte(to)}` : `${sayByte(from)} to ${sayByte(to)}`;
  });
  return ranges.length > mostShown ? `${shown.join(", ")} and more` : shown.join(", ");
}

const mostShown = 6;

export const sayByte = (byte: number): string =>
  byte === 0x20 ? "a space" : byte > 0x20 && byte < 0x7f ? `“${String.fromCharCode(byte)}”` : `byte 0x${byte.toString(16).padStart(2, "0")}`;
