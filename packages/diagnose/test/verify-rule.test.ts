import { highestRateWithoutHits } from "@cutaway/metrics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { characteristics, decide, errorRate, looks, silentRuns, tally } from "../src/verify-rule.ts";
import { claimedLooks, claims } from "./verify-claims.ts";

const rates = Array.from({ length: 101 }, (_, i) => i / 100);

describe("docs/verification.md", () => {
  test.each(claims)("claims what enumeration gives at ($unchanged, $changed)", ({ unchanged, changed, ...claim }) => {
    const exact = characteristics(unchanged, changed);
    for (const verdict of ["confirmed", "notConfirmed", "notReproduced"] as const) expect(claim[verdict]).toBeCloseTo(exact[verdict], 2.99);
    expect(claim.calls).toBeCloseTo(exact.runs, 1);
    expect(exact.undecided).toBe(0);
  });

  test("shows the looks as they are", () => {
    expect(claims).toHaveLength(14);
    expect(claimedLooks).toEqual(looks);
  });
});

describe("the error rate", () => {
  test("bounds how often a change that does nothing, or harm, is confirmed, under any cap", () => {
    for (const most of looks.map(({ runs }) => runs)) {
      for (const rate of rates) expect(characteristics(rate, rate, most).confirmed).toBeLessThanOrEqual(errorRate);
    }
    for (const rate of rates.filter((_, i) => i % 5 === 0)) {
      for (const worse of rates.filter((other, i) => i % 5 === 0 && other > rate))
        expect(characteristics(rate, worse).confirmed).toBeLessThanOrEqual(errorRate);
    }
  });

  test("holds without the early stops, too, and is not much too large", () => {
    const worst = Math.max(...rates.map((rate) => confirmedWithoutStops(rate)));
    expect(worst).toBeLessThanOrEqual(errorRate);
    expect(worst).toBeGreaterThan(errorRate - 0.001);
  });

  test("of the first look alone is 1.6 %", () => {
    expect(characteristics(0.5, 0.5, 3).confirmed).toBe(1 / 64);
  });
});

test("a symptom at the rate that the verdict names is missed in five of a hundred cases", () => {
  const rate = highestRateWithoutHits(silentRuns);
  for (const changed of [0, 0.5, 1]) expect(characteristics(rate, changed).notReproduced).toBeLessThanOrEqual(0.05 + 1e-12);
  expect(characteristics(rate, 0).notReproduced).toBeCloseTo(0.05, 9);
});

test("confirmed never means less than two thirds against one third", () => {
  for (const look of looks) {
    for (let unchanged = 0; unchanged <= look.runs; unchanged++) {
      for (let changed = 0; changed <= look.runs; changed++) {
        if (decide(look, { unchanged, changed }) !== "confirmed") continue;
        expect(unchanged / look.runs).toBeGreaterThanOrEqual(2 / 3);
        expect(changed / look.runs).toBeLessThanOrEqual(1 / 3);
        expect(unchanged - changed).toBeGreaterThanOrEqual(look.lead);
      }
    }
  }
});

test("enumeration equals trying every sequence of five runs", () => {
  const sequences = Array.from({ length: 32 }, (_, bits) => Array.from({ length: 5 }, (_, i) => (bits & (1 << i)) !== 0));
  const weight = (shown: boolean[], rate: number) => shown.reduce((product, hit) => product * (hit ? rate : 1 - rate), 1);
  for (const [p, q] of [
    [0.7, 0.2],
    [0.5, 0.5],
    [0.2, 0.1],
  ] as const) {
    const seen = { confirmed: 0, "not confirmed": 0, "not reproduced": 0, undecided: 0 };
    for (const a of sequences) for (const b of sequences) seen[tally(a, b).decision ?? "undecided"] += weight(a, p) * weight(b, q);
    const { confirmed, notConfirmed, notReproduced, undecided } = characteristics(p, q, 5);
    expect([confirmed, notConfirmed, notReproduced, undecided]).toEqual(Object.values(seen).map((share) => expect.closeTo(share, 12)));
  }
});

test("what comes after the deciding look changes nothing, and futility never gives up what could be confirmed", () => {
  const runs = fc.array(fc.boolean(), { minLength: 12, maxLength: 20 });
  fc.assert(
    fc.property(runs, runs, (unchanged, changed) => {
      const { decision, runs: reached } = tally(unchanged, changed);
      expect(tally(unchanged.slice(0, reached), changed.slice(0, reached))).toEqual(tally(unchanged, changed));
      expect(decision).toEqual(expect.any(String));
      const best = tally([...unchanged.slice(0, reached), ...Array(12).fill(true)], [...changed.slice(0, reached), ...Array(12).fill(false)]);
      expect(best.decision).toBe(decision);
    }),
  );
});

/** The probability that a change that does nothing reaches a confirming count at any look; a twin of the rule that knows no other outcome. */
function confirmedWithoutStops(rate: number): number {
  let open = new Map<string, number>([["0,0", 1]]);
  let confirmed = 0;
  let done = 0;
  for (const { runs, lead } of looks) {
    for (; done < runs; done++) {
      const next = new Map<string, number>();
      for (const [state, probability] of open) {
        const [x = 0, y = 0] = state.split(",").map(Number);
        for (const i of [0, 1]) {
          for (const j of [0, 1]) {
            const key = `${x + i},${y + j}`;
            next.set(key, (next.get(key) ?? 0) + probability * (i ? rate : 1 - rate) * (j ? rate : 1 - rate));
          }
        }
      }
      open = next;
    }
    for (const [state, probability] of open) {
      const [x = 0, y = 0] = state.split(",").map(Number);
      if (x - y < lead || x / runs < 2 / 3 || y / runs > 1 / 3) continue;
      confirmed += probability;
      open.delete(state);
    }
  }
  return confirmed;
}
