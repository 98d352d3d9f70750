import { describe, expect, it } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { compileSchema } from "../src/json-schema/index.ts";
import { keptAlong, sourcesAlong, withoutKeyword } from "../src/matcher/counterfactual.ts";
import { createGrammar, type Grammar } from "../src/matcher/grammar.ts";
import { withAllBytes } from "./small-vocabulary.ts";

const schema = { type: "object", properties: { age: { type: "integer", minimum: 0, maximum: 9 } }, required: ["age"], additionalProperties: false };

function grammarOf(schema: unknown): Grammar {
  const expressions = new Expressions();
  return createGrammar(withAllBytes(), { expressions, root: expressions.closed(compileSchema(expressions, schema, { whitespace: "none" }).node) });
}

describe("a keyword dropped", () => {
  const ids = [...new TextEncoder().encode('{"age":7}')];
  /** All bytes alike, but one of each step's ten times as probable: what was chosen, or after the 7 another digit. */
  const steps = ids.map((id, i) => {
    const logits = new Float32Array(256);
    logits[i === 8 ? 0x35 : id] = Math.log(10);
    return { id, logits };
  });

  it("gives back the probability that it took", () => {
    const held = keptAlong(grammarOf(schema), steps);
    const free = keptAlong(grammarOf(withoutKeyword(schema, "/properties/age", "maximum")), steps);
    // With the maximum only } may follow the 7; without it, digits too, and the probable one among them.
    expect(held.kept[8]).toBeCloseTo(1 / 265, 6);
    expect(free.kept[8]).toBeGreaterThan(20 / 265);
    expect(free.kept.slice(0, 7)).toEqual(held.kept.slice(0, 7));
    expect(held.divergence).toBeCloseTo(
      held.kept.reduce((sum, kept) => sum - Math.log(kept), 0),
      9,
    );
    expect(free.divergence).toBeLessThan(held.divergence);
  });

  it("is found by the places that an answer went through", () => {
    const along = sourcesAlong(grammarOf(schema), ids);
    const ofAge = along.filter(({ source }) => source.pointer === "/properties/age");
    expect(ofAge.length).toBeGreaterThan(0);
    expect(ofAge.every(({ steps }) => steps.every((step) => step >= 1 && step <= 8))).toBe(true);
    for (const { source } of along)
      if (source.keyword !== undefined) expect(() => withoutKeyword(schema, source.pointer ?? "", source.keyword as string)).not.toThrow();
  });

  it("says where an answer is not of the grammar", () => {
    const only = withoutKeyword(withoutKeyword(schema, "", "properties"), "", "required");
    expect(keptAlong(grammarOf(only), steps).breaksAt).toBe(1);
  });

  it("has to be there", () => {
    expect(() => withoutKeyword(schema, "/properties/age", "pattern")).toThrow("The schema has no pattern at /properties/age.");
    expect(() => withoutKeyword(schema, "/properties/name", "type")).toThrow(expect.objectContaining({ code: "no-such-keyword" }));
    expect(() => withoutKeyword(schema, "", "__proto__")).toThrow(expect.objectContaining({ code: "no-such-keyword" }));
    expect(schema.properties.age.maximum).toBe(9);
  });
});
