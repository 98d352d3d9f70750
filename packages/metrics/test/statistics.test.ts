import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fisherExact, type HitCount, highestRateWithoutHits, newcombeInterval, wilsonInterval } from "../src/index.ts";
import { zOf } from "../src/normal-quantile.ts";

type Pair = [number, number];
const golden = JSON.parse(readFileSync(new URL("fixtures/statistics.json", import.meta.url), "utf8")) as {
  z: Pair[];
  wilson: { count: Pair; level: number; interval: Pair }[];
  compared: { a: Pair; b: Pair; p: { greater: number; less: number; "two-sided": number }; newcombe: Pair }[];
};

const count = ([hits, runs]: Pair): HitCount => ({ hits, runs });
const any = fc.integer({ min: 1, max: 60 }).chain((runs) => fc.record({ runs: fc.constant(runs), hits: fc.integer({ min: 0, max: runs }) }));

describe("equal to SciPy and statsmodels", () => {
  test("z of a level", () => {
    for (const [level, z] of golden.z) expect(zOf(level) / z).toBeCloseTo(1, 9);
  });

  test.each(golden.wilson)("Wilson of $count at $level", ({ count: pair, level, interval }) => {
    const { low, high } = wilsonInterval(count(pair), level) ?? {};
    expect(low).toBeCloseTo(interval[0], 9);
    expect(high).toBeCloseTo(interval[1], 9);
  });

  test.each(golden.compared)("$a against $b", ({ a, b, p, newcombe }) => {
    for (const tail of ["greater", "less", "two-sided"] as const) expect(fisherExact(count(a), count(b), tail)).toBeCloseTo(p[tail], 9);
    const { low, high } = newcombeInterval(count(a), count(b)) ?? {};
    expect(low).toBeCloseTo(newcombe[0], 9);
    expect(high).toBeCloseTo(newcombe[1], 9);
  });
});

test("published values of the Wilson interval", () => {
  const { low, high } = wilsonInterval({ hits: 7, runs: 10 }) ?? {};
  expect([low?.toFixed(6), high?.toFixed(6)]).toEqual(["0.396778", "0.892209"]);
  expect(wilsonInterval({ hits: 0, runs: 30 })).toMatchObject({ low: 0, high: expect.closeTo(0.113513, 6) });
});

test("swapping the arms mirrors test and interval", () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(fisherExact(a, b, "greater")).toBeCloseTo(fisherExact(b, a, "less"), 12);
      expect(fisherExact(a, b, "two-sided")).toBeCloseTo(fisherExact(b, a, "two-sided"), 12);
      const [one, other] = [newcombeInterval(a, b), newcombeInterval(b, a)];
      expect(one?.low).toBeCloseTo(-(other?.high ?? 0), 12);
      expect(one?.estimate).toBeGreaterThanOrEqual((one?.low ?? 2) - 1e-12);
      expect(one?.estimate).toBeLessThanOrEqual((one?.high ?? -2) + 1e-12);
    }),
  );
});

test("no hit in 5 runs: a rate of 45 % would show none once in twenty times", () => {
  const rate = highestRateWithoutHits(5);
  expect((1 - rate) ** 5).toBeCloseTo(0.05, 12);
  expect(rate).toBeCloseTo(0.4507, 4);
  expect(highestRateWithoutHits(0)).toBe(1);
});

test("arms without runs say nothing; numbers that are no counts are refused", () => {
  expect(wilsonInterval({ hits: 0, runs: 0 })).toBeUndefined();
  expect(newcombeInterval({ hits: 0, runs: 0 }, { hits: 1, runs: 2 })).toBeUndefined();
  expect(fisherExact({ hits: 0, runs: 0 }, { hits: 1, runs: 2 }, "greater")).toBe(1);
  for (const bad of [
    { hits: 2, runs: 1 },
    { hits: -1, runs: 1 },
    { hits: 0.5, runs: 1 },
    { hits: 0, runs: Number.NaN },
    { hits: 0, runs: 1e9 },
  ]) {
    expect(() => fisherExact(bad, { hits: 0, runs: 1 }, "less")).toThrow(expect.objectContaining({ code: "invalid-count" }));
    expect(() => wilsonInterval(bad)).toThrow(expect.objectContaining({ code: "invalid-count" }));
  }
  for (const level of [0, 0.49, 1, Number.NaN]) expect(() => wilsonInterval({ hits: 1, runs: 2 }, level)).toThrow(/level/);
});
