import { asciiClasses, BEYOND_ASCII, classAt, LETTER, LINE_END, NUMBER, next, WHITE } from "./character-class.ts";

/**
 * A pre-tokenizer: the end of the piece that starts at `start`, always beyond it. `utf8` is well formed up to `end`, and the text ends there:
 * `utf8[end]` is 0xFF, so that loops over ASCII need no other bound.
 * Each scanner is one published regular expression, written out so that no piece is looked at more than a few times.
 */
export type Scan = (utf8: Uint8Array, start: number, end: number) => number;

/** The end of the run of code points of `kinds` that starts at `at`; `at` itself where there is none. */
export function runOf(kinds: number, utf8: Uint8Array, at: number, end: number): number {
  for (;;) {
    while ((asciiClasses[utf8[at] as number] as number) & kinds) at++;
    if (asciiClasses[utf8[at] as number] !== BEYOND_ASCII || at >= end || (classAt(utf8, at) & kinds) === 0) return at;
    at = next(utf8, at);
  }
}

const notSymbols = WHITE | LETTER | NUMBER | BEYOND_ASCII;

/** `[^\s\p{L}\p{N}]*` */
export function runOfSymbols(utf8: Uint8Array, at: number, end: number): number {
  for (;;) {
    while (((asciiClasses[utf8[at] as number] as number) & notSymbols) === 0) at++;
    if (asciiClasses[utf8[at] as number] !== BEYOND_ASCII || at >= end || (classAt(utf8, at) & notSymbols) !== 0) return at;
    at = next(utf8, at);
  }
}

/** `\p{N}{1,max}` at a number. */
export function numbers(max: number, utf8: Uint8Array, at: number, end: number): number {
  for (let count = 0; count < max && at < end && classAt(utf8, at) & NUMBER; count++) at = next(utf8, at);
  return at;
}

/** `\s+(?!\S)|\s+` at white space; with `lineEnds`, `\s*[\r\n]+` first. */
export function whiteSpace(lineEnds: boolean, utf8: Uint8Array, start: number, end: number): number {
  let at = start;
  let last = start;
  let afterLineEnd = start;
  while (at < end) {
    const ascii = asciiClasses[utf8[at] as number] as number;
    const kind = ascii === BEYOND_ASCII ? classAt(utf8, at) : ascii;
    if ((kind & WHITE) === 0) break;
    last = at;
    at = ascii === BEYOND_ASCII ? next(utf8, at) : at + 1;
    if (kind & LINE_END) afterLineEnd = at;
  }
  if (lineEnds && afterLineEnd > start) return afterLineEnd;
  return at === end || last === start ? at : last;
}

/**
 * The end of `'s|'t|'re|'ve|'m|'ll|'d` at an apostrophe, or `at` where there is none.
 * Folded as `(?i:)` folds, the long s (U+017F) counts as an s.
 */
export function contraction(folded: boolean, utf8: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end || utf8[at] !== 0x27) return at;
  const fold = folded ? 0x20 : 0;
  const first = (utf8[at + 1] as number) | fold;
  if (first === 0x73 || first === 0x74 || first === 0x6d || first === 0x64) return at + 2;
  if (at + 2 >= end) return at;
  const second = (utf8[at + 2] as number) | fold;
  if ((first === 0x72 || first === 0x76) && second === 0x65) return at + 3;
  if (first === 0x6c && second === 0x6c) return at + 3;
  if (folded && utf8[at + 1] === 0xc5 && utf8[at + 2] === 0xbf) return at + 3;
  return at;
}
