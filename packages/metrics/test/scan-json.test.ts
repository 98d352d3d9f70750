import fc from "fast-check";
import { expect, test } from "vitest";
import { scanJson, startJsonScan } from "../src/index.ts";

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** JSON, and JSON with a few characters taken out, put in or cut off. */
const nearlyJson = fc
  .tuple(
    fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value, null, 2)),
    ),
    fc.array(
      fc.tuple(
        fc.nat(400),
        fc.constantFrom("", ",", "}", "]", "{", "[", '"', ":", "1", "-", ".", "e", "\\", "\n", "\u0001", "t", "null", " ", "'", "/", "é"),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([json, edits]) =>
    edits.reduce((text, [at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + (put ? 0 : 1)), json),
  );

test("accepts exactly what JSON.parse accepts", () => {
  fc.assert(
    fc.property(nearlyJson, (text) => {
      expect(scanJson(text).ok).toBe(parses(text));
    }),
    { numRuns: 3_000 },
  );
});

test("text in pieces gives the same as the whole, and the same as long as it goes on", () => {
  fc.assert(
    fc.property(nearlyJson, fc.array(fc.nat(20)), (text, sizes) => {
      const scanner = startJsonScan();
      let at = 0;
      for (const size of sizes) {
        scanner.push(text.slice(at, at + size));
        at += size;
      }
      scanner.push(text.slice(at));
      expect(scanner.end()).toEqual(scanJson(text));
    }),
  );
});

test("every beginning of valid JSON is unfinished, never broken", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, cut) => {
      const scan = scanJson(json.slice(0, cut % (json.length + 1)));
      if (!scan.ok) expect(scan).toMatchObject({ unfinished: true, at: cut % (json.length + 1) });
    }),
  );
});

test.each([
  ['{"a": [1, {"b c": tru}]}', "bad-literal", '$.a[1]["b c"]', 1, 22],
  ['{"a": 1,\n "b": \'x\'}', "single-quote", "$.b", 2, 7],
  ["{a: 1}", "unquoted-key", "$", 1, 2],
  ['{"a": 1,}', "trailing-comma", "$", 1, 9],
  ["[1, 2,]", "trailing-comma", "$[2]", 1, 7],
  ["[1 2]", "expected-comma", "$[0]", 1, 4],
  ['{"a" 1}', "expected-colon", "$.a", 1, 6],
  ['{"a": "x\ny"}', "control-character", "$.a", 1, 9],
  ['["\\x"]', "bad-escape", "$[0]", 1, 4],
  ["[01]", "bad-number", "$[0]", 1, 3],
  ["// no\n1", "comment", "$", 1, 1],
  ["{} {}", "trailing-content", "$", 1, 4],
  ["[True]", "bad-literal", "$[0]", 1, 2],
  ["", "empty", "$", 1, 1],
  ['{"a": {"b', "ended-early", "$.a", 1, 10],
  ['{"a": ', "ended-early", "$.a", 1, 7],
])("%j breaks by %s at %s, line %i, column %i", (text, reason, path, line, column) => {
  expect(scanJson(text)).toMatchObject({ ok: false, reason, path, line, column });
});

test("with `prefix`, what follows the value is left alone", () => {
  expect(scanJson('{"a": 1} and more', { prefix: true })).toEqual({ ok: true, start: 0, end: 8 });
  expect(scanJson("12 apples", { prefix: true })).toEqual({ ok: true, start: 0, end: 2 });
});

test("a million open brackets are one unfinished value with a path that can be read", () => {
  const scan = scanJson("[".repeat(1_000_000));
  expect(scan).toMatchObject({ ok: false, unfinished: true, at: 1_000_000 });
  expect(scan.ok ? "" : scan.path).toBe(`$${"[0]".repeat(8)}…${"[0]".repeat(8)}`);
});
