import type { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";
import { intersectRanges, lastScalar, type ScalarRange } from "./ranges.ts";

/**
 * How characters are written in a JSON string. `canonical`: each in one way, as `JSON.stringify` writes them, so that keys and constants are forced
 * once they have begun (only the hex digits of control characters may be of either case). `any`: in every way that JSON allows.
 */
export type Spelling = "canonical" | "any";

/** What may stand raw between the quotes (RFC 8259, section 7). */
const rawScalars: readonly ScalarRange[] = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, lastScalar],
];

const shortEscapes: readonly (readonly [scalar: number, letter: string, canonical: boolean])[] = [
  [0x22, '"', true],
  [0x5c, "\\", true],
  [0x2f, "/", false],
  [0x08, "b", true],
  [0x0c, "f", true],
  [0x0a, "n", true],
  [0x0d, "r", true],
  [0x09, "t", true],
];

/** The control characters for which JSON has no letter. */
const namelessControls: readonly ScalarRange[] = [
  [0x00, 0x07],
  [0x0b, 0x0b],
  [0x0e, 0x1f],
];

/** One character of the set, as it may stand in a JSON string. */
export const writeJsonScalar = (expressions: Expressions, ranges: readonly ScalarRange[], spelling: Spelling): Node => {
  const any = spelling === "any";
  const ways: Node[] = [];
  for (const [scalar, letter, canonical] of shortEscapes)
    if ((any || canonical) && ranges.some(([from, to]) => from <= scalar && scalar <= to)) ways.push(expressions.text(letter));
  const units = hexUnits(expressions, any ? ranges : intersectRanges(ranges, namelessControls));
  if (units !== expressions.nothing) ways.push(expressions.sequence(expressions.text("u"), units));
  const raw = intersectRanges(ranges, rawScalars);
  return expressions.choice(
    raw.length === 0 ? expressions.nothing : expressions.scalars(raw.map(([from, to]) => [from, to])),
    ways.length === 0 ? expressions.nothing : expressions.sequence(expressions.text("\\"), expressions.choice(...ways)),
  );
};

/** Four hex digits of one UTF-16 unit, or two units of four for a character beyond U+FFFF: what follows `\u`. */
const hexUnits = (expressions: Expressions, ranges: readonly ScalarRange[]): Node => {
  const single = intersectRanges(ranges, [[0, 0xffff]]);
  const paired = intersectRanges(ranges, [[0x10000, lastScalar]]);
  return expressions.choice(fourDigits(expressions, single), ...paired.flatMap(([from, to]) => pairs(expressions, from, to)));
};

/** A range beyond U+FFFF as pairs: the first high surrogate with the end of its block, the last with its beginning, those between with all. */
const pairs = (expressions: Expressions, from: number, to: number): Node[] => {
  const high = (scalar: number): number => 0xd800 + ((scalar - 0x10000) >> 10);
  const low = (scalar: number): number => 0xdc00 + ((scalar - 0x10000) & 0x3ff);
  const pair = (fromHigh: number, toHigh: number, fromLow: number, toLow: number): Node =>
    expressions.sequence(fourDigits(expressions, [[fromHigh, toHigh]]), expressions.text("\\u"), fourDigits(expressions, [[fromLow, toLow]]));
  if (high(from) === high(to)) return [pair(high(from), high(from), low(from), low(to))];
  return [
    pair(high(from), high(from), low(from), 0xdfff),
    ...(high(from) + 1 < high(to) ? [pair(high(from) + 1, high(to) - 1, 0xdc00, 0xdfff)] : []),
    pair(high(to), high(to), 0xdc00, low(to)),
  ];
};

const fourDigits = (expressions: Expressions, ranges: readonly ScalarRange[]): Node => digits(expressions, ranges, 0, 4);

/** The numbers of the ranges that lie from `base` in a block of 16^count, as that many hex digits of either case. */
const digits = (expressions: Expressions, ranges: readonly ScalarRange[], base: number, count: number): Node => {
  const [first] = ranges;
  if (first === undefined) return expressions.nothing;
  if (first[0] <= base && first[1] >= base + 16 ** count - 1) return expressions.repeat(expressions.bytes(anyHexDigit), count, count);
  const size = 16 ** (count - 1);
  const byRest = new Map<Node, number[]>(); // what may follow → the digits after which it does
  for (let digit = 0; digit < 16; digit++) {
    const start = base + digit * size;
    const within = intersectRanges(ranges, [[start, start + size - 1]]);
    if (within.length === 0) continue;
    const rest = digits(expressions, within, start, count - 1);
    if (byRest.get(rest)?.push(digit) === undefined) byRest.set(rest, [digit]);
  }
  return expressions.choice(...[...byRest].map(([rest, firsts]) => expressions.sequence(expressions.bytes(firsts.flatMap(hexBytes)), rest)));
};

const anyHexDigit = new TextEncoder().encode("0123456789abcdefABCDEF");

const hexBytes = (digit: number): number[] => {
  const written = digit.toString(16);
  return written < "a" ? [written.charCodeAt(0)] : [written.charCodeAt(0), written.toUpperCase().charCodeAt(0)];
};
