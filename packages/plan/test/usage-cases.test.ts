import { readFileSync } from "node:fs";
import { type JsonValue, newCallId, type Usage } from "@cutaway/core";
import { testData } from "@cutaway/core/testing";
import { describe, expect, test } from "vitest";
import { costOf, embeddedPrices, priceListFromGenaiPrices } from "../src/index.ts";

interface UsageCase {
  model: string;
  extracted: {
    usage: { [unit: string]: number };
    extractors: { provider_id: string; api_flavor: string; input_price?: string; output_price?: string }[];
  }[];
}

const folder = testData("prices");
const at = new Date("2026-08-15");

describe.skipIf(!folder)("the recorded usage cases of openai and anthropic, at 2026-08-15", () => {
  const cases = folder ? casesOf(JSON.parse(readFileSync(`${folder}/usage-cases.dev.json`, "utf8")) as UsageCase[]) : [];
  const lists = {
    "the list they were made with": () =>
      priceListFromGenaiPrices(JSON.parse(readFileSync(`${folder}/genai-prices/data.json`, "utf8")) as JsonValue, {
        name: "genai-prices",
        version: "47df840a",
        date: "2026-08-21",
      }),
    "the embedded list": embeddedPrices,
  };
  test.each(Object.entries(lists))("cost as expected, to 1e-9, with %s", (_, list) => {
    const prices = list();
    let priced = 0;
    for (const { provider, model, usage, input, output } of cases) {
      const result = costOf(
        {
          id: newCallId(),
          origin: { kind: "file" },
          model: { provider, served: model },
          answers: [],
          usage,
          instants: {},
          ending: "complete",
          notices: [],
        },
        { at, prices },
      );
      if (input === undefined) continue;
      priced += 1;
      if ("unknown" in result) throw new Error(`${provider} ${model}: ${result.unknown}`);
      expect(Math.abs(result.cost.input - input), `input of ${provider} ${model}`).toBeLessThan(1e-9);
      expect(Math.abs(result.cost.output - (output ?? 0)), `output of ${provider} ${model}`).toBeLessThan(1e-9);
    }
    expect(priced).toBe(378);
  });

  test("no price of that provider where none is expected, except under a gateway's name, with a caveat", () => {
    const prices = lists["the list they were made with"]();
    const wrong = cases.filter(({ provider, model, usage, input }) => {
      const result = costOf(
        {
          id: newCallId(),
          origin: { kind: "file" },
          model: { provider, served: model },
          answers: [],
          usage,
          instants: {},
          ending: "complete",
          notices: [],
        },
        { at, prices },
      );
      if (input !== undefined || "unknown" in result || result.cost.price.provider !== provider) return false;
      return !result.cost.caveats.some((caveat) => caveat.includes("is the name that a gateway uses"));
    });
    expect(wrong.map(({ provider, model }) => `${provider} ${model}`)).toEqual([]);
  });
});

function casesOf(all: UsageCase[]) {
  return all.flatMap(({ model, extracted }) =>
    extracted.flatMap(({ usage, extractors }) =>
      extractors
        .filter(
          ({ provider_id, api_flavor }) => ["openai", "anthropic"].includes(provider_id) && ["chat", "responses", "default"].includes(api_flavor),
        )
        .map((expected) => ({
          provider: expected.provider_id,
          model,
          usage: toUsage(usage),
          input: expected.input_price === undefined ? undefined : Number(expected.input_price),
          output: expected.output_price === undefined ? undefined : Number(expected.output_price),
        })),
    ),
  );
}

function toUsage(units: { [unit: string]: number }): Usage {
  const names = {
    input_tokens: "inputTokens",
    output_tokens: "outputTokens",
    cache_read_tokens: "cacheReadTokens",
    cache_write_tokens: "cacheWriteTokens",
    cache_write_5m_tokens: "cacheWrite5mTokens",
    cache_write_1h_tokens: "cacheWrite1hTokens",
    output_reasoning_tokens: "reasoningTokens",
    input_audio_tokens: "inputAudioTokens",
    output_audio_tokens: "outputAudioTokens",
    input_image_tokens: "inputImageTokens",
    web_searches: "webSearches",
  } as const;
  const usage: Usage = { source: "provider" };
  for (const [unit, name] of Object.entries(names)) if (units[unit] !== undefined) usage[name] = units[unit];
  return usage;
}
