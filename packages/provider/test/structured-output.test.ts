import type { JsonObject, JsonValue } from "@cutaway/core";
import { codecs, structuredOutput, structuredOutputTargets, structuredText } from "@cutaway/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const plain: JsonObject = {
  type: "object",
  properties: { name: { type: "string" }, size: { type: ["integer", "null"] }, tags: { type: "array", items: { enum: ["a", "b"] } } },
  required: ["name", "size", "tags"],
  additionalProperties: false,
};

/** `kind pointer keyword`, as short as a finding can be said. */
const found = (target: (typeof structuredOutputTargets)[number], schema: JsonValue): string[] =>
  structuredOutput(target, schema).findings.map(({ kind, pointer, keyword }) => `${kind} ${pointer || "/"} ${keyword}`);

describe("the same schema for every provider", () => {
  test("a plain one is held as it is everywhere", () => {
    for (const target of structuredOutputTargets) expect([target, found(target, plain)]).toEqual([target, []]);
  });

  test("where it stands in each body", () => {
    expect(structuredOutputTargets.map((target) => structuredOutput(target, plain, { name: "thing" }).body)).toEqual([
      { response_format: { type: "json_schema", json_schema: { name: "thing", schema: plain, strict: true } } },
      { text: { format: { type: "json_schema", name: "thing", schema: plain, strict: true } } },
      { output_config: { format: { type: "json_schema", schema: plain } } },
      { generationConfig: { responseMimeType: "application/json", responseJsonSchema: plain } },
      { structured_outputs: { json: plain } },
      { response_format: { type: "json_schema", json_schema: { schema: plain } } },
      { format: plain },
    ]);
  });

  test.each(["openai-chat", "openai-responses", "anthropic-messages"] as const)("%s: the codec reads the same out of that body", (target) => {
    const codec = codecs[target];
    const request = codec.decodeRequest({ model: "m", messages: [], input: [], ...structuredOutput(target, plain).body }, {});
    expect(request.parameters.responseFormat).toMatchObject({ type: "json-schema", schema: plain });
  });
});

const rich: JsonObject = {
  type: "object",
  properties: {
    id: { type: "string", pattern: "^(?=.)x", minLength: 1 },
    "a/b": { type: "number", minimum: 0, multipleOf: 0.5 },
    list: { type: "array", minItems: 2, uniqueItems: true, items: { $ref: "#/$defs/node" } },
    when: { type: "string", format: "uri" },
    either: { oneOf: [{ type: "string" }, { type: "object", properties: { x: {} }, required: ["x"] }] },
  },
  required: ["id", "a/b", "list", "when"],
  additionalProperties: false,
  not: { required: ["gone"] },
  $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } }, additionalProperties: false } },
};

describe("what is refused, passed over or taken otherwise, by pointer", () => {
  test.each([
    [
      "openai-chat",
      [
        "refused / not",
        "refused /properties/either required",
        "depends /properties/id minLength",
        "refused /properties/list uniqueItems",
        "depends /properties/when format",
        "refused /properties/either oneOf",
        "refused /properties/either/oneOf/1 additionalProperties",
        "refused /$defs/node/properties/next required",
      ],
    ],
    [
      "anthropic-messages",
      [
        "refused / not",
        "refused /properties/id minLength",
        "refused /properties/id pattern",
        "refused /properties/a~1b minimum",
        "refused /properties/a~1b multipleOf",
        "refused /properties/list uniqueItems",
        "refused /properties/list minItems",
        "refused /properties/either oneOf",
        "refused /properties/either/oneOf/1 additionalProperties",
        "refused /$defs/node/properties/next $ref",
      ],
    ],
    [
      "gemini",
      [
        "not-held / not",
        "not-held /properties/id pattern",
        "not-held /properties/id minLength",
        "not-held /properties/a~1b multipleOf",
        "not-held /properties/list uniqueItems",
        "not-held /properties/either oneOf",
        "narrower /$defs/node/properties/next $ref",
      ],
    ],
    ["vllm", ["not-held / not", "depends /properties/id minLength", "depends /properties/a~1b multipleOf", "depends /properties/list uniqueItems"]],
    [
      "ollama",
      [
        "not-held / not",
        "refused /properties/id pattern",
        "not-held /properties/a~1b multipleOf",
        "not-held /properties/a~1b minimum",
        "not-held /properties/list uniqueItems",
        "not-held /properties/when format",
        "narrower /properties/either/oneOf/1 additionalProperties",
      ],
    ],
  ] as const)("%s", (target, expected) => {
    expect(found(target, rich)).toEqual(expected);
    expect(structuredOutput(target, rich).accepted).toBe(!expected.some((line) => line.startsWith("refused")));
  });

  test("OpenAI: the root, references outside, depth and sizes", () => {
    expect(found("openai-chat", { anyOf: [plain] })).toEqual(["refused / type", "refused / anyOf"]);
    expect(found("openai-chat", { ...plain, $defs: { x: { $ref: "other.json" } } })).toEqual(["refused /$defs/x $ref"]);
    const nested = (levels: number): JsonObject =>
      levels === 0 ? { type: "string" } : { type: "object", properties: { a: nested(levels - 1) }, required: ["a"], additionalProperties: false };
    expect(found("openai-chat", nested(10))).toEqual([]);
    expect(found("openai-chat", nested(11))).toEqual([`refused ${"/properties/a".repeat(10)} properties`]);
    const many = Array.from({ length: 1001 }, (_, i) => `v${i}`);
    expect(found("openai-chat", { ...plain, properties: { name: { enum: many } }, required: ["name"] })).toEqual(["refused / enum"]);
    const long = Array.from({ length: 251 }, (_, i) => `${i}`.padEnd(60, "x"));
    expect(found("openai-chat", { ...plain, properties: { name: { enum: long } }, required: ["name"] })).toEqual(["refused /properties/name enum"]);
  });

  test("what is data and not a schema is not looked into", () => {
    const data = { ...plain, properties: { name: { enum: ["not"], default: { not: {} }, title: "t" } }, required: ["name"] };
    for (const target of structuredOutputTargets) expect([target, found(target, data)]).toEqual([target, []]);
  });

  test("no schema, and a name that cannot be sent", () => {
    expect(() => structuredOutput("openai-chat", true)).toThrow(expect.objectContaining({ code: "schema-invalid" }));
    expect(() => structuredOutput("openai-chat", plain, { name: "two words" })).toThrow(expect.objectContaining({ code: "invalid-parameter" }));
  });

  test("any JSON at all ends in an answer or in an error of ours", () => {
    const keywords = fc.constantFrom(
      "type",
      "properties",
      "items",
      "enum",
      "$ref",
      "$defs",
      "required",
      "anyOf",
      "pattern",
      "format",
      "minItems",
      "additionalProperties",
    );
    const values = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(true, null, 1, "object", "#/$defs/a", "#", "%", "#/%zz"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keywords, tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(values, (schema) => {
        for (const target of structuredOutputTargets) {
          if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) structuredOutput(target, schema as JsonObject);
          else expect(() => structuredOutput(target, schema as JsonValue)).toThrow(expect.objectContaining({ code: "schema-invalid" }));
        }
      }),
    );
  });

  test("a schema 50,000 deep", () => {
    let deep: JsonObject = {};
    for (let i = 0; i < 50_000; i++) deep = { type: "array", items: deep };
    for (const target of structuredOutputTargets) structuredOutput(target, deep);
  });
});

describe("languages other than schemas", () => {
  test("where a server has an option for them", () => {
    expect(structuredText("vllm", { kind: "regex", pattern: "a+" })).toEqual({ structured_outputs: { regex: "a+" } });
    expect(structuredText("vllm", { kind: "choice", texts: ["yes", "no"] })).toEqual({ structured_outputs: { choice: ["yes", "no"] } });
    expect(structuredText("vllm", { kind: "lark", text: 'start: "a"' })).toEqual({ structured_outputs: { grammar: 'start: "a"' } });
    expect(structuredText("llama.cpp", { kind: "gbnf", text: 'root ::= "a"' })).toEqual({ grammar: 'root ::= "a"' });
  });

  test.each([
    ["openai-chat", "regex", ["vllm"]],
    ["anthropic-messages", "choice", ["vllm"]],
    ["llama.cpp", "lark", ["vllm"]],
    ["ollama", "gbnf", ["vllm", "llama.cpp"]],
  ] as const)("%s has none for a %s, and who has", (target, kind, supported) => {
    const language = kind === "regex" ? { kind, pattern: "a" } : kind === "choice" ? { kind, texts: ["a"] } : { kind, text: "" };
    expect(() => structuredText(target, language)).toThrow(
      expect.objectContaining({ code: "parameter-not-supported", data: { target, kind, supported } }),
    );
  });
});
