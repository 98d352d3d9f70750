import { calcPrice } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costOf, inputPrice } from "../src/index.ts";
import { callWith, on } from "./calls.ts";

const openai = { provider: "openai", served: "gpt-4o-2024-08-06" };
const anthropic = { provider: "anthropic", served: "claude-sonnet-4-5-20250929" };

function cost(...args: Parameters<typeof costOf>) {
  const result = costOf(...args);
  if ("unknown" in result) throw new Error(result.unknown);
  return result.cost;
}

function unknown(...args: Parameters<typeof costOf>) {
  const result = costOf(...args);
  if ("cost" in result) throw new Error(`it costs ${result.cost.total}`);
  return result.unknown;
}

describe("the arithmetic", () => {
  test("every token stands in one line, priced per million", () => {
    const call = callWith({
      model: { provider: "anthropic", served: "claude-opus-4-5-20251101" },
      usage: {
        inputTokens: 10_000,
        cacheReadTokens: 6_000,
        cacheWriteTokens: 3_000,
        cacheWrite5mTokens: 2_000,
        cacheWrite1hTokens: 1_000,
        outputTokens: 500,
        reasoningTokens: 200,
        webSearches: 2,
      },
      instants: on("2026-08-15"),
    });
    expect(cost(call).lines.map(({ what, units, per }) => [what, units, per])).toEqual([
      ["uncached input", 1_000, 5],
      ["cache read", 6_000, 0.5],
      ["cache write, 5 minutes", 2_000, 6.25],
      ["cache write, 1 hour", 1_000, 10],
      ["output", 300, 25],
      ["reasoning, charged as output", 200, 25],
      ["web searches", 2, 10_000],
    ]);
    expect(cost(call)).toMatchObject({ input: 0.0305, output: 0.0125, total: 0.063 });
  });

  test("a tier is a cliff: one token more and the whole call costs the upper price", () => {
    const at = (inputTokens: number) => cost(callWith({ model: anthropic, usage: { inputTokens, outputTokens: 1_000 }, instants: on("2026-08-15") }));
    expect(at(200_000).lines.map(({ per }) => per)).toEqual([3, 15]);
    expect(at(200_001).lines.map(({ per }) => per)).toEqual([6, 22.5]);
    expect(at(1_000_000).total).toBeCloseTo(6 + 0.0225, 12);
    expect(at(200_001).caveats).toEqual(["200001 input tokens are more than 200000: the whole call is priced at the long-context rate"]);
  });

  test("a model that only the second source has: prices by ranges of input, and that source named", () => {
    const at = (inputTokens: number) =>
      cost(callWith({ model: { provider: "alibaba", served: "qwen3-max" }, usage: { inputTokens, outputTokens: 1 }, instants: on("2026-08-15") }));
    expect([32_000, 32_001, 128_001].map((tokens) => at(tokens).lines.map(({ per }) => per))).toEqual([
      [1.2, 6],
      [2.4, 12],
      [3, 15],
    ]);
    expect(at(1).price.source.name).toBe("LiteLLM price map");
  });

  test("audio has its own price, and leaves the text line", () => {
    const call = callWith({
      model: { provider: "openai", served: "gpt-audio" },
      usage: { inputTokens: 100, inputAudioTokens: 60, outputTokens: 50, outputAudioTokens: 40 },
      instants: on("2026-08-15"),
    });
    expect(cost(call).lines.map(({ what, units, per }) => [what, units, per])).toEqual([
      ["uncached input", 40, 2.5],
      ["audio input", 60, 32],
      ["output", 10, 10],
      ["audio output", 40, 64],
    ]);
  });

  test("what the list has no price for is charged as what it is part of, and said", () => {
    const call = callWith({
      model: { provider: "openai", served: "gpt-5-pro" },
      usage: { inputTokens: 100, cacheReadTokens: 80, outputTokens: 1 },
      instants: on("2026-08-15"),
    });
    expect(cost(call).lines[0]).toMatchObject({ what: "uncached input", units: 100 });
    expect(cost(call).caveats).toContain("the list has no price for cache reads: 80 tokens are charged as uncached input");
  });
});

describe("the price is that of the call's own time", () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 0 };
  const o3 = { provider: "openai", served: "o3-2025-04-16" };

  test("a dated change", () => {
    expect(cost(callWith({ model: o3, usage, instants: on("2025-06-09T23:59:59Z") })).total).toBe(10);
    expect(cost(callWith({ model: o3, usage, instants: on("2025-06-10") })).total).toBe(2);
  });

  test("a time of day", () => {
    const deepseek = { provider: "deepseek", served: "deepseek-chat" };
    const at = (time: string) => cost(callWith({ model: deepseek, usage, instants: on(`2026-08-15T${time}Z`) })).total;
    expect([at("00:29:59"), at("00:30:00"), at("16:29:59"), at("16:30:00")]).toEqual([0.135, 0.27, 0.27, 0.135]);
  });

  test("issued before created before the caller's date before the list's date", () => {
    const created = { created: Date.parse("2025-06-01") / 1000 };
    expect(cost(callWith({ model: o3, usage, instants: on("2025-07-01"), response: created })).price.at).toBe("2025-07-01T00:00:00.000Z");
    expect(cost(callWith({ model: o3, usage, response: created }), { at: new Date("2025-07-01") }).price.at).toBe("2025-06-01T00:00:00.000Z");
    expect(cost(callWith({ model: o3, usage }), { at: new Date("2025-05-01") }).price.at).toBe("2025-05-01T00:00:00.000Z");
    const undatedCost = cost(callWith({ model: o3, usage }));
    expect(undatedCost.price.at.slice(0, 10)).toBe(undatedCost.price.source.date);
    expect(undatedCost.caveats).toEqual([`the call has no date: priced at the date of the list, ${undatedCost.price.source.date}`]);
  });

  test("a call much younger than the list says so", () => {
    expect(cost(callWith({ model: o3, usage, instants: on("2027-01-01") })).caveats[0]).toMatch(/^the call is 100 days younger than the price list/);
  });

  test("a hostile date is no date", () => {
    expect(cost(callWith({ model: o3, usage, response: { created: 1e300 } })).caveats[0]).toMatch(/^the call has no date/);
  });
});

describe("unknown stays unknown", () => {
  const usage = { inputTokens: 1, outputTokens: 1 };
  test.each([
    ["no price for model gpt-9 of openai", callWith({ model: { provider: "openai", served: "gpt-9" }, usage })],
    ["no price for model gpt-4o-ultra of openai", callWith({ model: { provider: "openai", served: "gpt-4o-ultra" }, usage })],
    ["no price for model claude-sonnet-4-50 of anthropic", callWith({ model: { provider: "anthropic", served: "claude-sonnet-4-50" }, usage })],
    ["the model is not known", callWith({ usage })],
    ["no usage reported", callWith({ model: openai, usage: {} })],
    ["no output tokens reported", callWith({ model: openai, usage: { inputTokens: 3 } })],
    ["no input tokens reported", callWith({ model: openai, usage: { outputTokens: 3 } })],
    ["no usage reported: the answer was not seen to its end", callWith({ model: openai, usage: {}, ending: "cut" })],
    ["no usage reported: there is no answer", callWith({ model: openai, usage: {}, ending: "none" })],
  ])("%s", (says, call) => {
    expect(unknown(call)).toBe(says);
  });

  test("a provider without a list", () => {
    expect(unknown(callWith({ model: { provider: "acme", served: "gpt-4o" }, usage }))).toMatch(/^no prices for provider acme in genai-prices/);
  });

  test("names that look like parts of an object", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(unknown(callWith({ model: { provider: name, served: name }, usage }))).toContain("no prices for provider");
      expect(unknown(callWith({ model: { served: name }, usage }))).toContain("no price for model");
    }
  });

  test("a speech model priced by the minute is not free", () => {
    expect(unknown(callWith({ model: { provider: "openai", served: "whisper-1" }, usage }))).toContain("no price for model whisper-1");
  });
});

describe("which model is priced", () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 0 };
  const price = (model: object) => {
    const { total, caveats, price } = cost(callWith({ model, usage, instants: on("2026-08-15") }));
    return { total, caveats, provider: price.provider, model: price.model };
  };

  test("a dated version with its own price, one without, one unheard of", () => {
    expect(price({ provider: "openai", served: "gpt-4o-2024-05-13" })).toMatchObject({ total: 5, caveats: [] });
    expect(price({ provider: "openai", served: "gpt-4o-2024-08-06" })).toMatchObject({ total: 2.5, caveats: [] });
    expect(price({ provider: "openai", served: "gpt-4o-2031-01-01" })).toMatchObject({
      total: 2.5,
      caveats: ["the list names gpt-4o, not the dated version gpt-4o-2031-01-01: their prices can differ"],
    });
  });

  test("a fine-tune is not its base", () => {
    expect(price({ provider: "openai", served: "ft:gpt-4o-mini-2024-07-18:acme::9" }).total).toBe(0.3);
    expect(price({ provider: "openai", served: "gpt-4o-mini-2024-07-18" }).total).toBe(0.15);
  });

  test("Bedrock's regional and global names cost differently, and are Bedrock's whoever is said to have answered", () => {
    expect(price({ provider: "aws", served: "us.anthropic.claude-haiku-4-5-20251001-v1:0" }).total).toBe(1.1);
    expect(price({ provider: "bedrock", served: "global.anthropic.claude-haiku-4-5-20251001-v1:0" }).total).toBe(1);
    expect(price({ provider: "anthropic", served: "anthropic.claude-haiku-4-5-20251001-v1:0" })).toMatchObject({ total: 1.1, provider: "aws" });
  });

  test("Azure charges what OpenAI charges, where the list has no price of its own", () => {
    expect(price({ provider: "azure", served: "gpt-5.6-luna" })).toMatchObject({
      total: 0.4,
      provider: "azure",
      caveats: expect.arrayContaining(["azure has no price of its own in the list: priced as openai charges"]),
    });
  });

  test("without a provider the vendor's price is a guess, and says so", () => {
    expect(price({ served: "claude-haiku-4-5" })).toMatchObject({
      total: 1,
      provider: "anthropic",
      caveats: ["provider not known: priced as if called at anthropic"],
    });
  });

  test("a gateway's name is priced as the vendor's, and says so", () => {
    expect(price({ served: "openai/gpt-4o" })).toMatchObject({
      total: 2.5,
      caveats: ["openai/gpt-4o is the name that a gateway uses: priced as openai charges for gpt-4o"],
    });
  });

  test("where the answer's name is unknown, the name asked for", () => {
    expect(price({ provider: "openai", asked: "gpt-4o", served: "prod-7" })).toMatchObject({
      total: 2.5,
      caveats: ["prod-7 has no price: priced as gpt-4o, which was asked for"],
    });
  });

  test("where the sources disagree, both are named", () => {
    const { caveats } = price({ provider: "mistral", served: "mistral-large-latest" });
    expect(caveats).toEqual(["the sources disagree: LiteLLM price map (2026-07-24) lists USD per million 0.5 for input and 1.5 for output"]);
  });
});

describe("service tiers", () => {
  const usage = { inputTokens: 1_000_000, cacheReadTokens: 400_000, outputTokens: 100_000 };
  const at = (served: string, serviceTier?: string) =>
    callWith({ model: { provider: "openai", served }, usage, instants: on("2026-08-15"), response: serviceTier ? { serviceTier } : {} });

  test("flex and priority have prices of their own, from the second source", () => {
    expect(cost(at("gpt-5", "default")).total).toBeCloseTo(0.6 * 1.25 + 0.4 * 0.125 + 1, 12);
    expect(cost(at("gpt-5", "flex")).total).toBeCloseTo(0.6 * 0.625 + 0.4 * 0.0625 + 0.5, 12);
    expect(cost(at("gpt-5", "priority")).total).toBeCloseTo(0.6 * 2.5 + 0.4 * 0.25 + 2, 12);
    expect(cost(at("gpt-5", "flex")).price.source.name).toBe("LiteLLM price map");
    expect(cost(at("gpt-5", "flex")).caveats).toEqual(["service tier flex"]);
  });

  test("a tier without a price is standard, and says so", () => {
    expect(cost(at("gpt-4o", "flex")).caveats).toContain("service tier flex has no price in the list: priced as standard");
    expect(cost(at("gpt-5", "scale")).caveats).toContain("service tier scale has no price in the list: priced as standard");
    expect(cost(at("gpt-5", "__proto__")).caveats).toContain("service tier __proto__ has no price in the list: priced as standard");
  });

  test("a tier price of before a change of price is not used after it", () => {
    expect(cost(at("gpt-5.6-luna", "flex")).caveats).toContain("service tier flex has no price in the list: priced as standard");
  });

  test("asked for, and the answer does not say", () => {
    const call = at("gpt-5");
    const asked = {
      ...call,
      request: { format: "openai-chat" as const, model: "gpt-5", messages: [], tools: [], parameters: { serviceTier: "flex" }, notUnderstood: [] },
    };
    expect(cost(asked).caveats).toEqual(["service tier flex was asked for, the answer does not say which one it was: priced as standard"]);
  });
});

test("an estimate of tokens and a cut answer leave a caveat", () => {
  const usage = { inputTokens: 1, outputTokens: 1 };
  const caveats = (fields: object) => cost(callWith({ model: openai, usage, instants: on("2026-08-15"), ...fields })).caveats;
  expect(caveats({ usage: { ...usage, source: "chunks" } })[0]).toMatch(/^tokens estimated from the number of chunks/);
  expect(caveats({ ending: "cut" })[0]).toMatch(/^the answer was not seen to its end/);
  expect(caveats({ usage: { ...usage, raw: { inference_geo: "us" } } })[0]).toMatch(/^inference_geo us/);
});

test("inputPrice: uncached input, at a date", () => {
  expect(inputPrice(openai, new Date("2026-08-15"))).toBe(2.5);
  expect(inputPrice({ provider: "openai", served: "o3" }, new Date("2025-06-01"))).toBe(10);
  expect(inputPrice({ served: "gpt-9" }, new Date("2026-08-15"))).toBe(undefined);
});

describe("properties", () => {
  const models = fc.constantFrom(
    ...["gpt-4o", "gpt-5.4", "gpt-5-mini", "gpt-5.6-sol", "o3"].map((served) => ({ provider: "openai", served })),
    ...["claude-sonnet-4-5", "claude-opus-4-6", "claude-haiku-4-5", "claude-sonnet-5"].map((served) => ({ provider: "anthropic", served })),
  );
  const usages = fc
    .record({
      plain: fc.nat(400_000),
      cacheReadTokens: fc.nat(200_000),
      cacheWrite5mTokens: fc.nat(100_000),
      cacheWrite1hTokens: fc.nat(100_000),
      outputTokens: fc.nat(100_000),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      webSearches: fc.nat(5),
    })
    .map(({ plain, share, ...usage }) => {
      const cacheWriteTokens = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
      return {
        ...usage,
        cacheWriteTokens,
        inputTokens: plain + usage.cacheReadTokens + cacheWriteTokens,
        reasoningTokens: Math.floor(usage.outputTokens * share),
      };
    });
  const dates = fc.date({ min: new Date("2025-01-01"), max: new Date("2026-12-31"), noInvalidDate: true });

  test("the total is the sum of the lines, each line its arithmetic, and every token is in one", () => {
    fc.assert(
      fc.property(models, usages, dates, (model, usage, at) => {
        const { total, input, output, lines } = cost(callWith({ model, usage }), { at });
        expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(total, 9);
        for (const { units, per, amount } of lines) expect(amount).toBe((units * per) / 1_000_000);
        const searches = lines.filter(({ count }) => count === "webSearches").reduce((sum, { amount }) => sum + amount, 0);
        expect(input + output + searches).toBeCloseTo(total, 9);
        const tokens = lines.filter(({ count }) => count !== "webSearches").reduce((sum, { units }) => sum + units, 0);
        expect(tokens).toBe(usage.inputTokens + usage.outputTokens);
      }),
    );
  });

  test("more of anything never costs less", () => {
    fc.assert(
      fc.property(
        models,
        usages,
        dates,
        fc.nat(100_000),
        fc.constantFrom("inputTokens", "outputTokens", "webSearches"),
        (model, usage, at, more, what) => {
          const before = cost(callWith({ model, usage }), { at }).total;
          const after = cost(callWith({ model, usage: { ...usage, [what]: usage[what as keyof typeof usage] + more } }), { at }).total;
          expect(after).toBeGreaterThanOrEqual(before - 1e-12);
        },
      ),
    );
  });

  test("equals the list's own evaluator, on its own data", () => {
    fc.assert(
      fc.property(models, usages, dates, (model, usage, at) => {
        const ours = cost(callWith({ model, usage }), { at });
        const theirs = calcPrice(
          {
            input_tokens: usage.inputTokens,
            cache_read_tokens: usage.cacheReadTokens,
            cache_write_tokens: usage.cacheWriteTokens,
            cache_write_1h_tokens: usage.cacheWrite1hTokens,
            output_tokens: usage.outputTokens,
            web_searches: usage.webSearches,
          },
          model.served,
          { providerId: model.provider, timestamp: at },
        );
        expect(ours.input).toBeCloseTo(theirs?.input_price ?? Number.NaN, 9);
        expect(ours.output).toBeCloseTo(theirs?.output_price ?? Number.NaN, 9);
        expect(ours.total).toBeCloseTo(theirs?.total_price ?? Number.NaN, 9);
      }),
    );
  });
});
