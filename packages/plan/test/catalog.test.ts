import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "../src/index.ts";
import { namesOf } from "../src/model-name.ts";

const o200k = { name: "o200k_base", exact: true };
const cl100k = { name: "cl100k_base", exact: true };
const estimate = { name: "o200k_base", exact: false };

describe("limits", () => {
  test.each([
    ["gpt-4o-2024-08-06", "openai", { contextWindow: 128_000, maxOutputTokens: 16_384, cacheMinTokens: 1_024, tokenizer: o200k }],
    ["gpt-4o-2024-05-13", "openai", { contextWindow: 128_000, maxOutputTokens: 4_096 }],
    ["gpt-4", "openai", { contextWindow: 8_192, tokenizer: cl100k }],
    ["gpt-5", "openai", { contextWindow: 400_000, maxInputTokens: 272_000, maxOutputTokens: 128_000 }],
    ["claude-sonnet-4-5-20250929", "anthropic", { contextWindow: 200_000, maxOutputTokens: 64_000, cacheMinTokens: 1_024, tokenizer: estimate }],
    ["claude-haiku-4-5", "anthropic", { cacheMinTokens: 4_096 }],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws", { contextWindow: 200_000, tokenizer: estimate }],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", undefined, { contextWindow: 200_000 }],
    ["claude-haiku-4-5@20251001", "google", { contextWindow: 200_000 }],
    ["azure/gpt-4o", undefined, { contextWindow: 128_000, tokenizer: o200k }],
    ["openai/gpt-4o", undefined, { provider: "openai", model: "gpt-4o" }],
    ["openai/gpt-oss-120b", "groq", { provider: "groq", contextWindow: 131_072, tokenizer: o200k }],
    ["ft:gpt-4o-mini-2024-07-18:acme::9", "openai", { model: "gpt-4o-mini", contextWindow: 128_000, tokenizer: o200k }],
    ["text-embedding-3-small", "openai", { tokenizer: cl100k }],
    ["grok-4", "xai", { provider: "x-ai", contextWindow: 256_000, tokenizer: estimate }],
  ])("%s at %s", (model, provider, expected) => {
    expect(catalog.find(model, provider)).toMatchObject(expected);
  });

  test("known by its price alone: no limits, and the price list as source", () => {
    const entry = catalog.find("meta-llama/Llama-3.3-70B-Instruct-Turbo", "together");
    expect(entry).toEqual({
      provider: "together",
      model: "meta-llama/llama-3.3-70b-instruct-turbo",
      tokenizer: estimate,
      source: { name: "genai-prices", date: "2026-09-23" },
    });
  });

  test("a speech model has no tokenizer of text", () => {
    expect(catalog.find("gpt-4o-mini-tts", "openai")).not.toHaveProperty("tokenizer");
  });

  test("sources that disagree are both named", () => {
    expect(catalog.find("gpt-4.1", "openai")).toMatchObject({
      contextWindow: 1_047_576,
      caveats: ["the sources disagree on the context window: LiteLLM price map (2026-07-24) 1047576, genai-prices (2026-09-23) 1000000"],
    });
  });
});

describe("a name is never another model's", () => {
  test.each([
    "gpt-9",
    "gpt",
    "gpt-4x",
    "gpt-4oo",
    "gpt-4o-mega",
    "gpt-",
    "claude",
    "claude-sonnet-4-55",
    "o",
    "o5",
    "",
    "ft:",
    "ft::x",
    "__proto__",
    "constructor",
  ])("%j is unknown", (model) => {
    expect(catalog.find(model)).toBe(undefined);
    expect(catalog.find(model, "openai")).toBe(undefined);
  });

  test("gpt-4 and gpt-4o are told apart in every spelling", () => {
    for (const name of ["gpt-4o", "gpt-4o-2024-11-20", "openai/gpt-4o", "azure/gpt-4o-2024-11-20"])
      expect(catalog.find(name)?.contextWindow).toBe(128_000);
    for (const name of ["gpt-4", "gpt-4-0613", "openai/gpt-4"]) expect(catalog.find(name)?.contextWindow).toBe(8_192);
  });

  test("namesOf takes away whole words only, and never grows long", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (name) => {
        for (const other of namesOf(name)) expect(other.length).toBeLessThanOrEqual(200);
      }),
    );
    expect(namesOf("deepseek-v3")).toEqual(["deepseek-v3"]);
    expect(namesOf("meta-llama/Llama-4-Scout")).toEqual(["meta-llama/llama-4-scout"]);
    expect(namesOf("eu.anthropic.claude-opus-4-6-v1")).toContain("claude-opus-4-6");
    expect(namesOf("gpt-4o-2024-08-06")).toEqual(["gpt-4o-2024-08-06", "gpt-4o"]);
  });
});
