import { allScalars, complementRanges, normalRanges, type ScalarRange } from "../text/ranges.ts";

/** \d of ECMA-262: the ASCII digits. */
export const digits: readonly ScalarRange[] = [[0x30, 0x39]];

/** \w of ECMA-262: ASCII letters, digits and the underscore. */
export const wordCharacters: readonly ScalarRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];

/** \s of ECMA-262: WhiteSpace and LineTerminator. */
export const whiteSpace: readonly ScalarRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** The full stop without the s flag: all but LineTerminator. */
export const notLineEnd: readonly ScalarRange[] = complementRanges([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);

/** The full stop of Python and Rust. */
export const notLineFeed: readonly ScalarRange[] = complementRanges([[0x0a, 0x0a]]);

/** \d \D \w \W \s \S. */
export const classOfLetter = (letter: string): readonly ScalarRange[] | undefined => {
  const lower = letter.toLowerCase();
  const ranges = lower === "d" ? digits : lower === "w" ? wordCharacters : lower === "s" ? whiteSpace : undefined;
  return ranges === undefined || letter === lower ? ranges : complementRanges(ranges);
};

const properties = new Map<string, readonly ScalarRange[] | undefined>();

/** \p{…}: the set as the engine's own tables of Unicode have it, or undefined where it knows none by that name. */
export const propertyRanges = (property: string): readonly ScalarRange[] | undefined => {
  if (!properties.has(property)) properties.set(property, runsOf(`\\p{${property}}`));
  return properties.get(property);
};

let everyScalar: string | undefined;

/** Where the engine's RegExp finds a set: runs of members in the text of all scalar values. */
const runsOf = (oneCharacter: string, flags = "gu"): readonly ScalarRange[] | undefined => {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`${oneCharacter}+`, flags);
  } catch {
    return undefined;
  }
  everyScalar ??= textOfAll();
  const runs: ScalarRange[] = [];
  for (const match of everyScalar.matchAll(pattern)) {
    const last = match[0].slice(match[0].charCodeAt(match[0].length - 1) >>> 10 === 0x37 ? -2 : -1); // a low surrogate ends a pair
    runs.push([match[0].codePointAt(0) ?? 0, last.codePointAt(0) ?? 0]);
  }
  return normalRanges(runs.flatMap(splitAtSurrogates));
};

const textOfAll = (): string => {
  const pieces: string[] = [];
  for (const [from, to] of allScalars)
    for (let block = from; block <= to; block += 0x800)
      pieces.push(String.fromCodePoint(...Array.from({ length: Math.min(0x800, to - block + 1) }, (_, i) => block + i)));
  return pieces.join("");
};

/** In the text of all scalars U+E000 follows U+D7FF, so that a run may go over the hole. */
const splitAtSurrogates = ([from, to]: ScalarRange): ScalarRange[] =>
  from < 0xd800 && to > 0xdfff
    ? [
        [from, 0xd7ff],
        [0xe000, to],
      ]
    : [[from, to]];

let casesOf: Map<number, readonly number[]> | undefined;

/** The set with all characters that the i and u flags hold to be the same as one of its own (simple case folding). */
export const withBothCases = (ranges: readonly ScalarRange[]): readonly ScalarRange[] => {
  casesOf ??= caseClasses();
  const more: ScalarRange[] = [];
  for (const [scalar, others] of casesOf)
    if (ranges.some(([from, to]) => from <= scalar && scalar <= to)) for (const other of others) more.push([other, other]);
  return more.length === 0 ? ranges : normalRanges([...ranges, ...more]);
};

const caseClasses = (): Map<number, readonly number[]> => {
  const cased = runsOf("[\\p{Changes_When_Casefolded}\\p{Changes_When_Uppercased}\\p{Changes_When_Lowercased}\\p{Changes_When_Titlecased}]") ?? [];
  const byFold = new Map<string, number[]>();
  for (const [from, to] of cased)
    for (let scalar = from; scalar <= to; scalar++) {
      const character = String.fromCodePoint(scalar);
      for (const fold of new Set([character.toUpperCase().toLowerCase(), character.toLowerCase()]))
        if (byFold.get(fold)?.push(scalar) === undefined) byFold.set(fold, [scalar]);
    }
  const classes = new Map<number, Set<number>>();
  for (const group of byFold.values())
    for (const a of group)
      for (const b of group)
        if (a !== b && new RegExp(`^\\u{${a.toString(16)}}$`, "iu").test(String.fromCodePoint(b))) {
          const known = classes.get(a) ?? new Set<number>();
          classes.set(a, known.add(b));
        }
  return new Map([...classes].map(([scalar, others]) => [scalar, [...others]]));
};
