import fc from "fast-check";

/** Values from a small world, so that a schema and a value of it have something to do with each other. */
export const values: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  scalar: fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 3, -1, 0.5, 1.5, 4, 10, "", "a", "b", "ab", "ba", "abc", "é", "aa"),
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    tie("scalar"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "ab", "ba"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

const names = ["a", "b", "c"];
const patterns = ["a", "^a", "b$", "^a.$", "^(a|ba)*$", "^[^b]*$"];
const counts = fc.integer({ min: 0, max: 3 });

type Record_ = Record<string, unknown>;

const merged = (parts: Record_[]): Record_ => Object.assign({}, ...parts);
const keyword = (name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Record_> => value.map((one) => ({ [name]: one }));

/** Schemas of draft 2020-12 over that world, with every keyword that a grammar can hold. */
export const schemas: fc.Arbitrary<unknown> = fc
  .letrec((tie) => {
    const inner = tie("schema");
    const list = fc.array(inner, { minLength: 1, maxLength: 3 });
    const type = fc.constantFrom("null", "boolean", "integer", "number", "string", "array", "object");
    const scalarKeyword = fc.oneof(
      keyword("type", fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 }))),
      keyword("enum", fc.array(values, { minLength: 1, maxLength: 5 })),
      keyword("const", values),
      keyword("minimum", counts),
      keyword("maximum", counts),
      keyword("exclusiveMinimum", counts),
      keyword("exclusiveMaximum", fc.constantFrom(0.5, 1, 2)),
      keyword("multipleOf", fc.constantFrom(1, 2, 0.5, 1.5)),
      keyword("minLength", counts),
      keyword("maxLength", counts),
      keyword("pattern", fc.constantFrom(...patterns)),
      keyword("required", fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 })),
      keyword("minProperties", fc.integer({ min: 0, max: 1 })),
      keyword("maxProperties", counts),
      keyword("minItems", counts),
      keyword("maxItems", counts),
      keyword(
        "dependentRequired",
        fc.dictionary(fc.constantFrom(...names), fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }), { maxKeys: 2 }),
      ),
    );
    const deepKeyword = fc.oneof(
      keyword("properties", fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 3 })),
      keyword("properties", fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 3 })),
      keyword("patternProperties", fc.dictionary(fc.constantFrom(...patterns), inner, { maxKeys: 2 })),
      keyword("additionalProperties", inner),
      keyword("propertyNames", inner),
      keyword("items", inner),
      keyword("prefixItems", list),
      fc.tuple(inner, counts, fc.option(counts)).map(([contains, minContains, maxContains]) => ({
        contains,
        minContains,
        ...(maxContains === null ? {} : { maxContains }),
      })),
      keyword("unevaluatedProperties", inner),
      keyword("unevaluatedItems", inner),
      keyword("allOf", list),
      keyword("anyOf", list),
      keyword("oneOf", list),
      keyword("not", inner),
      fc.tuple(keyword("if", inner), keyword("then", inner), keyword("else", inner)).map(merged),
      keyword("dependentSchemas", fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 1 })),
      keyword("$ref", fc.constantFrom("#/$defs/x", "#/$defs/y")),
    );
    return {
      schema: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        fc.oneof({ weight: 1, arbitrary: fc.boolean() }, { weight: 9, arbitrary: fc.array(scalarKeyword, { maxLength: 3 }).map(merged) }),
        fc
          .array(fc.oneof({ weight: 2, arbitrary: scalarKeyword }, { weight: 3, arbitrary: deepKeyword }), { minLength: 1, maxLength: 3 })
          .map(merged),
      ),
    };
  })
  .schema.chain((schema) =>
    typeof schema !== "object" || schema === null || !JSON.stringify(schema).includes("$ref")
      ? fc.constant(schema)
      : fc.constantFrom(...definitions).map(($defs) => ({ ...schema, $defs })),
  );

/** One that is plain, and one that refers to itself. */
const definitions = [
  {
    x: { type: ["string", "integer"] },
    y: { type: "object", properties: { a: { $ref: "#/$defs/y" } }, additionalProperties: { $ref: "#/$defs/x" } },
  },
  {
    x: {
      anyOf: [
        { type: "integer", minimum: 1 },
        { type: "array", items: { $ref: "#/$defs/x" }, minItems: 1 },
      ],
    },
    y: { not: { required: ["a"] } },
  },
];
