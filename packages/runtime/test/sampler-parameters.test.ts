import type { LocalOptions, Parameters } from "@cutaway/core";
import type { SamplerParameter } from "@cutaway/sampling";
import { expect, test } from "vitest";
import { answerTo, ask, scripted } from "./scripted.ts";

/** Twenty letters, line break and colon, how probable by what stands before: runs come again and again, and nothing is certain. */
const letters = [..."abcdefghijklmnopqrst\n:"].map((letter) => letter.charCodeAt(0));
const dice = (ids: readonly number[]) => {
  const last = ids.at(-1) ?? 0;
  return new Map(letters.map((id, place) => [id, 3 * Math.cos(last * 7 + place * 1.3) + (place === last % 22 ? 2 : 0)]));
};
const model = () => scripted(dice);

async function written(parameters: Parameters, local: LocalOptions = {}): Promise<string> {
  const { answers, error } = await answerTo(model(), ask("abcabc:", { maxOutputTokens: 120, ...parameters }, { raw: true, ...local }));
  expect(error).toBeUndefined();
  return answers[0]?.text ?? "";
}

const seeded = { seed: 5 };
const dry = { ...seeded, dryMultiplier: 3 };
const xtc = { ...seeded, xtcProbability: 0.5 };
const mirostat = { ...seeded, mirostat: 2 };

/** For each: what is asked without it, and with it. */
const table: Record<SamplerParameter, [without: Parameters, given: Parameters]> = {
  temperature: [seeded, { temperature: 0.4 }],
  topK: [seeded, { topK: 3 }],
  topP: [seeded, { topP: 0.5 }],
  minP: [seeded, { minP: 0.5 }],
  typicalP: [seeded, { typicalP: 0.3 }],
  topNSigma: [seeded, { topNSigma: 0.5 }],
  topH: [seeded, { topH: 0.3 }],
  epsilonCutoff: [seeded, { epsilonCutoff: 0.1 }],
  etaCutoff: [seeded, { etaCutoff: 0.5 }],
  repetitionPenalty: [seeded, { repetitionPenalty: 1.5 }],
  frequencyPenalty: [seeded, { frequencyPenalty: 1 }],
  presencePenalty: [seeded, { presencePenalty: 2 }],
  noRepeatNgramSize: [seeded, { noRepeatNgramSize: 2 }],
  logitBias: [seeded, { logitBias: { "97": 5 } }],
  dryMultiplier: [seeded, { dryMultiplier: 3 }],
  dryBase: [{ ...seeded, dryMultiplier: 0.2, dryAllowedLength: 1 }, { dryBase: 40 }],
  dryAllowedLength: [dry, { dryAllowedLength: 1 }],
  dryPenaltyLastN: [dry, { dryPenaltyLastN: 8 }],
  drySequenceBreakers: [dry, { drySequenceBreakers: ["a", "e", "i", "o"] }],
  xtcProbability: [seeded, { xtcProbability: 0.5 }],
  xtcThreshold: [xtc, { xtcThreshold: 0.3 }],
  mirostat: [seeded, { mirostat: 1, mirostatTau: 1 }],
  mirostatTau: [mirostat, { mirostatTau: 1 }],
  mirostatEta: [{ ...mirostat, mirostatTau: 2 }, { mirostatEta: 0.9 }],
  seed: [seeded, { seed: 6 }],
};

test.each(Object.entries(table))("%s changes the answer", async (_, [without, given]) => {
  const before = await written(without);
  expect(before).toBe(await written(without));
  expect(await written({ ...without, ...given })).not.toBe(before);
});

const penalties = { ...seeded, frequencyPenalty: 1 };
const cuts = { ...seeded, temperature: 2, topP: 0.6 };
const localTable: [name: string, parameters: Parameters, local: LocalOptions][] = [
  ["penaltyScope", penalties, { penaltyScope: "all" }],
  ["repetitionWindow", penalties, { repetitionWindow: 4 }],
  ["samplerOrder", cuts, { samplerOrder: ["top_p", "temperature"] }],
  ["samplerPreset", cuts, { samplerPreset: "llama.cpp" }],
  ["schedules", seeded, { schedules: { temperature: "linear:2:0.2:60" } }],
];

test.each(localTable)("local.%s changes the answer", async (_, parameters, local) => {
  expect(await written(parameters, local)).not.toBe(await written(parameters));
});

test.each<[string, Parameters, LocalOptions?]>([
  ["option-without-effect", { temperature: 0, seed: 1 }],
  ["option-without-effect", { dryBase: 2 }],
  ["option-without-effect", { xtcThreshold: 0.2 }],
  ["option-without-effect", { mirostatTau: 3 }],
  ["option-without-effect", { temperature: 0.5 }, { penaltyScope: "all" }],
  ["option-without-effect", { minP: 0.1, noRepeatNgramSize: 2 }, { samplerPreset: "llama.cpp" }],
  ["option-without-effect", { mirostat: 2, topK: 40 }, { samplerPreset: "llama.cpp" }],
  ["option-without-effect", { typicalP: 0.5 }, { samplerPreset: "vllm" }],
  ["option-without-effect", { temperature: 0.5 }, { schedules: { temperature: "constant:1" } }],
  ["unknown-preset", {}, { samplerPreset: "mine" }],
  ["invalid-schedule", {}, { schedules: { temperature: "linear:1" } }],
  ["invalid-schedule", {}, { schedules: { mirostat: "constant:1" } }],
  ["mirostat-not-last", { mirostat: 2, topK: 5 }, { samplerOrder: ["mirostat", "top_k"] }],
  ["invalid-parameter", { logitBias: { x: 1 } }],
  ["invalid-parameter", { logitBias: { "99999": 1 } }],
])("%s: %j %j", async (code, parameters, local = {}) => {
  const outcome = answerTo(model(), ask("abc", { maxOutputTokens: 3, ...parameters }, { raw: true, ...local })).then(({ error }) => {
    throw error;
  });
  await expect(outcome).rejects.toMatchObject({ code });
});

test("each answer to one prompt begins as if it were the only one: Mirostat forgets", async () => {
  const parameters = { mirostat: 2, mirostatTau: 2, seed: 9, maxOutputTokens: 40 };
  const both = await answerTo(model(), ask("abc", { ...parameters, n: 2 }));
  const second = await answerTo(model(), ask("abc", { ...parameters, seed: 10 }));
  expect(both.answers[1]?.text).toBe(second.answers[0]?.text);
});
