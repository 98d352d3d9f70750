import { isCutawayError } from "@cutaway/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { SchemaOptions } from "../../src/json-schema/index.ts";
import { accepts } from "./accepts.ts";

/** What compiling a schema fails with. */
const failure = (schema: unknown, options?: SchemaOptions): { code: string; data: Record<string, unknown>; fix: string | undefined } => {
  try {
    accepts(schema, options);
  } catch (error) {
    if (isCutawayError(error)) return { code: error.code, data: error.data, fix: error.fix };
    throw error;
  }
  throw new Error("it compiled");
};

const person = {
  type: "object",
  properties: { name: { type: "string", minLength: 1 }, age: { type: "integer", minimum: 0 }, mail: { type: "string" } },
  required: ["name", "age"],
  additionalProperties: false,
};

describe("objects", () => {
  test("required properties have to come, others may", () => {
    const { text } = accepts(person);
    expect(text('{"name":"Ada","age":36}')).toBe(true);
    expect(text('{"name":"Ada","age":36,"mail":"a@b.c"}')).toBe(true);
    expect(text('{"name":"Ada"}')).toBe(false);
    expect(text('{"name":"","age":36}')).toBe(false);
    expect(text('{"name":"Ada","age":36,"x":1}')).toBe(false);
  });

  test("the order is the schema's, or any", () => {
    const swapped = '{"age":36,"name":"Ada"}';
    expect(accepts(person).text(swapped)).toBe(false);
    expect(accepts(person, { propertyOrder: "any" }).text(swapped)).toBe(true);
    expect(accepts(person, { propertyOrder: "any" }).text('{"age":36,"mail":"x"}')).toBe(false);
  });

  test("properties of other names come after those that are declared; required ones without a place among them", () => {
    const { text } = accepts({ type: "object", properties: { a: {} }, required: ["z"] });
    expect(text('{"a":1,"other":2,"z":3}')).toBe(true);
    expect(text('{"a":1,"z":3,"other":2}')).toBe(true);
    expect(text('{"z":3}')).toBe(true);
    expect(text('{"other":2,"a":1,"z":3}')).toBe(false);
    expect(text('{"a":1,"other":2}')).toBe(false);
  });

  test("a property that the schema names comes once, whatever the order", () => {
    for (const propertyOrder of ["declared", "any"] as const) {
      const { text } = accepts({ properties: { a: {} } }, { propertyOrder });
      expect(text('{"a":1,"a":2}')).toBe(false);
      expect(text('{"a":1,"b":2}')).toBe(true);
    }
  });

  test("names are told apart however they are spelled", () => {
    const schema = { properties: { é: { type: "integer" } } };
    expect(accepts(schema).text(String.raw`{"\u00e9":"no integer"}`)).toBe(false);
    const any = accepts(schema, { spelling: "any" });
    expect(any.text(String.raw`{"\u00E9":1}`)).toBe(true);
    expect(any.text(String.raw`{"\u00e9":"no integer"}`)).toBe(false);
  });

  test("a property whose value is ruled out is not begun", () => {
    const { text } = accepts({ properties: { a: false, b: { type: "string", enum: [1] } }, type: "object" });
    expect(text("{}")).toBe(true);
    expect(text('{"c":1}')).toBe(true);
    expect(text('{"a":')).toBe(false);
    expect(text('{"b":1}')).toBe(false);
  });

  test("counts, names, patterns and dependencies hold together", () => {
    const { value } = accepts(
      {
        type: "object",
        patternProperties: { "^n_": { type: "number" }, _s$: { type: "string" } },
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 2,
        propertyNames: { maxLength: 4 },
        dependentRequired: { n_a: ["n_b"] },
      },
      { propertyOrder: "any" },
    );
    expect(value({ n_b: 1 })).toBe(true);
    expect(value({ n_a: 1 })).toBe(false);
    expect(value({ n_a: 1, n_b: 2 })).toBe(true);
    expect(value({ n_b: 1, x_s: "a", y_s: "b" })).toBe(false);
    expect(value({})).toBe(false);
    expect(value({ n_abc: 1 })).toBe(false);
    expect(value({ n_s: 1 })).toBe(false); // both patterns
  });
});

describe("alternatives", () => {
  test("exactly one of two that overlap", () => {
    const { value } = accepts({
      oneOf: [
        { type: "integer", multipleOf: 2 },
        { type: "integer", minimum: 10 },
      ],
    });
    expect([4, 11, 12, 5, -2].map(value)).toEqual([true, true, false, false, true]);
  });

  test("negation of an object with a discriminator", () => {
    const { value } = accepts({
      type: "object",
      properties: { kind: { enum: ["a", "b"] } },
      required: ["kind"],
      not: { properties: { kind: { const: "a" } }, required: ["kind"] },
    });
    expect(value({ kind: "b" })).toBe(true);
    expect(value({ kind: "a" })).toBe(false);
  });

  test("if, then and else", () => {
    const schema = JSON.parse(
      '{"type":"object","if":{"properties":{"n":{"minimum":10}},"required":["n"]},"then":{"required":["big"]},"else":{"not":{"required":["big"]}}}',
    );
    const { value } = accepts(schema);
    expect(value({ n: 12, big: 1 })).toBe(true);
    expect(value({ n: 12 })).toBe(false);
    expect(value({ n: 2 })).toBe(true);
    expect(value({ n: 2, big: 1 })).toBe(false);
  });

  test("a schema that refers to itself, inside a oneOf", () => {
    const tree = {
      $ref: "#/$defs/tree",
      $defs: { tree: { oneOf: [{ type: "integer" }, { type: "array", items: { $ref: "#/$defs/tree" }, minItems: 1 }] } },
    };
    const { text } = accepts(tree);
    expect(text("[1,[2,[3]]]")).toBe(true);
    expect(text("[1,[]]")).toBe(false);
  });
});

describe("arrays", () => {
  test("contains is counted", () => {
    const { value } = accepts({ type: "array", contains: { type: "string" }, minContains: 2, maxContains: 3, maxItems: 5 });
    expect(value(["a", 1, "b"])).toBe(true);
    expect(value(["a", 1, 2])).toBe(false);
    expect(value(["a", "b", "c", "d"])).toBe(false);
    expect(value(["a", "b", 1, 2, 3, 4])).toBe(false);
  });

  test("items of a few values differ", () => {
    const { value } = accepts({ type: "array", items: { enum: ["a", "b", 1] }, uniqueItems: true, minItems: 2 });
    expect(value(["a", 1])).toBe(true);
    expect(value(["a", "a"])).toBe(false);
    expect(value(["b", 1, "a"])).toBe(true);
    expect(accepts({ type: "array", items: { type: "boolean" }, uniqueItems: true }).value([true, false, true])).toBe(false);
    const dice = accepts({ type: "array", items: { type: "integer", exclusiveMinimum: 0, maximum: 6 }, uniqueItems: true, minItems: 6 });
    expect([dice.value([6, 5, 4, 3, 2, 1]), dice.value([1, 2, 3, 4, 5, 5]), dice.value([0, 1, 2, 3, 4, 5])]).toEqual([true, false, false]);
  });
});

describe("white space", () => {
  const schema = { type: "object", properties: { a: { type: "array", items: { type: "integer" } } } };
  const pretty = '{\n  "a": [\n    1,\n    2\n  ]\n}';

  test("none, bounded, any", () => {
    expect(accepts(schema, { whitespace: "none" }).text('{"a":[1,2]}')).toBe(true);
    expect(accepts(schema, { whitespace: "none" }).text('{"a": [1,2]}')).toBe(false);
    expect(accepts(schema).text(pretty)).toBe(true);
    expect(accepts(schema).text('{"a":  [1]}')).toBe(false);
    expect(accepts(schema).text(`{\n${" ".repeat(20)}"a":[]}`)).toBe(true);
    expect(accepts(schema).text(`{\n${" ".repeat(21)}"a":[]}`)).toBe(false);
    expect(accepts(schema, { whitespace: "any" }).text(` \t{\r\n\n"a"  :\t[ ]   } `)).toBe(true);
  });
});

describe("three answers", () => {
  test("what cannot be enforced is refused with its place", () => {
    expect(failure({ properties: { tags: { type: "array", items: { type: "string" }, uniqueItems: true } } })).toMatchObject({
      code: "schema-unsupported",
      data: { pointer: "/properties/tags", keyword: "uniqueItems" },
      fix: expect.stringContaining("afterwards"),
    });
    expect(failure({ anyOf: [{ properties: { "a/b": { pattern: "(x)\\1" } } }] })).toMatchObject({
      code: "schema-unsupported",
      data: { pointer: "/anyOf/0/properties/a~1b", keyword: "pattern" },
    });
    expect(failure({ $ref: "https://example.com/other.json" })).toMatchObject({ code: "schema-unsupported", data: { pointer: "", keyword: "$ref" } });
  });

  test("or left out and named, on request; the grammar is then looser, also where that stands under a negation", () => {
    const tags = accepts({ type: "array", items: { type: "string" }, uniqueItems: true }, { checkAfter: true });
    expect(tags.compiled.checkedAfter).toMatchObject([{ pointer: "", keyword: "uniqueItems" }]);
    expect(tags.value(["a", "a"])).toBe(true);
    const not = accepts({ type: "string", not: { pattern: "(x)\\1" } }, { checkAfter: true });
    expect(not.compiled.checkedAfter).toMatchObject([{ pointer: "/not", keyword: "pattern" }]);
    expect([not.value("xx"), not.value("ab"), not.value(1)]).toEqual([true, true, false]);
    const one = accepts(
      {
        oneOf: [
          { pattern: "(x)\\1", type: "string" },
          { maxLength: 3, type: "string" },
        ],
      },
      { checkAfter: true },
    );
    expect([one.value("ab"), one.value("abcd"), one.value(1)]).toEqual([true, true, false]);
    const keys = accepts({ type: "object", patternProperties: { "(x)\\1": { type: "integer" } }, additionalProperties: false }, { checkAfter: true });
    expect(keys.value({ xx: 1 })).toBe(true);
  });

  test("a schema without any value, and texts that are no schema", () => {
    expect(failure({ type: "string", minLength: 3, maxLength: 2 }).code).toBe("schema-unsatisfiable");
    expect(failure(false).code).toBe("schema-unsatisfiable");
    expect(failure({ type: "object", properties: { a: { $ref: "#" } }, required: ["a"] }).code).toBe("schema-unsatisfiable");
    expect(failure({ properties: { a: { type: "text" } } })).toMatchObject({
      code: "schema-invalid",
      data: { pointer: "/properties/a", keyword: "type" },
    });
    expect(failure({ items: { minLength: -1 } })).toMatchObject({ code: "schema-invalid", data: { pointer: "/items", keyword: "minLength" } });
    expect(failure({ $ref: "#/$defs/none" })).toMatchObject({ code: "schema-invalid", data: { keyword: "$ref" } });
    expect(failure({ pattern: "(" })).toMatchObject({ code: "schema-invalid", data: { keyword: "pattern" } });
    expect(failure("a text").code).toBe("schema-invalid");
    expect(failure({ allOf: [{ $ref: "#" }] })).toMatchObject({ code: "schema-unsupported", data: { keyword: "$ref" } });
  });

  test("formats assert, or say nothing; unknown ones are told", () => {
    const schema = { properties: { at: { type: "string", format: "date" }, mood: { type: "string", format: "cheerful" } } };
    const { value, compiled } = accepts(schema);
    expect(value({ at: "2024-02-29", mood: "sad" })).toBe(true);
    expect(value({ at: "2023-02-29" })).toBe(false);
    expect(compiled.notices).toMatchObject([{ pointer: "/properties/mood", keyword: "format" }]);
    expect(accepts(schema, { formats: "annotate" }).value({ at: "tomorrow" })).toBe(true);
  });
});

describe("references", () => {
  test("by pointer, anchor, identifier, and into other documents that are given", () => {
    const documents = { "https://example.com/int.json": { type: "integer" } };
    const { value } = accepts(
      {
        $id: "https://example.com/root.json",
        properties: { a: { $ref: "#/$defs/s" }, b: { $ref: "#named" }, c: { $ref: "int.json" }, d: { $ref: "inner.json#/$defs/t" } },
        $defs: { s: { type: "string" }, n: { $anchor: "named", type: "null" }, i: { $id: "inner.json", $defs: { t: { type: "boolean" } } } },
      },
      { documents },
    );
    expect(value({ a: "x", b: null, c: 1, d: true })).toBe(true);
    for (const wrong of [{ a: 1 }, { b: 1 }, { c: "1" }, { d: 1 }]) expect(value(wrong)).toBe(false);
  });

  test("draft 7 does not look beside $ref, newer drafts do", () => {
    const schema = { $ref: "#/definitions/s", maxLength: 1, definitions: { s: { type: "string" } } };
    expect(accepts({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" }).value("long")).toBe(true);
    expect(accepts(schema).value("long")).toBe(false);
  });
});

describe("what is written when an answer comes to it", () => {
  test("has no deadline: the limit is for compiling", () => {
    // items that are as one of two conditions says, as both or as neither: most of these are read only then
    const both = (i: number) => ({
      type: "array",
      allOf: [
        { contains: { minimum: i, type: "integer" }, maxContains: 2 },
        { contains: { multipleOf: i + 2, type: "integer" }, maxContains: 2 },
      ],
    });
    const properties = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`p${i}`, both(i)]));
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    onTestFinished(() => clock.mockRestore());
    const { value } = accepts({ properties });
    clock.mockReturnValue(1e9);
    expect(value(Object.fromEntries(Object.keys(properties).map((name) => [name, [0, 5000, -1, "a"]])))).toBe(true);
    expect(value({ p1: [3, 6, 9] })).toBe(false);
  });
});

describe("labels", () => {
  test("what may come next knows the keyword that asks for it", () => {
    const { expressions, compiled } = accepts(person);
    const after = (text: string) => expressions.sources(expressions.deriveAll(compiled.node, new TextEncoder().encode(text)));
    expect(after('{"name":"')).toContainEqual({ pointer: "/properties/name", keyword: "minLength" });
    expect(after('{"name":"x",')).toContainEqual({ pointer: "", keyword: "required" });
    expect(after('{"name":"x","age":4')).toContainEqual({ pointer: "/properties/age", keyword: "minimum" });
  });
});
