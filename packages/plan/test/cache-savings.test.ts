import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { breakEven, cachePrices, costIfCached } from "../src/index.ts";
import { callWith, on } from "./calls.ts";

const at = new Date("2026-08-15");
const haiku = { provider: "anthropic", served: "claude-haiku-4-5" };

describe("break-even, as the research report works it out", () => {
  test("a write of 5 minutes at 1.25 pays from the first reuse, one of an hour at 2 from the second", () => {
    expect(cachePrices(haiku, 10_000, { at })).toMatchObject({
      uncached: 0.01,
      read: 0.001,
      write: 0.0125,
      write1h: 0.02,
      breakEven: { write: 1, write1h: 2 },
    });
  });

  test("where writes cost nothing extra, the first reuse pays", () => {
    const prices = cachePrices({ provider: "openai", served: "gpt-4o" }, 2_000, { at });
    expect(prices).toMatchObject({ uncached: 0.005, read: 0.0025, breakEven: { write: 1 } });
    expect(prices).not.toHaveProperty("write");
  });

  test("a tie is no gain", () => {
    expect(breakEven(1, 2, 0)).toBe(2);
    expect(breakEven(10, 19, 1)).toBe(2);
  });

  test("a cache that reads no cheaper never pays", () => {
    expect(breakEven(1, 1, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  test("it is the smallest number of reuses that pays", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 3000 }), fc.nat(999), (input, extra, cheaper) => {
        const [write, read] = [input + extra, Math.max(0, input - 1 - cheaper)];
        const k = breakEven(input, write, read);
        expect(write + k * read).toBeLessThan((k + 1) * input);
        if (k > 1) expect(write + (k - 1) * read).toBeGreaterThanOrEqual(k * input);
      }),
    );
  });

  test("no price for reads, no arithmetic", () => {
    expect(cachePrices({ provider: "openai", served: "gpt-5-pro" }, 2_000, { at })).toEqual({ unknown: "no price for cache reads of gpt-5-pro" });
    expect(cachePrices({ provider: "openai", served: "gpt-9" }, 2_000, { at })).toEqual({ unknown: "no price for model gpt-9 of openai" });
  });

  test("the tier is chosen by the whole request", () => {
    expect(cachePrices({ provider: "openai", served: "gpt-5.4" }, 100_000, { at, inputTokens: 300_000 })).toMatchObject({
      uncached: 0.5,
      read: 0.05,
    });
  });
});

describe("what a miss cost", () => {
  const usage = { inputTokens: 10_000, cacheReadTokens: 0, cacheWriteTokens: 8_000, cacheWrite5mTokens: 8_000, outputTokens: 0 };
  const call = callWith({ model: haiku, usage, instants: on("2026-08-15") });

  test("what was written again would have been read", () => {
    const result = costIfCached(call, 6_000);
    if ("unknown" in result) throw new Error(result.unknown);
    expect(result.cost.lines.map(({ what, units }) => [what, units])).toEqual([
      ["uncached input", 2_000],
      ["cache read", 6_000],
      ["cache write, 5 minutes", 2_000],
    ]);
    expect(result.saved).toBeCloseTo((6_000 * (1.25 - 0.1)) / 1e6, 12);
  });

  test("writes of an hour come before those of 5 minutes: what is read is taken from them first, once", () => {
    const mixed = { inputTokens: 8_000, cacheWriteTokens: 8_000, cacheWrite1hTokens: 3_000, cacheWrite5mTokens: 5_000, outputTokens: 0 };
    const result = costIfCached(callWith({ model: haiku, usage: mixed, instants: on("2026-08-15") }), 4_000);
    if ("unknown" in result) throw new Error(result.unknown);
    expect(result.cost.lines.map(({ what, units }) => [what, units])).toEqual([
      ["cache read", 4_000],
      ["cache write, 5 minutes", 4_000],
    ]);
    expect(result.saved).toBeCloseTo((3_000 * 1.9 + 1_000 * 1.15) / 1e6, 12);
  });

  test("past the writes, plain input would have been read", () => {
    const result = costIfCached(call, 9_000);
    if ("unknown" in result) throw new Error(result.unknown);
    expect(result.saved).toBeCloseTo((8_000 * 1.15 + 1_000 * 0.9) / 1e6, 12);
  });

  test("a hit already there saves nothing more", () => {
    const hit = callWith({ model: haiku, usage: { inputTokens: 10_000, cacheReadTokens: 9_000, outputTokens: 1 }, instants: on("2026-08-15") });
    expect(costIfCached(hit, 5_000)).toMatchObject({ saved: 0 });
  });

  test("unknown stays unknown", () => {
    expect(costIfCached(callWith({ model: haiku, usage: {} }), 100)).toEqual({ unknown: "no usage reported" });
  });

  test("never negative, and more served by the cache never saves less", () => {
    fc.assert(
      fc.property(fc.nat(50_000), fc.nat(50_000), fc.nat(50_000), fc.nat(200_000), fc.nat(50_000), (plain, read, write, served, more) => {
        const call = callWith({
          model: haiku,
          usage: { inputTokens: plain + read + write, cacheReadTokens: read, cacheWriteTokens: write, outputTokens: 10 },
          instants: on("2026-08-15"),
        });
        const saved = (tokens: number) => {
          const result = costIfCached(call, tokens);
          if ("unknown" in result) throw new Error(result.unknown);
          return result.saved;
        };
        expect(saved(served)).toBeGreaterThanOrEqual(0);
        expect(saved(served + more)).toBeGreaterThanOrEqual(saved(served) - 1e-12);
      }),
    );
  });
});
