import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, processLogits } from "../src/index.ts";

const maskOf = (allowed: Iterable<number>, words: number) => {
  const mask = new Uint32Array(words);
  for (const id of allowed) mask[id >>> 5] = (mask[id >>> 5] as number) | (1 << (id & 31));
  return mask;
};

test("what the mask has stays with its logit, first or after other stages", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.array(fc.nat(199), { minLength: 1, maxLength: 60 }),
      fc.boolean(),
      (values, ids, isFirst) => {
        const given = Float32Array.from(values).map((score) => score + 0);
        const allowed = new Set(ids.map((id) => id % given.length));
        const mask = maskOf(allowed, Math.ceil(given.length / 32));
        const order = isFirst ? ["grammar", "temperature"] : ["temperature", "grammar"];
        const after = processLogits(given, [], { temperature: 2 }, { grammar: true, order }, { mask });
        expect(after).toEqual(given.map((score, id) => (allowed.has(id) ? score / 2 : -Infinity)));
        const { id, stages } = createSampler({ temperature: 0 }, { grammar: true }).choose(given, [], () => 0, 0, { mask });
        expect(allowed.has(id)).toBe(true);
        expect(given[id]).toBe(Math.max(...[...allowed].map((each) => given[each] as number)));
        const [masked] = stages;
        expect(masked?.stage).toBe("grammar");
        expect(masked?.kl).toBeCloseTo(-Math.log1p(-(masked?.removedMass ?? 0)), 6);
      },
    ),
  );
});

test("a mass that is nearly nothing is still told: KL in the hundreds of nats", () => {
  const { stages } = createSampler({}, { grammar: true }).choose(Float32Array.of(300, 0, -20), [], () => 0, 3, { mask: Uint32Array.of(0b100) });
  expect(stages[0]).toMatchObject({ kept: 1, removedMass: 1 });
  expect(stages[0]?.kl).toBeCloseTo(320, 4);
});

test("tokens beyond the mask are not allowed; nothing left, and no mask at all, are errors", () => {
  const given = new Float32Array(100);
  expect(processLogits(given, [], {}, { grammar: true }, { mask: Uint32Array.of(0b11) }).filter((score) => score > -Infinity)).toHaveLength(2);
  const sampler = createSampler({}, { grammar: true });
  expect(() => sampler.choose(given, [], () => 0, 0, { mask: new Uint32Array(4) })).toThrow(expect.objectContaining({ code: "nothing-allowed" }));
  expect(() => sampler.choose(Float32Array.of(1, -Infinity), [], () => 0, 0, { mask: Uint32Array.of(0b10) })).toThrow();
  expect(() => sampler.choose(given, [], () => 0, 0)).toThrow(expect.objectContaining({ code: "no-mask" }));
});
