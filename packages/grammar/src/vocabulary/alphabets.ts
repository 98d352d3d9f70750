import { add, bytesOf } from "../expressions/byte-sets.ts";
import { type ByteRanges, utf8Ranges } from "../expressions/scalars.ts";
import { whiteSpace } from "../regex/character-classes.ts";

/**
 * Characters in groups of what patterns tend to take or leave together, a bit each. An alphabet is some of them: what the tokens below a place of a trie are
 * made of.
 */
export type Alphabet = number;

/** Unicode's white space, separators and controls beyond ASCII: what `.` and `\S` leave out. They are of no group. */
const odd: readonly (readonly [from: number, to: number])[] = [[0x80, 0xa0], ...whiteSpace.filter(([from]) => from > 0xa0)];

/** The characters of each group within ASCII. Quotes, backslashes, controls and what is odd are of none. */
const asciiGroups: readonly string[] = [
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  " ",
  "0123456789",
  "_",
  "-",
  ".",
  "/",
  "!#$&'()*+,:;=?@~",
  "%<>[]^`{|}",
];

export const lower: Alphabet = 1;
export const letters: Alphabet = 3;
export const space: Alphabet = 4;
export const ascii: Alphabet = 2 ** asciiGroups.length - 1;
/** Characters beyond ASCII. */
const beyond: Alphabet = 2 ** asciiGroups.length;
export const anyText: Alphabet = ascii | beyond;
/** Holds something that is of no group. */
export const other: Alphabet = 2 * beyond;
export const groupCount = asciiGroups.length + 1;

/** The group of each byte that is a character, as its bit, [128]. */
const groupOfAscii = new Uint16Array(128).fill(other);
asciiGroups.forEach((characters, group) => {
  for (const character of characters) groupOfAscii[character.charCodeAt(0)] = 1 << group;
});

/** The group of a character. */
export function alphabetOf(scalar: number): Alphabet {
  if (scalar < 0x80) return groupOfAscii[scalar] as number;
  for (const [from, to] of odd) if (scalar <= to) return scalar >= from ? other : beyond;
  return beyond;
}

const wordsOf = (ranges: Iterable<readonly [from: number, to: number]>): Uint32Array => {
  const words = new Uint32Array(8);
  for (const [from, to] of ranges) for (let byte = from; byte <= to; byte++) add(words, byte);
  return words;
};

/** The bytes of each group within ASCII as eight words. */
export const asciiWords: readonly Uint32Array[] = asciiGroups.map((characters) =>
  wordsOf(Array.from(characters, (character) => [character.charCodeAt(0), character.charCodeAt(0)] as const)),
);

/** Bytes that begin characters, as eight words, and what follows them. */
export interface ByteForm {
  words: Uint32Array;
  following: readonly ByteForm[];
}

/** The UTF-8 forms of ranges of bytes: those with the same first range together. */
const together = (forms: readonly ByteRanges[]): ByteForm[] => {
  const byFirst = new Map<string, ByteRanges[]>();
  for (const form of forms) {
    if (form.length === 0) continue;
    const key = String(form[0]);
    byFirst.set(key, [...(byFirst.get(key) ?? []), form]);
  }
  return [...byFirst.values()].map((same) => ({
    words: wordsOf([same[0]?.[0] as [number, number]]),
    following: together(same.map((form) => form.slice(1))),
  }));
};

/** The UTF-8 forms of the characters beyond ASCII that are not odd. */
export const beyondAscii: readonly ByteForm[] = together(
  [...odd, [0x110000, 0x110000] as const].flatMap(([from], i) => utf8Ranges((odd[i - 1]?.[1] ?? 0x7f) + 1, from - 1)),
);

const beyondLeads = wordsOf(beyondAscii.flatMap(({ words }) => [...bytesOf(words)].map((byte) => [byte, byte] as const)));

/** The bytes with which characters of an alphabet begin, eight words. */
export function firstBytes(alphabet: Alphabet): Uint32Array {
  const bits = new Uint32Array(8);
  const parts = [...asciiWords, beyondLeads].filter((_, group) => (alphabet & (1 << group)) !== 0);
  for (const words of parts) for (let w = 0; w < 8; w++) bits[w] = (bits[w] as number) | (words[w] as number);
  return bits;
}
