import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairedDifference, studentQuantile } from "../src/index.ts";

describe("studentQuantile", () => {
  // SciPy 1.17.1: scipy.stats.t.ppf(1 - (1 - level) / 2, freedom)
  test.each([
    [0.95, 1, 12.706204736174694],
    [0.95, 4, 2.7764451051977934],
    [0.95, 9, 2.262157162798205],
    [0.99, 99, 2.626405457280827],
    [1 - 0.05 / 3, 4, 3.9607864827701835],
    [0.95, 1000, 1.9623390808264083],
    [0.5, 3, 0.7648923284043444],
  ])("at %s with %i degrees of freedom is SciPy's", (level, freedom, t) => {
    expect(studentQuantile(level, freedom)).toBeCloseTo(t, 10);
  });

  test("one and two degrees have closed forms", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.999, noNaN: true }), (level) => {
        expect(studentQuantile(level, 1) / Math.tan((Math.PI * level) / 2)).toBeCloseTo(1, 9);
        expect(studentQuantile(level, 2) / (level * Math.sqrt(2 / (1 - level ** 2)))).toBeCloseTo(1, 9);
      }),
    );
  });

  test("a level that is no probability is refused", () => {
    for (const level of [0, 1, -1, Number.NaN]) expect(() => studentQuantile(level, 5)).toThrow(/level/);
  });
});

describe("pairedDifference", () => {
  const a = [12, 15, 9, 20, 31];
  const b = [10, 15, 10, 14, 22];

  test("is SciPy's interval of ttest_rel", () => {
    // SciPy 1.17.1: scipy.stats.ttest_rel(a, b).confidence_interval(level)
    expect(pairedDifference(a, b)).toMatchObject({ estimate: 3.2, level: 0.95 });
    expect(pairedDifference(a, b)?.low).toBeCloseTo(-2.02385029212226, 12);
    expect(pairedDifference(a, b)?.high).toBeCloseTo(8.42385029212226, 12);
    expect(pairedDifference(a, b, 1 - 0.05 / 3)?.low).toBeCloseTo(-4.252175296503436, 10);
  });

  test("turned round it is the same with the other sign", () => {
    const [there, back] = [pairedDifference(a, b), pairedDifference(b, a)];
    expect(back?.low).toBeCloseTo(-(there?.high ?? 0), 12);
  });

  test("the same difference in every case has no width; one case has no interval", () => {
    expect(pairedDifference([3, 4, 5], [1, 2, 3])).toEqual({ estimate: 2, low: 2, high: 2, level: 0.95 });
    expect(pairedDifference([3], [1])).toBeUndefined();
    expect(() => pairedDifference([1, 2], [1])).toThrow(/no pairs/);
  });
});
