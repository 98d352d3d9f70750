import { expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { readByProvider, renderByProvider, samplingTargets } from "../src/sample/for-provider.ts";

test("each setting is taken, out of its range, or none of the API's fields", () => {
  const { settings } = readByProvider("anthropic-messages", { temperature: 1.2, topK: 40, minP: 0.05 });
  expect(settings.map(({ parameter, field, verdict }) => [parameter, field, verdict])).toEqual([
    ["temperature", "temperature", "out of range"],
    ["top_k", "top_k", "taken"],
    ["min_p", null, "not taken"],
  ]);
  expect(readByProvider("openai-chat", { logitBias: { "5": -100 } }).settings).toMatchObject([{ parameter: "logit_bias", verdict: "taken" }]);
  expect(readByProvider("openai-chat", { logitBias: { "5": -101 } }).settings).toMatchObject([{ verdict: "out of range" }]);
  expect(readByProvider("gemini", { topLogprobs: 5 }).settings).toMatchObject([{ field: "logprobs", verdict: "taken" }]);
});

test.each(samplingTargets)("%s is offered, and shown in words that fit", (target) => {
  const option = commands.find(({ name }) => name === "sample")?.options.find(({ flags }) => flags.startsWith("--for"));
  expect(option?.says).toContain(target);
  expect(option?.parse?.(target)).toBe(target);
  const lines = renderByProvider(readByProvider(target, { temperature: 0.5 }), 80).map((line) => line.map(({ text }) => text).join(""));
  expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(80);
});
