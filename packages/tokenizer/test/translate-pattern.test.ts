import { describe, expect, test } from "vitest";
import type { Dialect } from "../src/regex/dialect.ts";
import { translatePattern } from "../src/regex/translate-pattern.ts";
import { knownPatterns } from "../src/scan/known-patterns.ts";
import { fuzz, oddTexts, prose } from "./corpora.ts";

const matches = (pattern: string, text: string, dialect: Dialect = "rust") =>
  [...text.matchAll(translatePattern(pattern, dialect))].map((match) => match[0]);

test("a pattern with a scanner of its own and the same pattern as an expression cut every text alike", () => {
  const utf8 = new TextEncoder();
  for (const [pattern, scan] of knownPatterns) {
    const expression = translatePattern(pattern, "rust");
    for (const text of [...oddTexts, ...fuzz(1500, 9), prose(3000, 4)]) {
      const known = text.toWellFormed();
      const length = utf8.encode(known).length;
      // Scanners stop at the byte 0xFF, which stands behind every text.
      const bytes = new Uint8Array([...utf8.encode(known), 0xff]);
      const pieces: string[] = [];
      for (let at = 0; at < length; ) {
        const end = scan(bytes, at, length);
        pieces.push(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(at, end)));
        at = end;
      }
      expect(pieces).toEqual([...known.matchAll(expression)].map((match) => match[0]));
    }
  }
});

test("properties are those of Unicode 16, whatever the engine knows", () => {
  expect(matches("\\p{M}+|\\d+|\\w+", "a\u{1ae0}\u{11de4}b")).toEqual(["a", "b"]);
  expect(matches("\\P{M}+", "a\u{1ae0}\u0301b")).toEqual(["a\u{1ae0}", "b"]);
  expect(matches("[^\\p{L}]+|\\p{Ll}|\\p{Lo}", "a\u{a7ce}\u{295}")).toEqual(["a", "\u{a7ce}", "\u{295}"]);
});

describe("what differs from JavaScript", () => {
  test.each<[string, string, string, string[]]>([
    ["\\s holds NEL", "\\s+", "a \u0085b", [" \u0085"]],
    ["\\s does not hold the byte order mark", "\\s+", " \ufeff ", [" ", " "]],
    ["\\S", "\\S+", "a\ufeff\u0085b", ["a\ufeff", "b"]],
    ["in a class", "[^\\s\\p{L}]+", "a\u0085\ufeff1", ["\ufeff1"]],
    ["(?i:) folds the long s and the Kelvin sign", "(?i:sk)", "sk ſK SK", ["sk", "ſK", "SK"]],
    ["(?i) at the start", "(?i)ab|CD", "AB cd", ["AB", "cd"]],
    [". is anything but a line feed", ".+", "a\r\u2028b\nc", ["a\r\u2028b", "c"]],
    ["possessive", "a++a|a+", "aaa", ["aaa"]],
    ["possessive option", "a?+a", "aaa", ["aa"]],
    ["atomic group", "(?>a|ab)c|ab", "abc ac", ["ab", "ac"]],
    ["classes in classes", "[a[cd]]+", "abcd", ["a", "cd"]],
    ["both of two classes", "[a-z&&[^aeiou]]+", "adobe", ["d", "b"]],
    ["properties in short, long and negated", "\\pN\\p{Letter}\\p{^L}\\P{N}", "1a-b", ["1a-b"]],
    ["scripts by their bare name", "\\p{Han}+|\\p{greek}+", "漢字 λόγος", ["漢字", "λόγος"]],
    ["braces that are no count", "a{b}", "a{b}", ["a{b}"]],
    ["escapes", "\\x41\\x{42}\\u0043\\u{44}\\-\\/\\t", "ABCD-/\t", ["ABCD-/\t"]],
    ["a bracket first in a class", "[]a]+[^]a]", "]ab", ["]ab"]],
    ["word boundaries of all letters", "\\bé\\B.", "éé é", ["éé"]],
    ["named groups", "(?P<x>a)(?<y>b)", "ab", ["ab"]],
  ])("%s", (_, pattern, text, expected) => {
    expect(matches(pattern, text)).toEqual(expected);
  });

  test("Oniguruma: lines at ^ and $, \\h, superscripts as word characters, a repeated count", () => {
    expect(matches("^a$", "a\na", "oniguruma")).toEqual(["a", "a"]);
    expect(matches("^a$", "a\na", "rust")).toEqual([]);
    expect(matches("\\h+", "12fgz", "oniguruma")).toEqual(["12f"]);
    expect(matches("\\w+", "m² ½ ⅓", "oniguruma")).toEqual(["m²", "½"]);
    expect(matches("\\w+", "m² ½ ⅓", "rust")).toEqual(["m"]);
    expect(matches("[0-9]{1,3}+", "12345", "oniguruma")).toEqual(["12345"]);
    expect(matches("[0-9]{1,3}+", "12345", "rust")).toEqual(["123", "45"]);
  });
});

describe("refused, with the place", () => {
  test.each([
    ["(a+)+b", "a repetition repeats another one"],
    ["(?:a*b?)*", "a repetition repeats another one"],
    ["(?:(?=a+)x)++(?:b+)*", "a repetition repeats another one"],
    ["(?:a{1,2000})+", "a repetition repeats another one"],
    ["(a", "a group is not closed"],
    ["a)", "a group is closed that was not opened"],
    ["[a", "it ends too early"],
    ["*a", "a repetition has nothing to repeat"],
    ["a{3,1}", "a repetition ends before it begins"],
    ["\\1", "\\1 is not known here"],
    ["\\R", "\\R is not known here"],
    ["\\p{Nonsense}", "\\p{Nonsense} is not a property known here"],
    ["(?x)a", "a group of this form is not known here"],
    ["[[:graph:]]", "a POSIX class is not known here"],
    ["(".repeat(100), "groups are nested more than 40 deep"],
    ["[".repeat(100), "classes are nested more than 20 deep"],
    ["a".repeat(30_000), "it has 30000 characters; up to 20000 are read"],
    ["[z-a]", "out of order"],
  ])("%.30s", (pattern, what) => {
    expect(() => translatePattern(pattern, "rust")).toThrow(
      expect.objectContaining({ code: "unsupported-tokenizer", message: expect.stringContaining(what) }),
    );
  });
});
