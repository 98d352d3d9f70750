import fc from "fast-check";
import { expect, test } from "vitest";
import { indentJson, prettyBody } from "../src/format/indent-json.ts";

test("indented JSON is the same JSON, set as JSON.stringify sets it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test("what a parser would change is kept: spelling of numbers, duplicate keys, broken ends", () => {
  expect(indentJson('{"a":1.0,"a":12345678901234567890}')).toBe('{\n  "a": 1.0,\n  "a": 12345678901234567890\n}');
  expect(indentJson('{"a":[1,"it breaks \\" he')).toBe('{\n  "a": [\n    1,\n    "it breaks \\" he');
});

test("hostile depth is indented in bounded space", () => {
  expect(indentJson("[".repeat(20_000)).length).toBeLessThan(20_000 * 125);
});

test("an event stream keeps its lines; only the JSON of data lines is indented", () => {
  expect(prettyBody('event: x\ndata: {"a":1}\n\ndata: [DONE]\n\n')).toBe('event: x\ndata: {\n  "a": 1\n}\n\ndata: [DONE]\n\n');
  expect(prettyBody("plain { text }")).toBe("plain { text }");
});
