import type { Verification } from "@cutaway/core";
import { openStore, type Store } from "@cutaway/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verify } from "../src/index.ts";
import { characteristics } from "../src/verify-rule.ts";
import { callOf, changeTo, findingOf, requestWith, scripted } from "./verify-support.ts";

const simulations = 1_000;

/** What the change does to the rate of the symptom. */
const cases: [name: string, unchanged: number, changed: number][] = [
  ["the change works", 1, 0],
  ["the change works on a symptom that comes and goes", 0.8, 0],
  ["the change does nothing to a symptom that always comes", 1, 1],
  ["the change does nothing to a symptom that comes half the time", 0.5, 0.5],
  ["the change works by chance half the time", 1, 0.5],
  ["the symptom does not return", 0, 0],
  ["the symptom returns seldom", 0.1, 0.1],
];

let store: Store;
beforeAll(() => {
  store = openStore(":memory:");
});
afterAll(() => store.close());

describe.each(cases)("%s (%d unchanged, %d changed)", (_, unchanged, changed) => {
  test(`${simulations} verifications give each verdict as often as the page says`, async () => {
    const model = scripted(({ parameters }, random) => (random() < (parameters.maxOutputTokens === 2 ? changed : unchanged) ? "bad" : "good"), {
      seed: Math.round(unchanged * 100 + changed * 10_000),
    });
    const seen: Record<Verification["verdict"], number> = { confirmed: 0, "not confirmed": 0, "not reproduced": 0, "not testable": 0 };
    for (let n = 0; n < simulations; n++) {
      const call = callOf(requestWith({ temperature: 0.8, maxOutputTokens: 1 }));
      const { verdict } = await verify(call, findingOf(call, changeTo({ maxOutputTokens: 2 })), { model, store });
      seen[verdict]++;
    }
    const claimed = characteristics(unchanged, changed);
    expectRate(seen.confirmed, claimed.confirmed);
    expectRate(seen["not confirmed"], claimed.notConfirmed);
    expectRate(seen["not reproduced"], claimed.notReproduced);
    expect(seen["not testable"]).toBe(0);
    expect(model.asked.length / simulations).toBeCloseTo(claimed.runs, 0);
  });
});

/** Within four standard deviations of the binomial: a right rate fails once in 16,000. */
function expectRate(seen: number, rate: number): void {
  const spread = 4 * Math.sqrt(simulations * rate * (1 - rate));
  expect(seen).toBeGreaterThanOrEqual(Math.floor(simulations * rate - spread - 1e-9));
  expect(seen).toBeLessThanOrEqual(Math.ceil(simulations * rate + spread + 1e-9));
}
