import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import {
  allText,
  both,
  choice,
  empty,
  isEmptyText,
  isNullable,
  length,
  literal,
  matchesText,
  not,
  nothing,
  oneOf,
  repeat,
  scalars,
  sequence,
  type Text,
  without,
  writeJsonString,
} from "../src/text/index.ts";
import { anySpelling } from "./spellings.ts";

/** A language beside what it means, said so plainly that it is surely right. */
interface Meant {
  text: Text;
  has: (value: readonly string[]) => boolean;
}

const letters = ["a", "b", "é", "😀", '"', "\n"];

const splits = (value: readonly string[]): [readonly string[], readonly string[]][] =>
  Array.from({ length: value.length + 1 }, (_, i) => [value.slice(0, i), value.slice(i)]);

const times = (has: Meant["has"], min: number, max: number, value: readonly string[]): boolean => {
  if (min <= 0 && value.length === 0) return true;
  if (max === 0) return false;
  if (min > 0 && has([]) && times(has, min - 1, max - 1, value)) return true;
  return splits(value).some(([first, rest]) => first.length > 0 && has(first) && times(has, min - 1, max - 1, rest));
};

const languages = fc.letrec<{ any: Meant }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom<Meant>(
      { text: nothing, has: () => false },
      { text: empty, has: (value) => value.length === 0 },
      { text: allText, has: () => true },
      { text: length(1, 2), has: (value) => value.length === 1 || value.length === 2 },
    ),
    fc.subarray(letters, { minLength: 1 }).map(
      (set): Meant => ({
        text: scalars(set.map((letter) => [letter.codePointAt(0) ?? 0, letter.codePointAt(0) ?? 0])),
        has: (value) => value.length === 1 && set.includes(value[0] ?? ""),
      }),
    ),
    fc.constantFrom("a", "ab", "é😀", '"\n').map((word): Meant => ({ text: literal(word), has: (value) => value.join("") === word })),
    fc
      .array(fc.constantFrom("", "a", "ab", "abb", "b", "é"), { maxLength: 4 })
      .map((words): Meant => ({ text: oneOf(words), has: (value) => words.some((word) => word === value.join("")) })),
    fc
      .tuple(tie("any"), tie("any"))
      .map(
        ([a, b]): Meant => ({ text: sequence(a.text, b.text), has: (value) => splits(value).some(([first, rest]) => a.has(first) && b.has(rest)) }),
      ),
    fc.tuple(tie("any"), tie("any")).map(([a, b]): Meant => ({ text: choice(a.text, b.text), has: (value) => a.has(value) || b.has(value) })),
    fc.tuple(tie("any"), tie("any")).map(([a, b]): Meant => ({ text: both(a.text, b.text), has: (value) => a.has(value) && b.has(value) })),
    fc.tuple(tie("any"), tie("any")).map(([a, b]): Meant => ({ text: without(a.text, b.text), has: (value) => a.has(value) && !b.has(value) })),
    tie("any").map((a): Meant => ({ text: not(a.text), has: (value) => !a.has(value) })),
    fc
      .tuple(tie("any"), fc.constantFrom<[number, number | undefined]>([0, undefined], [1, undefined], [0, 1], [2, 2], [1, 3]))
      .map(
        ([a, [min, max]]): Meant => ({ text: repeat(a.text, min, max), has: (value) => times(a.has, min, max ?? Number.POSITIVE_INFINITY, value) }),
      ),
  ),
})).any;

const values = fc.array(fc.constantFrom(...letters), { maxLength: 4 });

describe("languages of texts", () => {
  test("mean what their parts mean, plain and in both spellings of JSON", () => {
    fc.assert(
      fc.property(languages, fc.array(values, { minLength: 6, maxLength: 10 }), ({ text, has }, asked) => {
        const expressions = new Expressions();
        const canonical = writeJsonString(expressions, text);
        const any = writeJsonString(expressions, text, { spelling: "any" });
        expect(isNullable(text)).toBe(has([]));
        for (const value of [[], ...asked]) {
          const [written, expected] = [value.join(""), has(value)];
          expect([written, matchesText(text, written)]).toEqual([written, expected]);
          expect([written, expressions.matches(canonical, JSON.stringify(written).slice(1, -1))]).toEqual([written, expected]);
          expect([written, expressions.matches(any, anySpelling(written))]).toEqual([written, expected]);
          if (expected) expect(isEmptyText(text)).toBe(false);
        }
      }),
      { numRuns: 600 },
    );
  });

  test("the canonical spelling is one only, but for hex digits", () => {
    const expressions = new Expressions();
    const node = writeJsonString(expressions, literal('a/"\u001f é'));
    expect(['a/\\"\\u001f é', 'a/\\"\\u001F é'].every((text) => expressions.matches(node, text))).toBe(true);
    expect(
      ['a\\/\\"\\u001f é', '\\u0061/\\"\\u001f é', 'a/\\"\\u001f \\u00e9', "a/\\u0022\\u001f é", 'a/"\u001f é'].some((text) =>
        expressions.matches(node, text),
      ),
    ).toBe(false);
  });

  test("half a surrogate pair is no text, in no spelling", () => {
    const expressions = new Expressions();
    expect([literal("\ud800"), literal("a\udc00b"), scalars([[0xd800, 0xdfff]])]).toEqual([nothing, nothing, nothing]);
    for (const spelling of ["canonical", "any"] as const) {
      const node = writeJsonString(expressions, allText, { spelling });
      expect(["\\ud800", "\\udc00", "\\ud83d\\u0041", "\\ud83d"].some((text) => expressions.matches(node, text))).toBe(false);
    }
    expect(matchesText(allText, "\ud800")).toBe(false);
    expect(expressions.matches(writeJsonString(expressions, allText, { spelling: "any" }), "\\uD83D\\uDE00")).toBe(true);
  });

  test("long lists of words share their beginnings", () => {
    const words = Array.from({ length: 5000 }, (_, i) => `word-${i}-${i % 7}`);
    const text = oneOf(words);
    expect(words.every((word) => matchesText(text, word))).toBe(true);
    expect(matchesText(text, "word-5000-2")).toBe(false);
    const ladder = Array.from({ length: 3000 }, (_, i) => "a".repeat(i));
    expect(matchesText(oneOf(ladder), "a".repeat(2999))).toBe(true);
    expect(matchesText(oneOf(ladder), "a".repeat(3000))).toBe(false);
  });
});
