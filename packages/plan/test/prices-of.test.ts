import { foldCall, newCallId } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costOf, embeddedPrices, type PriceList, pricesOf } from "../src/index.ts";

const at = new Date("2026-09-01");

const list: PriceList = {
  source: { name: "list", version: "1", date: "2026-08-01" },
  secondSource: { name: "second", version: "2", date: "2026-07-01" },
  providers: {
    openai: [
      { id: "flat", rates: { input: 2, output: 8 }, disagrees: { input: 3 } },
      { id: "tiered", rates: { input: [1, 1000, 5], output: [2, 1000, 6] } },
      { id: "changed", rates: { input: 1, output: 1 }, changes: [{ from: "2026-06-01", rates: { input: 4, output: 4 } }] },
      { id: "nightly", rates: { input: 2, output: 2 }, changes: [{ hours: ["16:30", "00:30"], rates: { input: 1, output: 1 } }] },
      { id: "vectors", rates: { input: 0.5 } },
      { id: "spoken", rates: { inputAudio: 1 } },
      { id: "elsewhere", rates: { input: 1, output: 1 }, onlySecond: true },
    ],
  },
};
const of = (asked: string, when = at) => {
  const prices = pricesOf({ asked, provider: "openai" }, when, list);
  if ("unknown" in prices) throw new Error(prices.unknown);
  return prices;
};

describe("pricesOf", () => {
  test("gives the cost of a request that nobody has made", () => {
    const { cost, perMillion, price } = of("flat");
    expect(cost(1000, 100)).toBeCloseTo((1000 * 2 + 100 * 8) / 1e6, 15);
    expect(perMillion).toEqual({ input: 2, output: 8 });
    expect(price).toEqual({ provider: "openai", model: "flat", at: "2026-09-01T00:00:00.000Z", source: list.source });
  });

  test("takes the tier that the request's input reaches, for all of it", () => {
    const { cost } = of("tiered");
    expect(cost(1000, 10)).toBeCloseTo((1000 + 20) / 1e6, 15);
    expect(cost(1001, 10)).toBeCloseTo((1001 * 5 + 60) / 1e6, 15);
  });

  test("holds the prices of its date", () => {
    expect(of("changed", new Date("2026-05-31")).perMillion.input).toBe(1);
    expect(of("changed", new Date("2026-06-01")).perMillion.input).toBe(4);
  });

  test("says what is doubtful", () => {
    expect(of("flat").caveats).toEqual([
      "the price list is of 2026-08-01: prices may have changed since",
      "the sources disagree: second (2026-07-01) lists USD per million 3 for input",
    ]);
    expect(of("flat", new Date("2026-08-15")).caveats).toHaveLength(1);
    expect(of("nightly", new Date("2026-08-15")).caveats).toEqual(["the prices of nightly go by the hour: those of 00:00 UTC are taken"]);
    expect(of("vectors", new Date("2026-08-15")).caveats).toEqual(["the list has no price for the output of vectors: only input is priced"]);
    expect(of("elsewhere").price.source).toEqual(list.secondSource);
  });

  test("is unknown in words", () => {
    expect(pricesOf({ asked: "no-such-model", provider: "openai" }, at, list)).toEqual({ unknown: "no price for model no-such-model of openai" });
    expect(pricesOf({ asked: "spoken", provider: "openai" }, at, list)).toEqual({ unknown: "no price for the input of spoken" });
    expect(pricesOf({}, at, list)).toEqual({ unknown: "the model is not known" });
  });

  test("is what costOf says of the same call, for every model of the embedded list that charges text", () => {
    const providers = embeddedPrices().providers;
    const models = Object.entries(providers).flatMap(([provider, priced]) => priced.map(({ id }) => ({ provider, asked: id })));
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.nat(400_000), fc.nat(10_000), (model, inputTokens, outputTokens) => {
        const prices = pricesOf(model, at);
        if ("unknown" in prices || prices.perMillion.output === undefined) return;
        const call = foldCall(
          [
            { type: "call-start", model, issued: at.getTime() },
            { type: "usage", usage: { source: "provider", inputTokens, outputTokens } },
            { type: "response-end" },
          ],
          { id: newCallId(), origin: { kind: "file" } },
        );
        const costed = costOf(call);
        if ("unknown" in costed) throw new Error(costed.unknown);
        expect(prices.cost(inputTokens, outputTokens)).toBeCloseTo(costed.cost.total, 12);
        expect(prices.price).toEqual(costed.cost.price);
      }),
      { numRuns: 2000 },
    );
  });
});
