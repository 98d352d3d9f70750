import { describe, expect, test } from "vitest";
import { checkAnswer, checkValue } from "../../src/json-schema/index.ts";

const order = {
  type: "object",
  properties: {
    id: { type: "string", pattern: "^[A-Z]{2}-\\d+$" },
    lines: { type: "array", items: { $ref: "#/$defs/line" }, minItems: 1, uniqueItems: true },
    note: { type: ["string", "null"], maxLength: 5 },
  },
  required: ["id", "lines"],
  additionalProperties: false,
  $defs: { line: { type: "object", properties: { sku: { type: "string" }, count: { type: "integer", minimum: 1 } }, required: ["sku", "count"] } },
};

describe("a finished value", () => {
  const faults = (value: unknown) => checkValue(order, value).violations.map(({ at, pointer, keyword }) => [at, pointer, keyword].join(" "));

  test("everything that is wrong, with its place in the value and in the schema", () => {
    expect(faults({ id: "AB-1", lines: [{ sku: "x", count: 2 }], note: null })).toEqual([]);
    expect(faults({ id: "ab", lines: [{ sku: "x", count: 0 }, { count: 1.5 }], note: "longer", more: 1 })).toEqual([
      "/id /properties/id pattern",
      "/lines/0/count /$defs/line/properties/count minimum",
      "/lines/1/count /$defs/line/properties/count type",
      "/lines/1 /$defs/line required",
      "/note /properties/note maxLength",
      "/more  additionalProperties",
    ]);
    expect(faults(7)).toEqual(["  type"]);
  });

  test("keywords that no grammar holds", () => {
    const line = { sku: "x", count: 1 };
    expect(faults({ id: "AB-1", lines: [line, { count: 1, sku: "x" }] })).toEqual(["/lines /properties/lines uniqueItems"]);
    const open = { anyOf: [{ properties: { a: { type: "integer" } } }, { properties: { b: true }, required: ["b"] }], unevaluatedProperties: false };
    expect(checkValue(open, { a: 1 }).violations).toEqual([]);
    expect(checkValue(open, { a: 1, c: 1 }).violations).toMatchObject([{ at: "/c", pointer: "", keyword: "unevaluatedProperties" }]);
  });

  test("of alternatives, the one that came nearest is told", () => {
    const schema = {
      oneOf: [{ type: "string" }, { type: "object", properties: { kind: { const: "a" }, n: { type: "integer" } }, required: ["kind", "n"] }],
    };
    expect(checkValue(schema, { kind: "a", n: "1" }).violations[0]?.says).toContain("/oneOf/1/properties/n, “type”");
    expect(checkValue({ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3).violations[0]?.says).toContain("2 of the alternatives");
  });

  test("a pattern that cannot be decided is told apart from one that does not match", () => {
    expect(checkValue({ pattern: "(x)\\1" }, "ab")).toMatchObject({ violations: [], unchecked: [{ pointer: "", keyword: "pattern" }] });
  });
});

describe("an answer as text", () => {
  const good = '{ "lines": [ {"sku": "\\u0041", "count": 2} ],\n  "id": "AB-1" }';

  test("valid, in any order, white space and spelling", () => {
    expect(checkAnswer(order, good)).toEqual({ is: "valid", faults: [], unchecked: [] });
  });

  test("invalid: at which byte the value begins that is wrong", () => {
    const text = '{"id":"AB-1","note":"ééééé!","lines":[{"sku":"x","count":0}]}';
    const { is, faults } = checkAnswer(order, text);
    expect(is).toBe("invalid");
    const bytes = new TextEncoder().encode(text);
    expect(faults.map(({ byte, keyword }) => [new TextDecoder().decode(bytes.subarray(byte, byte + 3)), keyword])).toEqual([
      ['"é', "maxLength"],
      ["0}]", "minimum"],
    ]);
  });

  test("cut off while all was well, and cut off after it had gone wrong", () => {
    expect(checkAnswer(order, '{"id":"AB-1","lines":[{"sku":"x","cou')).toEqual({ is: "cut", faults: [], unchecked: [] });
    expect(checkAnswer(order, '{"lines":[{"sku":"x","count":2.0},{"sku')).toEqual({ is: "cut", faults: [], unchecked: [] });
    expect(checkAnswer(order, '{"lines":[{"sku":"x","count":2.5},{"sku')).toMatchObject({
      is: "cut",
      faults: [{ pointer: "/$defs/line/properties/count" }],
    });
    expect(checkAnswer(order, '{"id":"AB-1","lines":[],"no')).toMatchObject({
      is: "cut",
      faults: [{ at: "$.lines[0]", byte: 22, pointer: "/properties/lines" }],
    });
  });

  test("no JSON: where it breaks, and whether the schema was left before that", () => {
    expect(checkAnswer(order, '{"id":"AB-1",}')).toMatchObject({ is: "not-json", faults: [{ byte: 13 }] });
    expect(checkAnswer(order, "Here you are: {}")).toMatchObject({ is: "not-json", faults: [{ at: "$", byte: 0 }] });
    expect(checkAnswer(order, '{"id":"ab", oops}')).toMatchObject({
      is: "not-json",
      faults: [
        { byte: 7, pointer: "/properties/id", keyword: "pattern" },
        { byte: 12, keyword: "" },
      ],
    });
  });
});
