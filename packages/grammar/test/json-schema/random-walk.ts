import type { Expressions, Node } from "../../src/index.ts";

/**
 * A text of a grammar, byte by byte, each drawn among those that may come next. After `patience` bytes whatever closes something is taken first, so that
 * it ends.
 * @returns undefined if it has not ended after ten times that many bytes
 * @throws if nothing may come and the text is not whole
 */
export const randomWalk = (expressions: Expressions, start: Node, random: () => number, patience = 120): string | undefined => {
  const bytes: number[] = [];
  let node = start;
  for (;;) {
    const possible = bytesOf(expressions.first(node));
    if (expressions.nullable(node) && (possible.length === 0 || random() < 0.3 || bytes.length > patience)) break;
    if (possible.length === 0) throw new Error(`a dead end after ${JSON.stringify(textOf(bytes))}`);
    const closing = bytes.length > patience || random() < 0.25 ? possible.filter((byte) => closers.has(byte)) : [];
    const among = closing.length > 0 ? closing : possible;
    const byte = among[Math.floor(random() * among.length)] as number;
    bytes.push(byte);
    node = expressions.derive(node, byte);
    if (bytes.length > 10 * patience) return undefined;
  }
  return textOf(bytes);
};

const closers = new Set([...'"}]'].map((letter) => letter.charCodeAt(0)));
const textOf = (bytes: readonly number[]): string => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
const bytesOf = (bits: Uint32Array): number[] =>
  Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => ((bits[byte >>> 5] as number) >>> (byte & 31)) & 1);

/** Some object of the JSON text has two properties of the same name, of which `JSON.parse` keeps one. */
export const repeatsName = (text: string): boolean => {
  const open: (Set<string> | undefined)[] = [];
  const strings = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const [token, colon] of text.matchAll(strings)) {
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
};
