import { asciiClass, BEYOND_ASCII, CASELESS, classAt, LETTER, LINE_END, LOWER, MARK, NUMBER, next, UPPER, WHITE } from "./classes";
import { mostDigits, splitsCase, takesLeads } from "./pattern";

/** The end of the piece at `start`: scan-o200k.ts, scan-cl100k.ts and scan-gpt2.ts in one. */
export function pieceEnd(start: usize, end: usize): usize {
  const kind = classAt(start);
  if (splitsCase) {
    const word = casedWordEnd(kind, start, end);
    if (word > start) return contraction(word, end);
  } else {
    const contracted = contraction(start, end);
    if (contracted > start) return contracted;
    if (kind & LETTER) return runOf(LETTER, start, end);
  }
  if (kind & NUMBER) return numbers(start, end);
  const second = next(start);
  if (second < end) {
    const after = classAt(second);
    const isSpace = load<u8>(start) == 0x20;
    if (!splitsCase && (takesLeads ? (kind & LINE_END) == 0 : isSpace) && after & LETTER) return runOf(LETTER, second, end);
    if (!takesLeads && isSpace && after & NUMBER) return numbers(second, end);
    if (isSpace && (after & (WHITE | LETTER | NUMBER)) == 0) return symbols(second, end);
  }
  return kind & WHITE ? whiteSpace(start, end) : symbols(start, end);
}

function runOf(kinds: u32, at: usize, end: usize): usize {
  for (;;) {
    while (asciiClass(at) & kinds) at++;
    if (asciiClass(at) != BEYOND_ASCII || at >= end || (classAt(at) & kinds) == 0) return at;
    at = next(at);
  }
  return at;
}

function symbols(at: usize, end: usize): usize {
  const others = WHITE | LETTER | NUMBER | BEYOND_ASCII;
  for (;;) {
    while ((asciiClass(at) & others) == 0) at++;
    if (asciiClass(at) != BEYOND_ASCII || at >= end || (classAt(at) & others) != 0) break;
    at = next(at);
  }
  if (takesLeads) while (at < end && (asciiClass(at) == LINE_END || (splitsCase && load<u8>(at) == 0x2f))) at++;
  return at;
}

function numbers(at: usize, end: usize): usize {
  if (mostDigits == 0) return runOf(NUMBER, at, end);
  for (let count: u32 = 0; count < mostDigits && at < end && classAt(at) & NUMBER; count++) at = next(at);
  return at;
}

function whiteSpace(start: usize, end: usize): usize {
  let at = start;
  let last = start;
  let afterLineEnd = start;
  while (at < end) {
    const kind = classAt(at);
    if ((kind & WHITE) == 0) break;
    last = at;
    at = next(at);
    if (kind & LINE_END) afterLineEnd = at;
  }
  if (takesLeads && afterLineEnd > start) return afterLineEnd;
  return at == end || last == start ? at : last;
}

function contraction(at: usize, end: usize): usize {
  if (at + 1 >= end || load<u8>(at) != 0x27) return at;
  const fold: u32 = takesLeads ? 0x20 : 0;
  const first = <u32>load<u8>(at, 1) | fold;
  if (first == 0x73 || first == 0x74 || first == 0x6d || first == 0x64) return at + 2;
  if (at + 2 >= end) return at;
  const second = <u32>load<u8>(at, 2) | fold;
  if ((first == 0x72 || first == 0x76) && second == 0x65) return at + 3;
  if (first == 0x6c && second == 0x6c) return at + 3;
  return takesLeads && load<u8>(at, 1) == 0xc5 && load<u8>(at, 2) == 0xbf ? at + 3 : at;
}

function casedWordEnd(kind: u32, start: usize, end: usize): usize {
  if (kind & LETTER) return casedWord(true, start, end);
  if (kind & (NUMBER | LINE_END)) return start;
  const after = next(start);
  const word = casedWord((kind & MARK) == 0, after, end);
  if (word > after) return word;
  return kind & MARK ? casedWord(true, start, end) : start;
}

function casedWord(upperOnly: bool, start: usize, end: usize): usize {
  let at = start;
  let afterLastCaseless = start;
  while (at < end) {
    const kind = classAt(at);
    if (kind & LOWER) return runOf(LOWER | CASELESS | MARK, at, end);
    if ((kind & (UPPER | CASELESS | MARK)) == 0) break;
    at = next(at);
    if ((kind & UPPER) == 0) afterLastCaseless = at;
  }
  if (afterLastCaseless > start) return afterLastCaseless;
  return upperOnly ? at : start;
}
