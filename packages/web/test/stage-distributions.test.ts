import { encodeUtf8, seededRandom, type TokenId, type TokenStep } from "@cutaway/core";
import { createSampler, processLogits } from "@cutaway/sampling";
import { describe, expect, test } from "vitest";
import { stageDistributions } from "../src/call/stage-distributions.ts";

/** Twelve tokens, all of them recorded: nothing is left open. */
const logits = Float32Array.from([3, 2.5, 2, 1.6, 1.2, 1, 0.5, 0, -1, -2, -3, -4]);
const parameters = { temperature: 0.7, topK: 6, topP: 0.9, minP: 0.1 };

const stepOf = (depth: number): TokenStep => {
  const choice = createSampler(parameters).choose(logits, [], seededRandom(5), depth);
  const token = (id: number) => ({ id: id as TokenId, bytes: encodeUtf8(String(id)) });
  return { ...choice, ...token(choice.id), top: choice.top.map((one) => ({ ...one, ...token(one.id) })) };
};

/** After some of the stages, by running them over all logits. */
function sampled(names: readonly string[]): number[] {
  const all: Record<string, keyof typeof parameters> = { temperature: "temperature", top_k: "topK", top_p: "topP", min_p: "minP" };
  const some = Object.fromEntries(names.map((name) => [all[name], parameters[all[name] as keyof typeof parameters]]));
  const left = Array.from(processLogits(logits, [], some, { order: [...names] }), Math.exp);
  const sum = left.reduce((a, b) => a + b, 0);
  return left.map((weight) => weight / sum);
}

describe("the distribution after each stage, from what is recorded", () => {
  test("is that of the sampler itself where everything is recorded", () => {
    const step = stepOf(12);
    const found = stageDistributions(step, parameters);
    const names = step.stages?.map(({ stage }) => stage) ?? [];
    expect(found.map(({ stage }) => stage)).toEqual(["temperature", "top_k", "top_p", "min_p"]);
    for (const [at, { probability, rank }] of found.entries()) {
      const expected = sampled(names.slice(0, at + 1));
      for (const [index, { id }] of (step.top ?? []).entries()) {
        const [least, most] = probability?.get(index) ?? [0, 0];
        expect(least).toBeCloseTo(expected[id as number] as number, 5);
        expect(most).toBeCloseTo(expected[id as number] as number, 5);
      }
      expect(rank).toBe(expected.filter((p) => p > (expected[step.id as number] as number) + 1e-9).length);
    }
  });

  test("the last stage is what was recorded as sampled", () => {
    const step = stepOf(12);
    const last = stageDistributions(step, parameters).at(-1)?.probability;
    for (const [index, { sampledLogprob, removedBy }] of (step.top ?? []).entries()) {
      if (removedBy) expect(last?.has(index)).toBe(false);
      else expect(last?.get(index)?.[1]).toBeCloseTo(Math.exp(sampledLogprob ?? 0), 5);
    }
  });

  test("a short record tells the cuts after the temperature exactly", () => {
    const step = stepOf(4);
    const names = step.stages?.map(({ stage }) => stage) ?? [];
    for (const [at, { probability }] of stageDistributions(step, parameters).entries()) {
      const expected = sampled(names.slice(0, at + 1));
      expect(probability?.size).toBeGreaterThan(0);
      for (const [index, [least, most]] of probability ?? []) {
        expect(least).toBe(most);
        expect(least).toBeCloseTo(expected[step.top?.[index]?.id as number] as number, 5);
      }
    }
  });

  test("where the record is too short, it is a range that holds the truth, or not told at all", () => {
    const step = stepOf(3);
    for (const [at, { probability }] of stageDistributions(step, parameters).entries()) {
      if (!probability) continue;
      const expected = sampled((step.stages ?? []).slice(0, at + 1).map(({ stage }) => stage));
      for (const [index, [least, most]] of probability) {
        const truth = expected[step.top?.[index]?.id as number] as number;
        expect(truth).toBeGreaterThanOrEqual(least - 1e-6);
        expect(truth).toBeLessThanOrEqual(most + 1e-6);
      }
    }
  });

  test("a step without stages has none", () => expect(stageDistributions({ bytes: encodeUtf8("x") }, {})).toEqual([]));
});
