import { readFileSync } from "node:fs";
import { type Call, foldCall, type JsonObject, type JsonValue, newCallId, type UsageCount, type WireFormat } from "@cutaway/core";
import { testData } from "@cutaway/core/testing";
import { costOf, embeddedPrices, priceListFromGenaiPrices } from "@cutaway/plan";
import { codecs } from "@cutaway/provider";
import { describe, expect, test } from "vitest";

/**
 * Recorded usage of OpenAI and Anthropic, from the body through codec and fold to the cost, against the expectations recorded with it.
 * The expected counts are by flavour: `input_tokens` is the whole input, cached tokens included, and `output_tokens` includes reasoning.
 */
interface UsageCase {
  model: string;
  body: { model?: string; usage: JsonObject };
  extracted: { usage: { [unit: string]: number }; extractors: Expected[] }[];
}

interface Expected {
  provider_id: string;
  api_flavor: string;
  input_price?: string;
  output_price?: string;
}

const flavours: { [provider_flavour: string]: WireFormat } = {
  "openai chat": "openai-chat",
  "openai responses": "openai-responses",
  "anthropic default": "anthropic-messages",
  "anthropic chat": "openai-chat",
};

/** The smallest body of each format that carries a model and usage. */
const bodies: { [format in WireFormat]: (model: string, usage: JsonObject) => JsonObject } = {
  "openai-chat": (model, usage) => ({
    object: "chat.completion",
    model,
    choices: [{ index: 0, message: { role: "assistant", content: "" }, finish_reason: "stop" }],
    usage,
  }),
  "openai-responses": (model, usage) => ({ object: "response", status: "completed", model, output: [], usage }),
  "anthropic-messages": (model, usage) => ({ type: "message", role: "assistant", model, content: [], stop_reason: "end_turn", usage }),
};

/** The expectations of Anthropic's chat flavour (its OpenAI-compatible endpoint) hold the first two only. */
const units: { [count in UsageCount]?: string } = {
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  cacheReadTokens: "cache_read_tokens",
  cacheWriteTokens: "cache_write_tokens",
  cacheWrite5mTokens: "cache_write_5m_tokens",
  cacheWrite1hTokens: "cache_write_1h_tokens",
  reasoningTokens: "output_reasoning_tokens",
  inputAudioTokens: "input_audio_tokens",
  outputAudioTokens: "output_audio_tokens",
  inputImageTokens: "input_image_tokens",
  webSearches: "web_searches",
};

const folder = testData("prices");

describe.skipIf(!folder)("the recorded usage cases of openai and anthropic", () => {
  const cases = folder ? readCases(folder) : [];

  test("usage equals the expected counts in all of them", () => {
    const different: unknown[] = [];
    for (const { provider, format, model, usage, expected } of cases) {
      const call = read(provider, format, model, usage);
      const compared = provider === "anthropic" && format === "openai-chat" ? Object.entries(units).slice(0, 2) : Object.entries(units);
      const ours = compared.map(([count, unit]) => [unit, call.usage[count as UsageCount] ?? 0]);
      const theirs = compared.map(([, unit]) => [unit, expected[unit] ?? 0]);
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push({ provider, format, model, usage, ours, theirs });
    }
    expect(different).toEqual([]);
    expect(cases.length).toBe(1_066);
  });

  test.each(["the list they were recorded with", "the embedded list"])("cost equals the expected price to 1e-9 at 2026-08-15, with %s", (which) => {
    const prices = which === "the embedded list" ? embeddedPrices() : recordedList(folder ?? "");
    let compared = 0;
    for (const { provider, format, model, usage, input, output } of cases) {
      if (input === undefined) continue;
      const result = costOf(read(provider, format, model, usage), { at: new Date("2026-08-15"), prices });
      if ("unknown" in result) throw new Error(`${provider} ${model}: ${result.unknown}`);
      expect(Math.abs(result.cost.input - input), `input of ${provider} ${model}`).toBeLessThan(1e-9);
      expect(Math.abs(result.cost.output - (output ?? 0)), `output of ${provider} ${model}`).toBeLessThan(1e-9);
      compared += 1;
    }
    expect(compared).toBe(378);
  });
});

function readCases(path: string) {
  const all = JSON.parse(readFileSync(`${path}/usage-cases.dev.json`, "utf8")) as UsageCase[];
  return all.flatMap(({ model, body, extracted }) =>
    extracted.flatMap(({ usage: expected, extractors }) =>
      extractors.flatMap((extractor) => {
        const format = flavours[`${extractor.provider_id} ${extractor.api_flavor}`];
        if (!format) return [];
        return {
          provider: extractor.provider_id,
          format,
          model,
          usage: body.usage,
          expected: { ...expected, ...mistralCache(body.usage) } as { [unit: string]: number },
          input: extractor.input_price === undefined ? undefined : Number(extractor.input_price),
          output: extractor.output_price === undefined ? undefined : Number(extractor.output_price),
        };
      }),
    ),
  );
}

/** Mistral's spelling of cached tokens, which the expectations do not read; we do, since a chat body does not say who sent it. */
function mistralCache(usage: JsonObject): { cache_read_tokens?: number } {
  const cached = usage.num_cached_tokens;
  return typeof cached === "number" && cached > 0 ? { cache_read_tokens: cached } : {};
}

function read(provider: string, format: WireFormat, model: string, usage: JsonObject): Call {
  const events = codecs[format].decodeResponse(bodies[format](model, usage));
  return foldCall([{ type: "call-start", model: { provider }, format }, ...events], { id: newCallId(), origin: { kind: "file" } });
}

function recordedList(path: string) {
  const data = JSON.parse(readFileSync(`${path}/genai-prices/data.json`, "utf8")) as JsonValue;
  return priceListFromGenaiPrices(data, { name: "genai-prices", version: "47df840a", date: "2026-08-21" });
}
