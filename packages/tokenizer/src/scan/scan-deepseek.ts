import { classAt, LETTER, LINE_END, MARK, NUMBER, next, WHITE } from "./character-class.ts";
import { numbers, runOf, type Scan, whiteSpace } from "./runs.ts";
import { isSymbol } from "./symbol-class.ts";

/** DeepSeek V3 and R1, three splits in order. */
export const deepseekPatterns: readonly string[] = [
  String.raw`\p{N}{1,3}`,
  "[一-龥぀-ゟ゠-ヿ]+",
  String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${"`"}{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
];

/**
 * `\p{N}{1,3}` is cut out first, then runs of Han and kana; words are found between these and inside these runs, each of which stands before an end
 * of text. What no word takes (controls, formats, code points not assigned) is a piece as far as it goes.
 */
export const scanDeepseek: Scan = (utf8, start, end) => {
  const kind = classAt(utf8, start);
  if (kind & NUMBER) return numbers(3, utf8, start, end);
  const han = isHanOrKana(utf8, start);
  if (kind & (LETTER | MARK)) return runOfLetters(han, utf8, start, end);
  const symbol = isSymbolAt(utf8, start);
  const second = next(utf8, start);
  if (symbol && isAsciiLetter(utf8[second] as number) && (utf8[start] as number) < 0x80) return runOfAsciiLetters(utf8, second);
  if (symbol) return symbols(han, utf8, start, end);
  if ((kind & LINE_END) === 0 && startsLetters(han, utf8, second, end)) return runOfLetters(han, utf8, second, end);
  if (utf8[start] === 0x20 && startsSymbols(false, utf8, second, end)) return symbols(false, utf8, second, end);
  if (kind & WHITE) {
    const after = runOf(WHITE, utf8, start, end);
    const cut = after < end && ((classAt(utf8, after) & NUMBER) !== 0 || isHanOrKana(utf8, after));
    return whiteSpace(true, utf8, start, cut ? after : end);
  }
  return restEnd(han, utf8, second, end);
};

/** The end of what no alternative takes: a character before letters is theirs. */
function restEnd(han: boolean, utf8: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (classAt(utf8, at) & (LETTER | MARK | NUMBER | WHITE)) === 0 && !isSymbolAt(utf8, at) && isHanOrKana(utf8, at) === han) {
    const after = next(utf8, at);
    if (startsLetters(han, utf8, after, end)) break;
    at = after;
  }
  return at;
}

const startsLetters = (han: boolean, utf8: Uint8Array, at: number, end: number): boolean =>
  at < end && (classAt(utf8, at) & (LETTER | MARK)) !== 0 && isHanOrKana(utf8, at) === han;

const startsSymbols = (han: boolean, utf8: Uint8Array, at: number, end: number): boolean =>
  at < end && isSymbolAt(utf8, at) && isHanOrKana(utf8, at) === han;

/** `[\p{L}\p{M}]*` */
function runOfLetters(han: boolean, utf8: Uint8Array, at: number, end: number): number {
  while (startsLetters(han, utf8, at, end)) at = next(utf8, at);
  return at;
}

/** `[\p{P}\p{S}]*[\r\n]*` */
function symbols(han: boolean, utf8: Uint8Array, at: number, end: number): number {
  while (startsSymbols(han, utf8, at, end)) at = next(utf8, at);
  return han ? at : runOf(LINE_END, utf8, at, end);
}

/** `[A-Za-z]*` */
function runOfAsciiLetters(utf8: Uint8Array, at: number): number {
  while (isAsciiLetter(utf8[at] as number)) at++;
  return at;
}

const isAsciiLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** `[一-龥぀-ゟ゠-ヿ]`: all of three bytes, from E3 to E9. */
function isHanOrKana(utf8: Uint8Array, at: number): boolean {
  const lead = utf8[at] as number;
  if (lead < 0xe3 || lead > 0xe9) return false;
  const codePoint = codePointAt(utf8, at);
  return (codePoint >= 0x4e00 && codePoint <= 0x9fa5) || (codePoint >= 0x3040 && codePoint <= 0x30ff);
}

function isSymbolAt(utf8: Uint8Array, at: number): boolean {
  const byte = utf8[at] as number;
  if (byte < 0x80) return byte > 0x20 && byte < 0x7f && !isAsciiLetter(byte) && (byte < 0x30 || byte > 0x39);
  return isSymbol(codePointAt(utf8, at));
}

function codePointAt(utf8: Uint8Array, at: number): number {
  const lead = utf8[at] as number;
  const second = (utf8[at + 1] as number) & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = (utf8[at + 2] as number) & 0x3f;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | ((utf8[at + 3] as number) & 0x3f);
}
