import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PlannedCall, planExperiment } from "../src/index.ts";
import { request, spec } from "./scripted.ts";

const plan = (...more: Parameters<typeof spec>) => planExperiment(spec(...more));
const keys = (calls: readonly PlannedCall[]) => calls.map(({ key }) => key);

describe("a plan", () => {
  test("holds every case with every combination of levels, repeat by repeat, the arms in turned order", () => {
    const said = plan(2).calls.map(({ case: one, factors, repeat }) => `${one.id} ${factors.voice} ${repeat}`);
    expect(said).toEqual(["a as it was 0", "a loud 0", "b as it was 0", "b loud 0", "a loud 1", "a as it was 1", "b loud 1", "b as it was 1"]);
    expect(plan(2).calls.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(plan().id).toMatch(/^loud-or-not-[0-9a-f]{12}$/);
  });

  test("crosses several factors", () => {
    const levels = (...names: string[]) => names.map((name) => ({ name }));
    const factors = [
      { name: "x", levels: levels("1", "2") },
      { name: "y", levels: levels("3", "4", "5") },
    ];
    const { calls } = plan(1, { factors });
    expect(calls.filter(({ case: one }) => one.id === "a").map(({ factors: { x, y } }) => `${x}${y}`)).toEqual(["13", "14", "15", "23", "24", "25"]);
    expect(plan(4, { factors: [] }).calls).toHaveLength(8);
  });

  test("is the same whenever it is made, whatever the order of a request's fields; each key stands once", () => {
    const turned = spec(3, {
      cases: spec().cases.map((one) => ({ ...one, request: Object.fromEntries(Object.entries(one.request).toReversed()) as never })),
    });
    expect(planExperiment(turned)).toMatchObject({ id: plan(3).id });
    expect(keys(planExperiment(turned).calls)).toEqual(keys(plan(3).calls));
    expect(new Set(keys(plan(50).calls)).size).toBe(200);
  });

  test("is another one with another prompt, level, name or salt, and grows by repeats", () => {
    const all = [
      plan(),
      plan(3, { salt: "again" }),
      plan(3, { name: "Other" }),
      plan(3, { cases: [{ id: "a", request: request("three") }] }),
      plan(3, { factors: [{ name: "voice", levels: [{ name: "as it was" }, { name: "loud" }] }] }),
    ];
    expect(new Set(all.map(({ id }) => id)).size).toBe(5);
    expect(keys(all[1]?.calls ?? []).filter((key) => keys(plan().calls).includes(key))).toEqual([]);
    expect(keys(plan(5).calls).slice(0, 12)).toEqual(keys(plan(3).calls));
  });
});

describe("seeds", () => {
  test("derived: every sampled call has its own, the same each time; greedy calls have none", () => {
    const { calls } = plan(50, { seeds: "derive" });
    const sampled = calls.filter(({ case: one }) => one.id === "a").map(({ request: { parameters } }) => parameters.seed);
    expect(new Set(sampled).size).toBe(100);
    for (const seed of sampled) expect(Number.isInteger(seed) && (seed ?? -1) >= 0 && (seed ?? 2 ** 31) < 2 ** 31).toBe(true);
    expect(calls.filter(({ case: one }) => one.id === "b").every(({ request: { parameters } }) => parameters.seed === undefined)).toBe(true);
    expect(plan(50, { seeds: "derive" }).calls).toEqual(calls);
  });

  test("derived ones replace a pinned one, kept ones stay", () => {
    const cases = [{ id: "a", request: request("one", { seed: 7 }) }];
    const seeds = (how: "keep" | "derive") => plan(2, { cases, seeds: how }).calls.map(({ request: { parameters } }) => parameters.seed);
    expect(seeds("keep")).toEqual([7, 7, 7, 7]);
    expect(new Set(seeds("derive")).size).toBe(4);
    expect(seeds("derive")).not.toContain(7);
  });
});

test("each repeat has every arm once, whatever the numbers of cases and levels", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }), (cases, levels, repeats) => {
      const { calls } = planExperiment({
        name: "x",
        cases: Array.from({ length: cases }, (_, i) => ({ id: `${i}`, request: request(`${i}`) })),
        factors: [{ name: "f", levels: Array.from({ length: levels }, (_, i) => ({ name: `${i}` })) }],
        repeats,
      });
      for (let repeat = 0; repeat < repeats; repeat++) {
        const block = calls.slice(repeat * cases * levels, (repeat + 1) * cases * levels);
        expect(block.every((call) => call.repeat === repeat)).toBe(true);
        expect(new Set(block.map((call) => `${call.case.id} ${call.factors.f}`)).size).toBe(cases * levels);
      }
    }),
  );
});

test.each([
  ["no cases", { cases: [] }],
  ["no repeats", { repeats: 0 }],
  ["half a repeat", { repeats: 1.5 }],
  ["a case twice", { cases: [spec().cases[0], spec().cases[0]] as never }],
  ["a factor twice", { factors: [spec().factors[0], spec().factors[0]] as never }],
  ["a level twice", { factors: [{ name: "x", levels: [{ name: "y" }, { name: "y" }] }] }],
  ["a factor without levels", { factors: [{ name: "x", levels: [] }] }],
  [
    "more calls than one process holds",
    { repeats: 10_000, factors: [{ name: "x", levels: Array.from({ length: 51 }, (_, i) => ({ name: `${i}` })) }] },
  ],
])("%s: refused", (_, more) => {
  expect(() => plan(3, more)).toThrow(expect.objectContaining({ code: "invalid-experiment" }));
});
