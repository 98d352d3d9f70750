import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { formatNames, formatText, isEmptyText, matchesText, writeJsonString } from "../src/text/index.ts";

const suite = new URL("../../../../shared/data/jsonschema/test-suite/draft2020-12.jsonl", import.meta.url);

interface Group {
  file: string;
  schema: { format?: string };
  tests: { data: unknown; valid: boolean; description: string }[];
}

/** Valid texts of the Test Suite that no language here has, and why. */
const leftOut: Readonly<Record<string, RegExp>> = {
  hostname: /^xn--/, // whether the letters after it spell a name cannot be told letter by letter
  regex: /\\k|\(\?<|\\c/, // of regular expressions only the usual ones
};

describe.skipIf(!existsSync(suite))("the Test Suite's format groups", () => {
  const groups = existsSync(suite)
    ? (readFileSync(suite, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)) as Group[])
    : [];
  test.each(formatNames)("%s", (name) => {
    const cases = groups.filter(({ file, schema }) => file.startsWith("optional/format/") && schema.format === name).flatMap(({ tests }) => tests);
    const texts = cases.filter((one): one is typeof one & { data: string } => typeof one.data === "string");
    expect(texts.length).toBeGreaterThan(5);
    const text = formatText(name);
    if (text === undefined) throw new Error("a listed format has no language");
    const wrong = texts.filter(({ data, valid }) => matchesText(text, data) !== valid && !(valid && leftOut[name]?.test(data)));
    expect(wrong).toEqual([]);
  });
});

const texts = (name: string, values: fc.Arbitrary<string>, isValid: (value: string) => boolean): void => {
  const text = formatText(name);
  if (text === undefined) throw new Error(name);
  fc.assert(
    fc.property(values, (value) => {
      expect([value, matchesText(text, value)]).toEqual([value, isValid(value)]);
    }),
    { numRuns: 500 },
  );
};

const padded = (max: number, digits = 2): fc.Arbitrary<string> => fc.nat(max).map((number) => String(number).padStart(digits, "0"));
const nearly = (pieces: fc.Arbitrary<string>[]): fc.Arbitrary<string> => fc.tuple(...pieces).map((parts) => parts.join(""));

describe("formats against the platform", () => {
  test("dates are the days that Date has", () => {
    texts("date", nearly([padded(9999, 4), fc.constant("-"), padded(14), fc.constant("-"), padded(33)]), (value) => {
      const time = Date.parse(`${value}T00:00:00Z`);
      return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === value;
    });
  });

  test("times without a leap second are those that Date has", () => {
    const zone = fc.oneof(fc.constantFrom("Z", ""), nearly([fc.constantFrom("+", "-"), padded(25), fc.constant(":"), padded(61)]));
    texts("time", nearly([padded(25), fc.constant(":"), padded(61), fc.constant(":"), padded(59), fc.constantFrom("", ".5", "."), zone]), (value) => {
      const [, hour = "", offset] = /^(\d\d).*?(?:Z|[+-](\d\d):\d\d)$/.exec(value) ?? [];
      return Number(hour) < 24 && Number(offset ?? 0) < 24 && hour !== "" && !Number.isNaN(Date.parse(`2000-01-01T${value}`));
    });
  });

  test("uris that begin with http are taken by URL, with what stood in them", () => {
    const piece = fc.constantFrom("a", "b.c", "%41", "-", "~", "/", "?", "#", ":", "@", "8");
    const text = formatText("uri");
    if (text === undefined) throw new Error("uri");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const value = `http://host${pieces.join("")}`;
        // what RFC 3986 allows and the URL standard does not: ports beyond 65535, names with escapes, no name at all
        if (matchesText(text, value) && !/[:%@]/.test(value.slice(7))) expect(URL.canParse(value)).toBe(true);
      }),
    );
  });

  test("patterns in use are regular expressions of the format", () => {
    const text = formatText("regex");
    if (text === undefined) throw new Error("regex");
    for (const pattern of ["^[a-zA-Z0-9_]{3,16}$", "a{9,10}b{10,10}?", "(\\d+|x{0,}){2}", "^(?:a(b(c|[^d]))*)+$"])
      expect([pattern, matchesText(text, pattern)]).toEqual([pattern, true]);
    for (const pattern of ["a{3,2}", "a{10,9}", "a{16,3}", "(", "[", "*"]) expect([pattern, matchesText(text, pattern)]).toEqual([pattern, false]);
  });

  test("regular expressions of the format compile with the u flag", () => {
    const text = formatText("regex");
    if (text === undefined) throw new Error("regex");
    const pieces = fc.array(fc.constantFrom(..."abc019.*+?|()[]^$-{}\\dwBu,:=x/".split("")), { maxLength: 12 }).map((parts) => parts.join(""));
    let inside = 0;
    fc.assert(
      fc.property(pieces, (value) => {
        if (!matchesText(text, value)) return;
        inside++;
        expect(() => new RegExp(value, "u")).not.toThrow();
      }),
      { numRuns: 5000 },
    );
    expect(inside).toBeGreaterThan(100);
  });
});

describe("all formats", () => {
  test.each(formatNames)("%s has texts, in JSON strings too", (name) => {
    const text = formatText(name);
    if (text === undefined) throw new Error(name);
    expect(isEmptyText(text)).toBe(false);
    const expressions = new Expressions();
    expect(expressions.isEmpty(writeJsonString(expressions, text))).toBe(false);
  });

  test.each(["idn-hostname", "no-such-format", "", "constructor", "toString"])("%s is none", (name) => {
    expect(formatText(name)).toBeUndefined();
  });
});
