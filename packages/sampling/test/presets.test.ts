import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, type PresetName, presets, processLogits, providerSemantics, ranges, type SamplerParameters } from "../src/index.ts";
import { slowStages } from "./slow-sampler.ts";

const logitsOf = (seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: 80 }, () => 8 * (random() - 0.5));
};

/** The same as the golden vectors of `vllm.test.ts` hold, over many more inputs: its rules written down again with whole sorts. */
test("vllm: its order, and what its penalties count", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.nat(79), { maxLength: 12 }),
      fc.array(fc.nat(79), { maxLength: 12 }),
      fc.record({
        repetitionPenalty: fc.constantFrom(1.1, 1.5),
        frequencyPenalty: fc.constantFrom(0.3, 1),
        presencePenalty: fc.constantFrom(-0.4, 0.6),
        temperature: fc.constantFrom(0.5, 1.6),
        minP: fc.constantFrom(0.02, 0.2),
        topK: fc.integer({ min: 2, max: 30 }),
        topP: fc.constantFrom(0.35, 0.81, 0.97),
        logitBias: fc.constant({ "3": 1.5, "9": -2 }),
      }),
      (seed, prompt, answer, parameters: SamplerParameters) => {
        const given = logitsOf(seed);
        let expected: Float32Array = given;
        for (const stage of ["logit_bias", "repetition_penalty", "frequency_penalty", "presence_penalty", "temperature", "min_p", "top_k", "top_p"]) {
          expected = slowStages[stage]?.(expected, { parameters, history: [...prompt, ...answer], answer }) as Float32Array;
        }
        const ours = processLogits(given, [...prompt, ...answer], parameters, { preset: "vllm" }, { answerStart: prompt.length });
        expect(ours).toEqual(expected);
      },
    ),
  );
});

test("vllm takes a temperature below 0.00001 for 0", () => {
  expect(createSampler({ temperature: 1e-6 }, { preset: "vllm" }).greedy).toBe(true);
  expect(createSampler({ temperature: 1e-6 }).greedy).toBe(false);
});

test("the same numbers mean different things in each", () => {
  const parameters = { temperature: 1.8, topK: 20, topP: 0.9, minP: 0.1 };
  const kept = (preset: PresetName) => processLogits(logitsOf(1), [], parameters, { preset }).filter((score) => score > -Infinity).length;
  expect(createSampler(parameters, { preset: "transformers" }).order).toEqual(["temperature", "top_k", "top_p", "min_p"]);
  expect(createSampler(parameters, { preset: "llama.cpp" }).order).toEqual(["top_k", "top_p", "min_p", "temperature"]);
  expect(createSampler(parameters, { preset: "vllm" }).order).toEqual(["temperature", "min_p", "top_k", "top_p"]);
  expect(kept("llama.cpp")).toBeLessThan(kept("transformers"));
});

test("llama.cpp keeps exactly k of equal tokens, the others all that are equal to the k-th", () => {
  const given = Float32Array.of(1, 3, 2, 2, 2, 0);
  const kept = (preset: PresetName) =>
    [...processLogits(given, [], { topK: 3 }, { preset }).entries()].flatMap(([id, score]) => (score > -Infinity ? [id] : []));
  expect(kept("llama.cpp")).toEqual([1, 2, 3]);
  expect(kept("transformers")).toEqual([1, 2, 3, 4]);
});

test("llama.cpp's DRY looks 64 tokens back", () => {
  const run = [3, 1, 4, 1, 5];
  const history = [...run, ...new Array(70).fill(9).map((id, i) => id + i), ...run];
  const asked = { dryMultiplier: 1 };
  expect(processLogits(new Float32Array(100), history, asked, { preset: "llama.cpp" })[10]).toBe(0);
  expect(processLogits(new Float32Array(100), history, { ...asked, dryPenaltyLastN: 100 }, { preset: "llama.cpp" })[9]).toBeLessThan(0);
  expect(processLogits(new Float32Array(100), history, asked)[9]).toBeLessThan(0);
  expect(processLogits(new Float32Array(100), history, asked, { preset: "llama.cpp" })[9]).toBe(0);
});

test.each<[PresetName, SamplerParameters, string[]]>([
  ["transformers", { frequencyPenalty: 1, dryMultiplier: 1 }, ["frequency_penalty", "dry"]],
  ["llama.cpp", { noRepeatNgramSize: 2, topH: 0.5 }, ["no_repeat_ngram", "top_h"]],
  ["llama.cpp", { mirostat: 1, topK: 40, repetitionPenalty: 1.1 }, ["repetition_penalty", "top_k"]],
  ["vllm", { typicalP: 0.9, xtcProbability: 0.5 }, ["typical_p", "xtc"]],
])("%s refuses by name what it would not run: %j", (preset, parameters, names) => {
  expect(() => createSampler(parameters, { preset })).toThrow(
    expect.objectContaining({ code: "option-without-effect", data: { parameters: names, preset } }),
  );
});

test("what providers take is named as parameters are", () => {
  const known = new Set([...Object.keys(ranges), "logitBias", "n", "logprobs", "topLogprobs"]);
  for (const { parameters } of Object.values(providerSemantics)) {
    for (const { parameter, low, high, default: usual } of parameters) {
      expect(known).toContain(parameter);
      if (usual !== undefined) expect(usual >= (low ?? -Infinity) && usual <= (high ?? Infinity)).toBe(true);
    }
  }
  for (const { order } of Object.values(presets)) expect(new Set(order).size).toBe(order.length);
});
