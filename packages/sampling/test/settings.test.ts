import { type CutawayError, isCutawayError } from "@cutaway/core";
import { expect, test } from "vitest";
import { createSampler, type SamplerOptions, type SamplerParameters } from "../src/index.ts";

const refusal = (parameters: SamplerParameters, options: SamplerOptions = {}): CutawayError => {
  try {
    createSampler(parameters, options);
  } catch (error) {
    if (isCutawayError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

const logits = Float32Array.of(1, 3, 2, 3, -1, 0.5);
const never = () => {
  throw new Error("a greedy sampler drew");
};

test.each<[string, SamplerParameters]>([
  ["temperature", { temperature: Number.NaN }],
  ["temperature", { temperature: -0.1 }],
  ["temperature", { temperature: 1e-9 }],
  ["temperature", { temperature: Number.POSITIVE_INFINITY }],
  ["top_k", { topK: -1 }],
  ["top_k", { topK: 2.5 }],
  ["top_p", { topP: 0 }],
  ["top_p", { topP: 1.01 }],
  ["top_p", { topP: Number.NaN }],
  ["min_p", { minP: -0.1 }],
  ["min_p", { minP: 1.5 }],
  ["repetition_penalty", { repetitionPenalty: 0 }],
  ["repetition_penalty", { repetitionPenalty: -1 }],
  ["seed", { seed: 0.5 }],
])("%s out of its range is refused by name", (name, parameters) => {
  const error = refusal(parameters);
  expect(error.code).toBe("invalid-parameter");
  expect(error.data.parameter).toBe(name);
  expect(error.message).toContain(name);
});

test.each<[string[], SamplerParameters, SamplerOptions?]>([
  [["top_k", "top_p", "min_p", "seed"], { temperature: 0, topK: 40, topP: 0.9, minP: 0.1, seed: 1 }],
  [["top_k"], { temperature: 0, topK: 1 }],
  [["temperature", "top_p", "seed"], { topK: 1, temperature: 0.7, topP: 0.9, seed: 3 }],
  [["repetition_penalty"], { topK: 1, repetitionPenalty: 1.2 }, { order: ["top_k", "repetition_penalty"] }],
  [["repetition_penalty"], { temperature: 0, repetitionPenalty: 1.2 }, { order: ["temperature", "repetition_penalty"] }],
  [["repetition_window"], { temperature: 0.5 }, { repetitionWindow: 5 }],
  [["repetition_window"], { repetitionPenalty: 1 }, { repetitionWindow: 5 }],
])("what could change no token is refused: %j", (parameters, given, options) => {
  const error = refusal(given, options);
  expect(error.code).toBe("option-without-effect");
  expect(error.data.parameters).toEqual(parameters);
});

test("an order names every stage that is set, once", () => {
  expect(refusal({ temperature: 0.5 }, { order: ["temperature", "smoothing"] }).code).toBe("unknown-stage");
  expect(refusal({ temperature: 0.5 }, { order: ["constructor"] }).code).toBe("unknown-stage");
  expect(refusal({ temperature: 0.5 }, { order: ["temperature", "temperature"] }).code).toBe("doubled-stage");
  expect(refusal({ temperature: 0.5 }, { order: ["temperature", "top_k"] }).code).toBe("stage-without-parameter");
  expect(refusal({ temperature: 0.5, topP: 0.9 }, { order: ["temperature"] })).toMatchObject({ code: "option-without-effect" });
  expect(refusal({ repetitionPenalty: 1.1 }, { repetitionWindow: 0 }).code).toBe("invalid-parameter");
});

test("neutral values say off: they may be stated, and no stage runs for them", () => {
  const sampler = createSampler({ temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 }, { order: ["top_p", "temperature"] });
  expect(sampler.order).toEqual([]);
  expect(sampler.choose(logits, [1], () => 0.99, 2).stages).toEqual([]);
  expect(createSampler({ temperature: 0, topP: 1, minP: 0 }).greedy).toBe(true);
});

test("the default order is that of transformers", () => {
  const parameters = { minP: 0.1, topP: 0.9, topK: 5, temperature: 0.5, repetitionPenalty: 1.1 };
  expect(createSampler(parameters).order).toEqual(["repetition_penalty", "temperature", "top_k", "top_p", "min_p"]);
});

test.each<SamplerParameters>([{ temperature: 0 }, { topK: 1 }])(
  "greedy takes the most probable token, the lowest id among equals, and draws nothing: %j",
  (parameters) => {
    const choice = createSampler(parameters).choose(logits, [], never, 3);
    expect(choice).toMatchObject({ id: 1, rank: 0, sampledLogprob: 0 });
    const [stage] = choice.stages;
    expect(stage).toMatchObject({ kept: 1, entropyAfter: 0 });
    expect(stage?.kl).toBeCloseTo(-choice.logprob, 12);
    expect(stage?.removedMass).toBeCloseTo(1 - Math.exp(choice.logprob), 12);
    expect(choice.top.map(({ id, removedBy }) => [id, removedBy])).toEqual([
      [1, undefined],
      [3, stage?.stage],
      [2, stage?.stage],
    ]);
  },
);

test("the repetition penalty changes what greedy takes, within its window", () => {
  const greedy = { temperature: 0, repetitionPenalty: 2 };
  expect(createSampler(greedy).choose(logits, [1, 0], never, 0).id).toBe(3);
  expect(createSampler(greedy, { repetitionWindow: 1 }).choose(logits, [1, 0], never, 0).id).toBe(1);
});

test("ids that the output has no logit for are passed over", () => {
  const choice = createSampler({ repetitionPenalty: 2, temperature: 0 }).choose(logits, [6, 70_000, -1], never, 0);
  expect(choice.id).toBe(1);
});

test.each([
  ["NaN", Float32Array.of(1, Number.NaN, 2)],
  ["only NaN", Float32Array.of(Number.NaN)],
  ["Infinity", Float32Array.of(1, Infinity)],
  ["nothing possible", Float32Array.of(-Infinity, -Infinity)],
  ["none", new Float32Array(0)],
])("logits that are no distribution are refused: %s", (_, bad) => {
  expect(() => createSampler({}).choose(bad, [], () => 0, 5)).toThrow(expect.objectContaining({ code: "bad-logits" }));
});

test("a stage that overflows says so and draws nothing", () => {
  const huge = Float32Array.of(3e38, 1);
  expect(() => createSampler({ temperature: 0.01 }).choose(huge, [], () => 0, 5)).toThrow(/after temperature/);
});

test("a sampler goes on with a vocabulary of another size", () => {
  const sampler = createSampler({ repetitionPenalty: 1.5, topK: 2 });
  expect(sampler.choose(logits, [1], () => 0, 9).top).toHaveLength(6);
  expect(sampler.choose(Float32Array.of(0, 5, 1), [1], () => 0, 9).top).toHaveLength(3);
});
