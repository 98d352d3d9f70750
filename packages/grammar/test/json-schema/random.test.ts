import { isCutawayError, seededRandom } from "@cutaway/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkValue, type SchemaOptions } from "../../src/json-schema/index.ts";
import { type Accepts, accepts } from "./accepts.ts";
import { schemas, values } from "./random-schemas.ts";
import { randomWalk, repeatsName } from "./random-walk.ts";

// JSON has no objects without a prototype, and -0 is 0
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const validatorOf = (schema: unknown) => new Ajv2020({ strict: false, logger: false }).compile(schema as object);
/** ajv 8 has faults of its own: [] under contains with minContains beside prefixItems, and which items the branches of a oneOf evaluate. */
const trustsAjv = (schema: unknown): boolean => {
  const text = JSON.stringify(schema);
  return !text.includes('"unevaluatedItems"') && !(text.includes('"contains"') && text.includes('"prefixItems"'));
};

const nothing: Pick<Accepts, "value"> = { value: () => false };
/** JavaScript reads another number, or ajv divides it wrongly: neither can say what the schema thinks of the digits. */
const isRounded = (text: string): boolean => /\d{15,}|\d[eE]/.test(text);

/** The same JSON with some of the letters of its strings written as \u…, in either case. */
const respelled = (text: string, random: () => number): string =>
  text.replace(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replace(/[a-zé]/g, (letter) => {
      if (random() < 0.6) return letter;
      const hex = letter.charCodeAt(0).toString(16).padStart(4, "0");
      return `\\u${random() < 0.5 ? hex : hex.toUpperCase()}`;
    }),
  );

const grammarOf = (schema: unknown, options: SchemaOptions = { propertyOrder: "any", whitespace: "none" }): Pick<Accepts, "value"> => {
  try {
    return accepts(schema, options);
  } catch (error) {
    if (isCutawayError(error) && error.code === "schema-unsatisfiable") return nothing;
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
          expect({ value, is: grammar.value(value) }).toEqual({ value, is: checked });
          if (trustsAjv(schema)) expect({ value, is: checked }).toEqual({ value, is: validate(value) });
        }
      }),
      { numRuns: 200 },
    );
  });

  test("however a value is laid out and spelled", () => {
    fc.assert(
      fc.property(schemas.map(plain), fc.array(values.map(plain), { minLength: 8, maxLength: 8 }), fc.integer(), (schema, some, seed) => {
        const grammar = grammarOf(schema, { propertyOrder: "any", whitespace: "any", spelling: "any" });
        if (grammar === nothing) return;
        const random = seededRandom(seed);
        for (const value of some) {
          const text = respelled(JSON.stringify(value, null, [0, 1, 4, "\t"][Math.floor(random() * 4)]), random);
          expect(JSON.parse(text)).toEqual(value);
          expect({ text, is: (grammar as Accepts).text(text) }).toEqual({ text, is: checkValue(schema, value).violations.length === 0 });
        }
      }),
      { numRuns: 100 },
    );
  });

  test("whatever a grammar lets one write ends, and is valid", () => {
    let walked = 0;
    fc.assert(
      fc.property(schemas.map(plain), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })), (schema, stream) => {
        const grammar = grammarOf(schema);
        if (grammar === nothing) return;
        const { expressions, compiled } = grammar as Accepts;
        for (let i = 0; i < 3; i++) {
          const text = randomWalk(expressions, compiled.node, () => stream.next().value as number);
          if (text === undefined || repeatsName(text) || isRounded(text)) continue;
          walked++;
          expect({ text, violations: checkValue(schema, JSON.parse(text)).violations }).toEqual({ text, violations: [] });
          if (trustsAjv(schema)) expect({ text, is: validatorOf(schema)(JSON.parse(text)) }).toEqual({ text, is: true });
        }
      }),
      { numRuns: 100 },
    );
    expect(walked).toBeGreaterThan(120);
  });
});
