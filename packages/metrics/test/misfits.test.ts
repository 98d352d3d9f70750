import type { JsonValue } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonNode, jsonNodes, misfits } from "../src/index.ts";

const says = (text: string, schema: JsonValue, options = {}) => misfits(text, schema, options).map((misfit) => misfit.says);

function parsed(node: JsonNode): unknown {
  if (node.type === "object") return Object.fromEntries(node.members.map(({ key, node }) => [key, parsed(node)]));
  if (node.type === "array") return node.items.map(parsed);
  if (node.type === "deeper") return "deeper";
  return node.type === "null" ? null : node.value;
}

function* all(node: JsonNode): Iterable<JsonNode> {
  yield node;
  for (const child of node.type === "object" ? node.members.map(({ node }) => node) : node.type === "array" ? node.items : []) yield* all(child);
}

describe("the nodes of a JSON text", () => {
  test("hold what JSON.parse gives, each at its place", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const root = jsonNodes(text);
        expect(parsed(root)).toEqual(JSON.parse(text));
        for (const node of all(root)) expect(parsed(node)).toEqual(JSON.parse(text.slice(node.span.start, node.span.end)));
      }),
    );
  });

  test("end at the depth that was asked for, and take long strings and deep nesting", () => {
    expect(parsed(jsonNodes('[[["]"]], 1]', 2))).toEqual([["deeper"], 1]);
    expect(parsed(jsonNodes(JSON.stringify([`\\"${"x".repeat(5_000_000)}`, 2])))).toMatchObject({ 1: 2 });
    const deep = `${"[".repeat(200_000)}1${"]".repeat(200_000)}`;
    expect(jsonNodes(deep).span).toEqual({ start: 0, end: deep.length });
  });
});

describe("misfits", () => {
  test("types, also several, null and whole numbers", () => {
    expect(says('"a"', { type: "number" })).toEqual(["$ is a string where the schema wants a number"]);
    expect(says("1.5", { type: ["integer", "null"] })).toEqual(["$ is a number where the schema wants a whole number or null"]);
    for (const [text, schema] of [
      ["1.0", { type: "integer" }],
      ["null", { type: "string", nullable: true }],
      ["null", { type: ["string", "null"] }],
      ["1", { type: "something else" }],
      ["1", {}],
      ["1", true],
    ] as const) {
      expect(says(text, schema as JsonValue)).toEqual([]);
    }
  });

  test("within objects and lists", () => {
    const point = { type: "object", required: ["x"], properties: { x: { type: "number" } } };
    const schema = { type: "object", properties: { points: { type: "array", items: point }, mode: { enum: ["a", 1, null] } } };
    expect(says('{"points":[{"x":1},{"x":"2"},{}],"mode":"b"}', schema)).toEqual([
      "$.points[1].x is a string where the schema wants a number",
      "$.points[2].x is missing",
      '$.mode is "b", and the schema allows "a", 1, null',
    ]);
  });

  test("keys that are not named, in closed and strict objects only; names of the prototype are names like others", () => {
    const open = { type: "object", properties: {} };
    expect(says('{"constructor":1}', open)).toEqual([]);
    expect(says('{"constructor":1}', open, { strict: true })).toEqual(["$.constructor is no key of the schema"]);
    expect(says('{"__proto__":1}', { ...open, additionalProperties: false })).toEqual(["$.__proto__ is no key of the schema"]);
    expect(says('{"x-1":1}', { ...open, additionalProperties: false, patternProperties: { "^x-": {} } })).toEqual([]);
    expect(says("{}", { required: ["__proto__"] })).toEqual(["$.__proto__ is missing"]);
  });

  test("silent where references or combinations decide", () => {
    for (const key of ["$ref", "anyOf", "oneOf", "allOf", "not", "if"]) expect(says("1", { type: "string", [key]: [] })).toEqual([]);
  });

  test("no more than asked for", () => {
    expect(says("{}", { required: Array.from({ length: 100 }, (_, i) => `k${i}`) })).toHaveLength(5);
  });
});
