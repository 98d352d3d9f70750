import { isDeepStrictEqual } from "node:util";
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { JsonObject } from "@cutaway/core";
import { structuredOutput } from "@cutaway/provider";
import fc from "fast-check";
import { toStrictJsonSchema } from "openai/lib/transform";
import { describe, expect, test } from "vitest";

/** Closed objects, lists and leaves, with keywords that one provider or the other takes, or does not. */
const schemas = fc.letrec<{ leaf: JsonObject; any: JsonObject; object: JsonObject }>((tie) => ({
  leaf: fc.oneof(
    fc.record(
      { type: fc.constant("string"), format: fc.constantFrom("date", "email", "uuid", "regex", "iri"), minLength: fc.nat(5), maxLength: fc.nat(9) },
      { requiredKeys: ["type"] },
    ),
    fc.record({ type: fc.constantFrom("number", "integer"), minimum: fc.integer(), multipleOf: fc.constant(2) }, { requiredKeys: ["type"] }),
    fc.constantFrom<JsonObject>({ enum: ["a", 1, null] }, { const: "x" }, { type: "boolean" }),
  ) as fc.Arbitrary<JsonObject>,
  any: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    tie("leaf"),
    fc.record(
      { type: fc.constant("array"), items: tie("any"), minItems: fc.nat(2), maxItems: fc.nat(3), uniqueItems: fc.constant(true) },
      { requiredKeys: ["type", "items"] },
    ) as fc.Arbitrary<JsonObject>,
    fc.array(tie("any"), { minLength: 1, maxLength: 2 }).map((anyOf): JsonObject => ({ anyOf })),
    tie("object"),
  ),
  object: fc
    .tuple(
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { minKeys: 1, maxKeys: 2 }),
      fc.boolean(),
      fc.constantFrom<JsonObject>(
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        { minProperties: 1 },
        { patternProperties: {} },
        { not: {} },
        { propertyNames: {} },
      ),
    )
    .map(
      ([properties, all, more]): JsonObject => ({
        type: "object",
        properties,
        required: Object.keys(properties).slice(all ? 0 : 1),
        additionalProperties: false,
        ...more,
      }),
    ),
})).object;

const refusals = (target: "openai-chat" | "anthropic-messages", schema: JsonObject): string[] =>
  structuredOutput(target, schema).findings.flatMap(({ kind, pointer, keyword }) => (kind === "refused" ? [`${pointer} ${keyword}`] : []));

describe("what the providers' own libraries make of a schema", () => {
  test("Anthropic's leaves a schema as it is just where nothing is refused", () => {
    let taken = 0;
    fc.assert(
      fc.property(schemas, (schema) => {
        // limits of a whole request it does not count
        const refused = refusals("anthropic-messages", schema).filter((line) => line !== " required" && line !== " anyOf");
        const left = transformJSONSchema(schema as never) as unknown as JsonObject;
        // what it cannot send it writes into a description
        const changed = JSON.stringify(left).includes('"description":"{');
        if (!changed) taken++;
        expect([refused, changed]).toEqual([refused, refused.length > 0]);
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  test("OpenAI's leaves a schema as it is just where nothing is refused", () => {
    let taken = 0;
    fc.assert(
      fc.property(schemas, (schema) => {
        let left: unknown;
        try {
          left = toStrictJsonSchema(schema as never);
        } catch {
          left = undefined;
        }
        const refused = refusals("openai-chat", schema);
        if (refused.length === 0) taken++;
        // where it can it mends a schema: then, too, it was not one to be sent
        expect([refused, isDeepStrictEqual(left, JSON.parse(JSON.stringify(schema)))]).toEqual([refused, refused.length === 0]);
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
