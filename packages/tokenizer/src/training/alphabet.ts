import { byteCharacters } from "../json/byte-alphabet.ts";
import type { PieceCounts } from "./piece-counts.ts";

export interface AlphabetRules {
  /** Characters that are in the vocabulary whether the text has them or not. */
  initial: Iterable<string>;
  /** Keep only this many characters: the initial ones first, then the most frequent, of equals the lower code point. */
  limit: number;
}

/** The characters that tokens are made of, by code point. `bytes`: each byte of a piece is one, under its name in the byte alphabet. */
export function alphabetOf(pieces: PieceCounts, level: "bytes" | "characters", { initial, limit }: AlphabetRules): string[] {
  const counts = level === "bytes" ? countBytes(pieces) : countCharacters(pieces);
  for (const character of initial) counts.set(character, Number.POSITIVE_INFINITY);
  const byCodePoint = [...counts].toSorted(([a], [b]) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
  const kept = byCodePoint.length > limit ? new Set(byCodePoint.toSorted(([, a], [, b]) => (a === b ? 0 : b - a)).slice(0, limit)) : undefined;
  return byCodePoint.filter((entry) => kept?.has(entry) ?? true).map(([character]) => character);
}

function countBytes(pieces: PieceCounts): Map<string, number> {
  const counts = new Float64Array(256);
  const { bytes, starts } = pieces.arena();
  for (let piece = 0; piece < pieces.size; piece++) {
    const count = pieces.countOf(piece);
    const end = starts[piece + 1] as number;
    for (let at = starts[piece] as number; at < end; at++) {
      const byte = bytes[at] as number;
      counts[byte] = (counts[byte] as number) + count;
    }
  }
  return new Map(byteCharacters.map((character, byte) => [character, counts[byte] as number] as const).filter(([, count]) => count > 0));
}

function countCharacters(pieces: PieceCounts): Map<string, number> {
  const counts = new Map<string, number>();
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let piece = 0; piece < pieces.size; piece++) {
    const count = pieces.countOf(piece);
    for (const character of utf8.decode(pieces.bytesOf(piece))) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  return counts;
}
