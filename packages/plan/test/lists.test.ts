import { readFileSync } from "node:fs";
import type { JsonValue } from "@cutaway/core";
import { testData } from "@cutaway/core/testing";
import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import { catalog, costOf, embeddedPrices, priceListFromGenaiPrices } from "../src/index.ts";
import { callWith } from "./calls.ts";

const folder = testData("prices");

describe("the embedded prices", () => {
  const { source, secondSource, providers } = embeddedPrices();

  test("name their sources, versions and dates", () => {
    for (const { name, version, date } of [source, secondSource ?? source]) {
      expect([name, version].every((text) => text.length > 0)).toBe(true);
      expect(date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    }
  });

  test("price every model that its source names as the source's own evaluator does", () => {
    const at = new Date("2026-10-01T12:00:00Z");
    const usage = { inputTokens: 250_000, cacheReadTokens: 50_000, outputTokens: 1_000 };
    const different: string[] = [];
    let compared = 0;
    for (const id of Object.keys(providers)) {
      const provider = findProvider({ providerId: id });
      for (const model of provider?.models ?? []) {
        const theirs = calcPrice(
          { input_tokens: usage.inputTokens, cache_read_tokens: usage.cacheReadTokens, output_tokens: usage.outputTokens },
          model.id,
          { providerId: id, timestamp: at },
        );
        // A model whose id an earlier rule claims cannot be asked for by its id.
        if (!theirs || theirs.model.id !== model.id || theirs.total_price === 0 || provider?.id !== id) continue;
        compared += 1;
        const ours = costOf(callWith({ model: { provider: id, served: model.id }, usage }), { at });
        if ("unknown" in ours || Math.abs(ours.cost.total - theirs.total_price) > 1e-9) different.push(`${id} ${model.id}`);
      }
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(950);
  });
});

describe.skipIf(!folder)("the embedded limits", () => {
  test("are those of the source, for every model of OpenAI and Anthropic by any of its names", () => {
    const map = JSON.parse(readFileSync(`${folder}/litellm/model_prices_and_context_window.json`, "utf8")) as Record<
      string,
      { [field: string]: unknown }
    >;
    const different: unknown[] = [];
    let compared = 0;
    for (const [name, entry] of Object.entries(map)) {
      const provider = entry.litellm_provider;
      if ((provider !== "openai" && provider !== "anthropic") || !["chat", "responses"].includes(String(entry.mode)) || !entry.max_input_tokens)
        continue;
      // A fine-tune has the limits of its base, whatever the list says of it.
      if (/^(?:us|eu|global)\/|^ft:/.test(name)) continue;
      compared += 1;
      const found = catalog.find(name, provider);
      const asked = [entry.max_input_tokens, entry.max_output_tokens];
      const ours = [found?.maxInputTokens ?? found?.contextWindow, found?.maxOutputTokens];
      if (asked.join() !== ours.join()) different.push([name, asked, ours]);
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });
});

describe("reading a list of genai-prices", () => {
  const source = { name: "genai-prices", version: "test", date: "2026-01-01" };
  const read = (data: unknown) => priceListFromGenaiPrices(data as JsonValue, source);
  const provider = (prices: unknown, match: unknown = { equals: "m" }) => [{ id: "openai", models: [{ id: "m", match, prices }] }];

  test.each([
    ["the top level is not an array of providers", {}],
    ["a provider has no id or no models", [{ id: 3 }]],
    ["a model has no id", [{ id: "openai", models: [{}] }]],
    ["m has no prices", provider(undefined)],
    ["m has a price that is neither a number nor tiers", provider({ input_mtok: -1 })],
    ["m has a price that is neither a number nor tiers", provider({ input_mtok: Number.NaN })],
    ["m has a tier without start or price", provider({ input_mtok: { base: 1, tiers: [{ start: 5 }] } })],
    ["m has a price whose condition is not understood", provider([{ prices: { input_mtok: 1 }, constraint: { moon: "full" } }])],
  ])("%s", (says, data) => {
    expect(() => read(data)).toThrow(
      expect.objectContaining({ code: "not-a-price-list", message: `this is not a price list of genai-prices: ${says}` }),
    );
  });

  test("a loose rule takes the name alone or with a date, not what only begins like it", () => {
    const prices = read(provider({ input_mtok: 1 }, { starts_with: "gpt-x" }));
    const price = (served: string) => costOf(callWith({ model: { provider: "openai", served }, usage: { inputTokens: 1_000_000 } }), { prices });
    expect(price("gpt-x")).toMatchObject({ cost: { total: 1 } });
    expect(price("gpt-x-2026-01-01")).toMatchObject({ cost: { total: 1, caveats: [expect.stringContaining("no date")] } });
    expect(price("gpt-xl")).toEqual({ unknown: "no price for model gpt-xl of openai" });
    expect(price("gpt-x-large")).toEqual({ unknown: "no price for model gpt-x-large of openai" });
  });
});
