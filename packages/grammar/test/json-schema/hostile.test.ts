import { isCutawayError } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkValue } from "../../src/json-schema/index.ts";
import { createGrammar } from "../../src/matcher/grammar.ts";
import { idsOf, withAllBytes } from "../small-vocabulary.ts";
import { accepts } from "./accepts.ts";

const nested = (depth: number, around: (inner: unknown) => unknown, inner: unknown): unknown => {
  let schema = inner;
  for (let i = 0; i < depth; i++) schema = around(schema);
  return schema;
};
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const keyed = (count: number, make: (i: number) => [string, unknown]): Record<string, unknown> => Object.fromEntries(many(count, make));

/** The error's code, or "compiled". Anything but an error of ours fails the test. */
const outcome = (schema: unknown, milliseconds?: number): { code: string; keyword?: unknown } => {
  try {
    accepts(schema, milliseconds === undefined ? {} : { limits: { milliseconds } }).text("{}");
    return { code: "compiled" };
  } catch (error) {
    if (!isCutawayError(error)) throw error;
    expect(error.message.length).toBeLessThan(600);
    expect(error.data.pointer).toBeTypeOf("string");
    return { code: error.code, keyword: error.data.keyword };
  }
};

describe("schemas made to be dear", () => {
  test.each<[string, unknown, string, string?]>([
    ["5,000 objects in each other", nested(5_000, (inner) => ({ properties: { a: inner } }), {}), "schema-too-large"],
    ["390 negations of each other", nested(390, (inner) => ({ not: inner }), { type: "string" }), "schema-too-large"],
    [
      "alternatives of alternatives",
      { allOf: many(20, (i) => ({ anyOf: [{ required: [`a${i}`] }, { required: [`b${i}`] }] })) },
      "schema-too-large",
      "anyOf",
    ],
    [
      "oneOf in oneOf, all overlapping",
      nested(12, (inner) => ({ oneOf: [inner, { properties: { a: inner }, required: ["a"] }, { type: "array", items: inner }] }), { type: "string" }),
      "schema-too-large",
      "oneOf",
    ],
    ["30 pairs of required names, exactly one", { oneOf: many(30, (i) => ({ required: [`a${i}`, `b${i}`] })) }, "schema-too-large", "oneOf"],
    ["5,000 objects to choose from", { enum: many(5_000, (i) => ({ id: i })) }, "schema-too-large", "enum"],
    ["30 dependencies", { dependentRequired: keyed(30, (i) => [`a${i}`, [`b${i}`]]) }, "schema-too-large", "dependentRequired"],
    [
      "30 patterns that overlap",
      { patternProperties: keyed(30, (i) => [`a${i}.*b`, { minimum: i }]), additionalProperties: false },
      "schema-too-large",
    ],
    [
      "a chain of 5,000 references",
      { $defs: keyed(5_000, (i) => [`d${i}`, { $ref: `#/$defs/d${i + 1}` }]), $ref: "#/$defs/d0" },
      "schema-too-large",
      "$ref",
    ],
    ["a reference to itself", { allOf: [{ $ref: "#" }] }, "schema-unsupported", "$ref"],
    ["a thousand million counted items", { contains: { const: 1 }, minContains: 1e9, type: "array" }, "schema-unsupported", "contains"],
    ["multiples with many digits", { type: "number", multipleOf: 0.000001234567 }, "schema-unsupported", "multipleOf"],
  ])("%s end in an error that says where", (_, schema, code, keyword) => {
    expect(outcome(schema)).toMatchObject(keyword === undefined ? { code } : { code, keyword });
  });

  test.each<[string, unknown]>([
    ["20,000 texts", { enum: many(20_000, (i) => `value ${i}`) }],
    ["2,000 properties", { type: "object", properties: keyed(2_000, (i) => [`p${i}`, { type: "string" }]) }],
    ["300 required properties in any order", { type: "object", required: many(300, (i) => `p${i}`) }],
    ["a thousand million items", { type: "array", minItems: 1e9 }],
    ["a text of a thousand million characters", { type: "string", minLength: 1e9 }],
    ["items of 64 values that differ", { type: "array", items: { enum: many(64, (i) => i) }, uniqueItems: true, minItems: 40 }],
    ["a catastrophic pattern", { pattern: "(a*)*(b|c*)*(x+x+)+y$", not: { pattern: "^(.*a){20}" }, type: "string" }],
    [
      "40 conditions on a discriminator",
      JSON.parse(`{"allOf":[${many(40, (i) => `{"if":{"properties":{"k":{"const":${i}}},"required":["k"]},"then":{"required":["x${i}"]}}`)}]}`),
    ],
    ["the negation of an object of 300", { not: { type: "object", properties: keyed(300, (i) => [`p${i}`, { pattern: `x${i}` }]) } }],
    ["a negation of itself", { not: { properties: { x: { $ref: "#" } }, required: ["x"] } }],
    [
      "names that objects have by birth",
      JSON.parse('{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}},"required":["toString"]}'),
    ],
    ["bounds with 300 digits", { type: "integer", minimum: -1e300, maximum: 1e300 }],
  ])("%s compile", (_, schema) => {
    expect(outcome(schema, 60_000)).toEqual({ code: "compiled" }); // however busy the machine is
  });
});

test("texts with half a character have no UTF-8: names and values with one cannot be written", () => {
  const half = "\ud800";
  for (const schema of [
    { enum: [{ [half]: 0 }] },
    { const: { a: [half] } },
    { type: "object", required: [half] },
    { type: "object", properties: { [half]: {} }, minProperties: 1, additionalProperties: false },
    { type: "object", properties: { a: {}, [half]: {} }, minProperties: 2, additionalProperties: false },
    { type: "object", required: ["a"], dependentRequired: { a: [half] } },
  ])
    expect(outcome(schema).code).toBe("schema-unsatisfiable");
  const { value } = accepts({ enum: [{ [half]: 0 }, 3] });
  expect(value(3)).toBe(true);
  expect(accepts({ type: "object", properties: { [half]: {} }, additionalProperties: false }).value({})).toBe(true);
});

test("patterns of names that are too much work say where they stand", () => {
  const dear = "(é)+((.*a){12})+((?!ab))?(.*a){12}";
  const pointer = expect.objectContaining({ data: expect.objectContaining({ pointer: "/properties/q", keyword: "patternProperties" }) });
  expect(() => accepts({ properties: { q: { patternProperties: { [dear]: false }, required: ["é"] } } })).toThrow(pointer);
});

test("what has no value is found however deep it lies", () => {
  const impossible = nested(300, (inner) => ({ type: "array", items: inner, minItems: 1 }), false);
  expect(outcome(impossible).code).toBe("schema-unsatisfiable");
  const { text } = accepts({
    type: "object",
    properties: { a: impossible, b: nested(300, (inner) => ({ type: "array", items: inner, minItems: 1 }), true) },
  });
  expect(text('{"a":')).toBe(false);
  expect(text(`{"b":${"[".repeat(300)}1${"]".repeat(300)}}`)).toBe(true);
});

describe("schemas of dear parts", () => {
  const atoms = [
    "a",
    ".",
    "\\w",
    "\\S",
    "(a+)+",
    "(a|a)*",
    "(.*a){9}",
    "\\p{L}",
    "\\u{1F600}",
    "\\uD83D",
    "(?=a)",
    "(?!ab)",
    "(?<=x)",
    "\\1",
    "^",
    "$",
    "\\b",
  ];
  const more = [
    "x{0,1000000}",
    "(ab?c){3,900}",
    "((a{0,40}){0,40}){0,40}",
    "[^\\x00-\\x1f]",
    "(?i:abc)",
    ".*.*.*x",
    "",
    "|",
    "[",
    "{2,1}",
    "\\p{Nope}",
    "é",
  ];
  const pattern = fc.array(fc.constantFrom(...atoms, ...more), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const count = fc.constantFrom(0, 1, 2, 64, 1e6, 2 ** 53);
  const number = fc.constantFrom(0, 1, -1, 0.1, 1e-7, 1e300, -1e300, 5e-324, 2 ** 53);
  const name = fc.constantFrom("a", "b", "", "é", "\ud800", "__proto__", "$ref");
  const value = fc.constantFrom<unknown>(null, true, 0, 1e300, "", "a", "\ud800", { a: 1 }, { "\ud800": 1 }, [[]], "x".repeat(300));
  const dear = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<unknown>(true, false, { $ref: "#" }, { $ref: "#/$defs/a" }, { $dynamicRef: "#x" }),
      fc.record(
        {
          type: fc.constantFrom<unknown>("string", "number", "integer", "object", "array", ["string", "null", "object"]),
          enum: fc.array(value, { minLength: 1, maxLength: 3 }),
          pattern,
          format: fc.constantFrom("date-time", "email", "uri", "regex", "ipv6", "hostname"),
          minLength: count,
          maxLength: count,
          minimum: number,
          maximum: number,
          multipleOf: number,
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          properties: fc.dictionary(name, tie("schema"), { maxKeys: 3 }),
          required: fc.uniqueArray(name, { maxLength: 2 }),
          patternProperties: fc.dictionary(pattern, tie("schema"), { maxKeys: 3 }),
          additionalProperties: tie("schema"),
          propertyNames: tie("schema"),
          minProperties: count,
          dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 2 }),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          items: tie("schema"),
          prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
          contains: tie("schema"),
          minContains: count,
          minItems: count,
          uniqueItems: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 4 }),
          oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 6 }),
          not: tie("schema"),
          if: tie("schema"),
          else: tie("schema"),
          $defs: fc.record({ a: tie("schema") }),
          $dynamicAnchor: fc.constant("x"),
        },
        { requiredKeys: [] },
      ),
    ),
  })).schema;

  test("end in an error of ours that says where, or in a grammar with a way on from every state", () => {
    const tokenizer = withAllBytes('{"', '":', '","', "abc", "aaaa", " é", "\u2028");
    const codes = new Set<string>();
    fc.assert(
      fc.property(dear, fc.array(fc.nat(), { minLength: 4, maxLength: 12 }), (schema, choices) => {
        const { code } = outcome(schema);
        codes.add(code);
        if (code !== "compiled") return;
        const { compiled, expressions } = accepts(schema);
        let state = createGrammar(tokenizer, { expressions, root: compiled.node }).start();
        for (const choice of choices) {
          if (state.finished) return;
          const allowed = idsOf(state.mask());
          state = state.accept(allowed[choice % allowed.length] as number);
        }
      }),
      { numRuns: 400 },
    );
    expect([...codes]).toEqual(expect.arrayContaining(["compiled", "schema-invalid", "schema-unsupported", "schema-unsatisfiable"]));
  });
});

describe("texts that are no schema", () => {
  const words = [
    "type",
    "properties",
    "items",
    "required",
    "enum",
    "const",
    "not",
    "allOf",
    "oneOf",
    "anyOf",
    "if",
    "then",
    "$ref",
    "$id",
    "$anchor",
    "$defs",
    "pattern",
    "format",
  ];
  const more = [
    "minimum",
    "maxLength",
    "multipleOf",
    "contains",
    "minContains",
    "uniqueItems",
    "patternProperties",
    "dependencies",
    "dependentSchemas",
    "propertyNames",
    "$schema",
  ];
  const odd = fc
    .letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom<unknown>(
          null,
          true,
          false,
          0,
          -1,
          1.5,
          1e300,
          "",
          "#",
          "#/$defs/a",
          "#a",
          "string",
          "integer",
          "object",
          "^a",
          "(",
          "date",
          "a",
        ),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...words, ...more, "a", "b"), tie("value"), { maxKeys: 5 }),
        fc.dictionary(fc.constantFrom(...words, ...more, "a", "b"), tie("value"), { maxKeys: 5 }),
      ),
    }))
    .value.map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  test("compile or end in an error of ours; so does checking a value against them", () => {
    const codes = new Set<string>();
    fc.assert(
      fc.property(odd, odd, (schema, value) => {
        codes.add(outcome(schema).code);
        try {
          checkValue(schema, value);
        } catch (error) {
          if (!isCutawayError(error)) throw error;
        }
      }),
      { numRuns: 1_500 },
    );
    expect([...codes]).toEqual(expect.arrayContaining(["compiled", "schema-invalid", "schema-unsatisfiable"]));
  });
});
