import { asciiClasses, BEYOND_ASCII, CASELESS, classAt, LETTER, LINE_END, LOWER, MARK, NUMBER, next, UPPER, WHITE } from "./character-class.ts";
import { contraction, numbers, runOf, runOfSymbols, type Scan, whiteSpace } from "./runs.ts";

/**
 * With `U` = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` and `W` = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`:
 * `[^\r\n\p{L}\p{N}]?U*W+(?i:'s|…)?|[^\r\n\p{L}\p{N}]?U+W*(?i:'s|…)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
 */
export const scanO200k: Scan = (utf8, start, end) => {
  const kind = asciiClasses[utf8[start] as number] as number;
  const second = asciiClasses[utf8[start + 1] as number] as number;
  if ((kind | second) & BEYOND_ASCII) return scanAny(utf8, start, end);
  if (kind & LETTER || ((kind & (NUMBER | LINE_END)) === 0 && second & LETTER)) {
    // A word, with or without a space or symbol before it: nearly every piece of nearly every text.
    let at = kind & LETTER ? start : start + 1;
    while ((asciiClasses[utf8[at] as number] as number) & UPPER) at++;
    while ((asciiClasses[utf8[at] as number] as number) & LOWER) at++;
    const after = utf8[at] as number;
    if (after < 0x80) return after === apostrophe ? contraction(true, utf8, at, end) : at;
    return at === end ? at : scanAny(utf8, start, end);
  }
  if (kind === 0 || (second === 0 && utf8[start] === 0x20)) return symbols(utf8, start + 1, end);
  return kind & NUMBER ? numbers(3, utf8, start, end) : whiteSpace(true, utf8, start, end);
};

const apostrophe = 0x27;

const scanAny: Scan = (utf8, start, end) => {
  const kind = classAt(utf8, start);
  const word = wordEnd(kind, utf8, start, end);
  if (word > start) return contraction(true, utf8, word, end);
  if (kind & NUMBER) return numbers(3, utf8, start, end);
  const second = start + 1;
  if (utf8[start] === 0x20 && second < end && (classAt(utf8, second) & (WHITE | LETTER | NUMBER)) === 0) return symbols(utf8, second, end);
  if (kind & WHITE) return whiteSpace(true, utf8, start, end);
  return symbols(utf8, start, end);
};

/** The word alternatives in their order: with a leading symbol or space, then without; a word with lower case before one without. */
function wordEnd(kind: number, utf8: Uint8Array, start: number, end: number): number {
  if (kind & LETTER) return casedWord(true, utf8, start, end);
  if (kind & (NUMBER | LINE_END)) return start;
  const after = next(utf8, start);
  // A mark is both a leading symbol and part of a word: read as the symbol it needs a word with a lower case or caseless letter after it.
  const word = casedWord((kind & MARK) === 0, utf8, after, end);
  if (word > after) return word;
  return kind & MARK ? casedWord(true, utf8, start, end) : start;
}

/** The end of `U*W+`, else with `upperOnly` of `U+W*`, else `start`. `U*` gives back what `W+` needs: it ends before the run's last W. */
function casedWord(upperOnly: boolean, utf8: Uint8Array, start: number, end: number): number {
  let at = start;
  let afterLastCaseless = start;
  while (at < end) {
    const kind = classAt(utf8, at);
    if (kind & LOWER) return runOf(LOWER | CASELESS | MARK, utf8, at, end);
    if ((kind & (UPPER | CASELESS | MARK)) === 0) break;
    at = next(utf8, at);
    if ((kind & UPPER) === 0) afterLastCaseless = at;
  }
  if (afterLastCaseless > start) return afterLastCaseless;
  return upperOnly ? at : start;
}

function symbols(utf8: Uint8Array, start: number, end: number): number {
  let at = runOfSymbols(utf8, start, end);
  while (at < end && (utf8[at] === 0x0a || utf8[at] === 0x0d || utf8[at] === 0x2f)) at++;
  return at;
}
