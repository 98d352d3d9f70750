import { byteCharacters } from "../json/byte-alphabet.ts";
import type { PieceCounts } from "./piece-counts.ts";
import { Segments } from "./segments.ts";

/** Pieces as symbols, one a byte; bytes that are no token are left out. `idOf` is asked for the byte alphabet's characters. */
export function byteSegments(pieces: PieceCounts, idOf: ReadonlyMap<string, number>): Segments {
  const ids = Int32Array.from(byteCharacters, (character) => idOf.get(character) ?? -1);
  const segments = new Segments(pieces.bytes, pieces.size);
  const { bytes, starts } = pieces.arena();
  let symbols = new Int32Array(1 << 10);
  for (let piece = 0; piece < pieces.size; piece++) {
    const end = starts[piece + 1] as number;
    const start = starts[piece] as number;
    if (end - start > symbols.length) symbols = new Int32Array(2 * (end - start));
    let length = 0;
    for (let at = start; at < end; at++) {
      const id = ids[bytes[at] as number] as number;
      if (id >= 0) symbols[length++] = id;
    }
    segments.add(symbols, length, pieces.countOf(piece));
  }
  return segments;
}

/**
 * Pieces as symbols, one a character; characters that are no token are left out. All but a piece's first character go by their name with `prefix`
 * before it, which is added to `tokens` where it is missing, by code point.
 */
export function characterSegments(pieces: PieceCounts, tokens: string[], prefix: string): Segments {
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  if (prefix !== "") addContinuations(pieces, tokens, idOf, prefix);
  const segments = new Segments(pieces.bytes, pieces.size);
  for (const { characters, count } of charactersOf(pieces)) {
    const known = characters.flatMap((character, index) => {
      const id = idOf.has(character) ? idOf.get(index === 0 ? character : prefix + character) : undefined;
      return id === undefined ? [] : [id];
    });
    segments.add(Int32Array.from(known), known.length, count);
  }
  return segments;
}

function addContinuations(pieces: PieceCounts, tokens: string[], idOf: Map<string, number>, prefix: string): void {
  const continuing = new Set<string>();
  for (const { characters } of charactersOf(pieces)) {
    for (const character of characters.slice(1)) if (idOf.has(character)) continuing.add(character);
  }
  for (const character of [...continuing].toSorted((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number))) {
    const token = prefix + character;
    if (!idOf.has(token)) idOf.set(token, tokens.push(token) - 1);
  }
}

function* charactersOf(pieces: PieceCounts): Iterable<{ characters: string[]; count: number }> {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let piece = 0; piece < pieces.size; piece++) yield { characters: [...utf8.decode(pieces.bytesOf(piece))], count: pieces.countOf(piece) };
}
