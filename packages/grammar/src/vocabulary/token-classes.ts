import { type Alphabet, alphabetOf, anyText, ascii, letters, lower, other, space } from "./alphabets.ts";

/**
 * Tokens by what they are made of. A text class holds tokens that are whole characters without quote, backslash and control character: inside a JSON string
 * they may all come, or all but those too long, and that is seen without looking at them one by one.
 */
export interface TextClass {
  name: string;
  /** What the first character may be, and those after it. */
  first: Alphabet;
  later: Alphabet;
}

export const textClasses: readonly TextClass[] = [
  { name: "lower-case word", first: lower, later: lower },
  { name: "word", first: letters, later: letters },
  { name: "space and word", first: space, later: letters },
  { name: "ASCII text", first: ascii, later: ascii },
  { name: "text", first: anyText, later: anyText },
];

/** After the text classes: tokens with quotes, backslashes, parts of characters or characters of no group; and those with control characters. */
export const jsonClass = textClasses.length;
export const controlClass = textClasses.length + 1;
export const classCount = textClasses.length + 2;

/** The class of a token's bytes, and how many characters it has (0 outside the text classes). */
export function classify(bytes: Uint8Array, from: number, to: number): { kind: number; characters: number } {
  let lower = true;
  let letters = true;
  let spaceAndLetters = to - from > 1 && bytes[from] === 0x20;
  let ascii = true;
  let json = false;
  let characters = 0;
  for (let i = from; i < to; ) {
    const byte = bytes[i] as number;
    if (byte < 0x20) return { kind: controlClass, characters: 0 };
    if (byte >= 0x80) {
      const length = characterLength(bytes, i, to);
      ascii = false;
      if (length === 0) {
        json = true;
        i++;
        continue;
      }
      json ||= alphabetOf(scalarAt(bytes, i, length)) === other;
      i += length;
      characters++;
      continue;
    }
    json ||= alphabetOf(byte) === other;
    const small = byte >= 0x61 && byte <= 0x7a;
    const letter = small || (byte >= 0x41 && byte <= 0x5a);
    lower &&= small;
    letters &&= letter;
    if (i > from) spaceAndLetters &&= letter;
    characters++;
    i++;
  }
  if (json) return { kind: jsonClass, characters: 0 };
  return { kind: !ascii ? 4 : lower ? 0 : letters ? 1 : spaceAndLetters ? 2 : 3, characters };
}

/** The character whose bytes stand here, at least two. */
function scalarAt(bytes: Uint8Array, at: number, length: number): number {
  let scalar = (bytes[at] as number) & (0xff >>> (length + 1));
  for (let i = 1; i < length; i++) scalar = (scalar << 6) | ((bytes[at + i] as number) & 0x3f);
  return scalar;
}

/** Length in bytes of the character beyond ASCII that begins here; 0 where there is no whole valid one. */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] as number;
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f) || (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f))
    return 0;
  return length;
}
