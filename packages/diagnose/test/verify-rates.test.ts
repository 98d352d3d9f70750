import type { Verification } from "@cutaway/core";
import { openStore, type Store } from "@cutaway/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verify } from "../src/index.ts";
import { claims } from "./verify-claims.ts";
import { callOf, changeTo, findingOf, requestWith, scripted } from "./verify-support.ts";

const simulations = 1_000;

/** True rates of the symptom, unchanged and changed; what docs/verification.md claims for them is held against what happens. */
const cases: [name: string, unchanged: number, changed: number][] = [
  ["the change works", 1, 0],
  ["the change works by chance half the time", 1, 0.5],
  ["the change does nothing to a symptom that always comes", 1, 1],
  ["the change does nothing to a symptom that comes half the time", 0.5, 0.5],
  ["the symptom does not return", 0, 0],
];

let store: Store;
beforeEach(() => {
  store = openStore(":memory:");
});
afterEach(() => store.close());

test.each(cases)(
  `%s: ${simulations} verifications give each verdict at the rate it claims`,
  async (_, unchanged, changed) => {
    const model = scripted(({ parameters }, random) => (random() < (parameters.maxOutputTokens === 2 ? changed : unchanged) ? "bad" : "good"), {
      seed: 20261122 + unchanged * 100 + changed * 10_000,
    });
    const seen: Record<Verification["verdict"], number> = { confirmed: 0, "not confirmed": 0, "not reproduced": 0, "not testable": 0 };
    for (let n = 0; n < simulations; n++) {
      const call = callOf(requestWith({ temperature: 0.8, maxOutputTokens: 1 }));
      const { verdict } = await verify(call, findingOf(call, changeTo({ maxOutputTokens: 2 })), { model, store });
      seen[verdict]++;
    }
    const claim = claims.find((row) => row.unchanged === unchanged && row.changed === changed);
    expectRate(seen.confirmed, claim?.confirmed);
    expectRate(seen["not confirmed"], claim?.notConfirmed);
    expectRate(seen["not reproduced"], claim?.notReproduced);
    expect(seen["not testable"]).toBe(0);
    expect(Math.abs(model.asked.length / simulations - (claim?.calls ?? 0))).toBeLessThan(1);
  },
  120_000,
);

/** Within four standard deviations of the binomial, where a right rate falls outside once in 16,000; the page rounds to a tenth of a percent. */
function expectRate(seen: number, rate = Number.NaN): void {
  const spread = 4 * Math.sqrt(simulations * rate * (1 - rate)) + simulations * 0.0005;
  expect(Math.abs(seen - simulations * rate)).toBeLessThanOrEqual(spread);
}
