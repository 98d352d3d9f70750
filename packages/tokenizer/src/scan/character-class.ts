import { unicodeRuns } from "../unicode-16.ts";

/** Upper and title case letters: Lu, Lt. */
export const UPPER = 1;
/** Lower case letters: Ll. */
export const LOWER = 2;
/** Letters without case: Lm, Lo. */
export const CASELESS = 4;
export const MARK = 8;
export const NUMBER = 16;
/** CR and LF, which patterns tell apart from other white space. */
export const LINE_END = 32;
/** White_Space other than CR and LF: with NEL (U+0085), without the byte order mark (U+FEFF). */
export const SPACE = 64;

export const LETTER = UPPER | LOWER | CASELESS;
export const WHITE = LINE_END | SPACE;

const kinds: Record<string, number> = { U: UPPER, L: LOWER, O: CASELESS, M: MARK, N: NUMBER, R: LINE_END, S: SPACE, X: 0 };

/**
 * The class of every code point, one byte each. Pinned to Unicode 16.0, which the reference implementations use,
 * because the tables behind `\p{L}` change with the JavaScript engine and would change token ids with it.
 */
const classes = readRuns(unicodeRuns);

function readRuns(runs: string): Uint8Array {
  const table = new Uint8Array(0x110000);
  let codePoint = 0;
  for (const [, kind, length] of runs.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    const next = codePoint + (length ? Number.parseInt(length, 36) : 1);
    const value = kinds[kind as string] as number;
    if (value !== 0) table.fill(value, codePoint, next);
    codePoint = next;
  }
  return table;
}

/** The class of a code point; of a surrogate, none. */
export const classOf = (codePoint: number): number => classes[codePoint] as number;

/** Not ASCII: what the byte begins or goes on decides. Also the class of the byte 0xFF, which stands behind every text. */
export const BEYOND_ASCII = 128;

/** The class of every byte that is a character of its own, for loops that take ASCII in one step a byte. */
export const asciiClasses = new Uint8Array(256).fill(BEYOND_ASCII);
asciiClasses.set(classes.subarray(0, 0x80));

/** The class of the code point whose UTF-8 form starts at `at`. */
export function classAt(utf8: Uint8Array, at: number): number {
  const lead = utf8[at] as number;
  if (lead < 0x80) return classes[lead] as number;
  const second = (utf8[at + 1] as number) & 0x3f;
  if (lead < 0xe0) return classes[((lead & 0x1f) << 6) | second] as number;
  const third = (utf8[at + 2] as number) & 0x3f;
  if (lead < 0xf0) return classes[((lead & 0x0f) << 12) | (second << 6) | third] as number;
  return classes[((lead & 0x07) << 18) | (second << 12) | (third << 6) | ((utf8[at + 3] as number) & 0x3f)] as number;
}

/** Length in bytes of the UTF-8 sequence that starts with `lead`. */
export const widthOf = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

export const next = (utf8: Uint8Array, at: number): number => at + widthOf(utf8[at] as number);
