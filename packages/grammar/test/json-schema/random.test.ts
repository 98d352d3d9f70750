import { isCutawayError } from "@cutaway/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkValue } from "../../src/json-schema/index.ts";
import { type Accepts, accepts } from "./accepts.ts";
import { schemas, values } from "./random-schemas.ts";
import { randomWalk, repeatsName } from "./random-walk.ts";

// JSON has no objects without a prototype, and -0 is 0
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
// without the precision, ajv takes 1e100 to be no multiple of 2
const validatorOf = (schema: unknown) => new Ajv2020({ strict: false, logger: false, multipleOfPrecision: 9 }).compile(schema as object);
/** ajv 8 has faults of its own: [] under contains with minContains beside prefixItems, and which items the branches of a oneOf evaluate. */
const trustsAjv = (schema: unknown): boolean => {
  const text = JSON.stringify(schema);
  return !text.includes('"unevaluatedItems"') && !(text.includes('"contains"') && text.includes('"prefixItems"'));
};

const nothing: Pick<Accepts, "value"> = { value: () => false };
const grammarOf = (schema: unknown): Pick<Accepts, "value"> | undefined => {
  try {
    return accepts(schema, { propertyOrder: "any", whitespace: "none" });
  } catch (error) {
    if (isCutawayError(error) && error.code === "schema-unsatisfiable") return nothing;
    // which items are evaluated depends on contains
    if (isCutawayError(error) && error.data.keyword === "unevaluatedItems") return undefined;
    throw error;
  }
};

describe("random schemas and values", () => {
  test("the grammar, the check of a value, and ajv say the same", () => {
    fc.assert(
      fc.property(schemas.map(plain), fc.array(values.map(plain), { minLength: 10, maxLength: 10 }), (schema, some) => {
        const validate = validatorOf(schema);
        const grammar = grammarOf(schema);
        for (const value of some) {
          const checked = checkValue(schema, value).violations.length === 0;
          if (grammar !== undefined) expect({ value, is: grammar.value(value) }).toEqual({ value, is: checked });
          if (trustsAjv(schema)) expect({ value, is: checked }).toEqual({ value, is: validate(value) });
        }
      }),
      { numRuns: 300 },
    );
  });

  test("whatever a grammar lets one write ends, and is valid", () => {
    let walked = 0;
    fc.assert(
      fc.property(schemas.map(plain), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })), (schema, stream) => {
        const grammar = grammarOf(schema);
        if (grammar === undefined || grammar === nothing) return;
        const { expressions, compiled } = grammar as Accepts;
        for (let i = 0; i < 3; i++) {
          const text = randomWalk(expressions, compiled.node, () => stream.next().value as number);
          if (text === undefined || repeatsName(text)) continue;
          walked++;
          expect({ text, violations: checkValue(schema, JSON.parse(text)).violations }).toEqual({ text, violations: [] });
          if (trustsAjv(schema)) expect({ text, is: validatorOf(schema)(JSON.parse(text)) }).toEqual({ text, is: true });
        }
      }),
      { numRuns: 200 },
    );
    expect(walked).toBeGreaterThan(300);
  });
});
