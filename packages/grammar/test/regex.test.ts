import { isCutawayError } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { regexText } from "../src/regex/index.ts";
import { both, isEmptyText, length, matchesText, writeJsonString } from "../src/text/index.ts";
import { anySpelling } from "./spellings.ts";

/** Small patterns of everything that is read, over letters that the texts below have too. */
const patterns = fc.letrec<{ atom: string; term: string; alternative: string; pattern: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom("a", "b", "-", "é", "😀", "\\.", "\\n", "\\/", "\\u0061", "\\x62", "\\u{1f600}", "\\ud83d\\ude00", '"', "\\\\", "\\t"),
    fc.constantFrom(
      ".",
      "\\d",
      "\\w",
      "\\s",
      "\\D",
      "\\W",
      "\\S",
      "[ab]",
      "[^ab]",
      "[a-c😀-😂]",
      "[^\\w]",
      "[\\d\\-]",
      "\\p{L}",
      "\\P{Lu}",
      "[^]",
      "[\\s\\S]",
    ),
    tie("pattern").map((inner) => `(?:${inner})`),
    tie("pattern").map((inner) => `(${inner})`),
  ),
  term: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    tie("atom"),
    fc.tuple(tie("atom"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "{2,}", "{0,3}", "*?", "+?", "{0}")).map((parts) => parts.join("")),
    fc.constantFrom("^", "$", "\\b", "\\B"),
    tie("pattern").map((inner) => `(?=${inner})`),
    tie("pattern").map((inner) => `(?!${inner})`),
  ),
  alternative: fc.array(tie("term"), { maxLength: 4 }).map((terms) => terms.join("")),
  pattern: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    tie("alternative"),
    fc.tuple(tie("alternative"), tie("alternative")).map((both) => both.join("|")),
  ),
})).pattern;

const texts = fc
  .array(fc.constantFrom("a", "b", "c", "A", "0", "-", ".", " ", "\n", "\t", "/", '"', "\\", "é", "😀", "\u0001", "\u2028"), { maxLength: 6 })
  .map((parts) => parts.join(""));

const read = (pattern: string, search: boolean): ReturnType<typeof regexText> | undefined => {
  try {
    return regexText(pattern, { search });
  } catch (error) {
    if (isCutawayError(error) && error.code === "regex-unsupported") return undefined;
    throw error;
  }
};

/** As `RegExp.test`, tried between characters only: V8 also tries \B between the halves of a surrogate pair, which ECMA-262 does not. */
const anywhere = (pattern: string): ((value: string) => boolean) => {
  const sticky = new RegExp(pattern, "uy");
  return (value) => {
    let index = 0;
    for (const character of [...value, ""]) {
      sticky.lastIndex = index;
      if (sticky.test(value)) return true;
      index += character.length;
    }
    return false;
  };
};

describe("patterns match what JavaScript's RegExp matches", () => {
  test("made at random, anywhere in the text and as the whole of it, in every spelling", () => {
    let followed = 0;
    let refused = 0;
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 4, maxLength: 8 }), fc.boolean(), (pattern, values, search) => {
        const reference = anywhere(search ? pattern : `^(?:${pattern})$`);
        const text = read(pattern, search);
        if (text === undefined) {
          refused++;
          return;
        }
        followed++;
        const expressions = new Expressions();
        const canonical = writeJsonString(expressions, text);
        const any = writeJsonString(expressions, text, { spelling: "any" });
        for (const value of values) {
          const matches = reference(value);
          expect([value, matchesText(text, value)]).toEqual([value, matches]);
          expect([value, expressions.matches(canonical, JSON.stringify(value).slice(1, -1))]).toEqual([value, matches]);
          expect([value, expressions.matches(any, anySpelling(value))]).toEqual([value, matches]);
          if (matches) expect(isEmptyText(text)).toBe(false);
        }
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeLessThan(followed);
  });

  test.each([
    ["b", ["abc", "", "b"]],
    ["^(?!@@)[@a-z]+$", ["@@a", "@a", "a@@"]],
    ["(^a|b)*$", ["ab", "bb", "ba"]],
    ["^(?:(a|b)(?:,|$))+$", ["a,b", "a,", "ab", "a,b,"]],
    ["^(?:(?!ab)[a-z])*$", ["ab", "ba", "aab", "bca"]],
    ["^(?=.*\\d)(?=.*[A-Z])(?!.*\\s).{3,5}$", ["aA1", "A 1", "aA1bbb", "😀A1"]],
    ["\\bfoo\\b", ["a foo b", "afoo", "foob", ".foo.", "foo"]],
    ["^.{2}$", ["😀a", "😀", "e\u0301"]],
    ["^[\\p{Script=Greek}\\p{Nd}]+$", ["αβ٣", "αb"]],
    ["^\\cJ$", ["\n", "j"]],
    ["^[\\b]$", ["\b", "b"]],
    ["^a(?i:b(?-i:c))(?s:.)$", ["abc\n", "aBc.", "aBC.", "Abc."]],
  ])("%s", (pattern, values) => {
    const text = regexText(pattern);
    for (const value of values) expect([value, matchesText(text, value)]).toEqual([value, new RegExp(pattern, "u").test(value)]);
  });

  test("with the i flag, wherever Unicode's simple case folding says so", () => {
    const values = Array.from({ length: 0x600 }, (_, scalar) => String.fromCodePoint(scalar)).concat("ẞ", "K", "Å", "ſ", "Ⅷ", "ⅷ", "𐐀", "𐐨");
    for (const pattern of ["^s$", "^[k-m]$", "^ß$", "^[^a-z]$", "^å$", "^σ$", "^\\u{10400}$", "^\\w$"]) {
      const text = regexText(pattern, { ignoreCase: true });
      const reference = new RegExp(pattern, "iu");
      // \w with both flags takes ſ and K in RegExp; JSON Schema has no such flag, and here the class is closed the same way
      expect(values.filter((value) => matchesText(text, value) !== reference.test(value))).toEqual([]);
    }
  });
});

describe("more than the u flag allows, as patterns in the wild have it", () => {
  test.each([
    ["^\\-\\_\\'$", ["-_'"], ["\\-"]],
    ["^[\\w-.]$", ["-", ".", "a"], ["/"]],
    ["^{a}$", ["{a}"], ["a"]],
    ["^a]$", ["a]"], ["a"]],
  ])("%s", (pattern, yes, no) => {
    const text = regexText(pattern);
    for (const value of yes) expect(matchesText(text, value)).toBe(true);
    for (const value of no) expect(matchesText(text, value)).toBe(false);
  });
});

describe("what is no pattern, or none that can be followed, is refused with its place", () => {
  test.each([
    ["a(b", "regex-invalid", 1],
    ["ab)", "regex-invalid", 2],
    ["[a", "regex-invalid", 0],
    ["[b-a]", "regex-invalid", 1],
    ["a**", "regex-invalid", 2],
    ["^*", "regex-invalid", 1],
    ["x{2,1}", "regex-invalid", 0],
    ["{2}", "regex-invalid", 0],
    ["a\\", "regex-invalid", 1],
    ["\\q", "regex-invalid", 0],
    ["\\Aa\\Z", "regex-invalid", 0],
    ["\\p{Nonsense}", "regex-invalid", 0],
    ["\\u{110000}", "regex-invalid", 0],
    ["(?P<n>a)", "regex-invalid", 0],
    ["(?>a)", "regex-invalid", 0],
    ["(a)\\1", "regex-unsupported", 3],
    ["(?<n>a)\\k<n>", "regex-unsupported", 7],
    ["(?<=a)b", "regex-unsupported", 0],
    ["(?<!a)b", "regex-unsupported", 0],
    ["(?i)a", "regex-invalid", 0],
    ["a(?m:^b)", "regex-unsupported", 1],
    ["(?:\\ba )*b", "regex-unsupported", 0],
    ["a{99999999999}", "regex-too-large", 0],
    [`${"(".repeat(100_000)}`, "regex-too-large", 251],
    ["(?:a$|b){1000}", "regex-too-large", 0],
  ])("%s", (pattern, code, position) => {
    expect(() => regexText(pattern)).toThrow(expect.objectContaining({ code, data: { pattern, position } }));
  });

  test("any text at all ends in a language or in such an error", () => {
    const letters = fc
      .array(fc.constantFrom(..."()[]{}|*+?^$\\.-,:=!<>abdpuwxkBD019é😀".split("")), { maxLength: 30 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: "binary" })), (pattern) => {
        try {
          isEmptyText(regexText(pattern));
        } catch (error) {
          expect(isCutawayError(error)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("patterns that stop backtracking engines", () => {
  test.each([
    ["^(a+)+$", `${"a".repeat(5000)}!`],
    ["^(a|a)*$", `${"a".repeat(5000)}!`],
    ["^(a|aa)+$", `${"a".repeat(5000)}!`],
    ["^(?:a?){500}a{500}$", `${"a".repeat(1001)}`],
    ["(.*a){30}b", "a".repeat(2000)],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(2000)],
    ["^(?:a{0,1000}){0,1000}$", `${"a".repeat(2000)}b`],
    ["^((a{0,100}){0,100}){0,100}$", `${"a".repeat(2000)}b`],
    ["a{0,1000}a{0,1000}a{0,1000}b", "a".repeat(2000)],
  ])("%s ends", (pattern, value) => {
    expect(matchesText(regexText(pattern), value)).toBe(false);
  });

  // JavaScript refuses the longest of them: “Regular expression too large”
  test.each<[string, () => string, string]>([
    ["a letter 200,000 times", () => "a".repeat(200_000), "a".repeat(200_000)],
    ["100,000 empty alternatives", () => "|".repeat(100_000), "x"],
    ["50,000 classes", () => "[a-z0-9]".repeat(50_000), "7".repeat(50_000)],
    ["look-ahead in look-ahead, 200 deep", () => `${"(?=".repeat(200)}a${")".repeat(200)}`, "a"],
  ])("%s: a pattern like any other", (_, pattern, value) => {
    const text = regexText(`^(?:${pattern()})`);
    expect([matchesText(text, value), matchesText(text, value.slice(1))]).toEqual([true, value === "x"]);
  });

  test("conditions that hold at once are looked into within limits", () => {
    const all = Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `(?=.*${letter})`).join("");
    expect(matchesText(regexText(`^${all}.{26,}$`), "the quick brown fox jumps over a lazy dog")).toBe(true);
    const apart = Array.from({ length: 10 }, (_, i) => regexText(`.{${i + 1}}${i}.{${i + 1}}`));
    expect(isEmptyText(both(...apart, length(0, 100)))).toBe(false);
    expect(() => isEmptyText(regexText(`^${all}.{3,5}$`))).toThrow(expect.objectContaining({ code: "grammar-too-large" }));
  });

  test.each(["^.{0,1000000}$", "^(?:[a-z]{1,10000}){1,10000}$", "^(?:(?:a{99}){99}){99}$"])("%s costs nothing", (pattern) => {
    expect(isEmptyText(regexText(pattern))).toBe(false);
  });
});
