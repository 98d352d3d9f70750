import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, processLogits, type SamplerParameters, waterfall } from "../src/index.ts";
import { slowEntropy, slowProbabilities } from "./slow-sampler.ts";

const logits = Float32Array.from({ length: 300 }, (_, id) => 4 * Math.sin(id * id) + (id % 7 === 0 ? 2 : 0));
const parameters = { repetitionPenalty: 1.2, temperature: 0.8, topK: 40, topP: 0.9, minP: 0.01 } satisfies SamplerParameters;
const names = { repetition_penalty: "repetitionPenalty", temperature: "temperature", top_k: "topK", top_p: "topP", min_p: "minP" } as const;

test("each stage's distribution is the one that the stages up to it leave", () => {
  const history = [1, 7, 7, 14];
  const { before, stages, chosen } = waterfall(logits, history, parameters, {}, { random: seededRandom(3), depth: 12 });
  expect(before.kept).toBe(300);
  expect(before.entropy).toBeCloseTo(slowEntropy(logits), 8);
  const order: (keyof typeof names)[] = [];
  for (const stage of stages) {
    order.push(stage.stage as keyof typeof names);
    const only = Object.fromEntries(order.map((name) => [names[name], parameters[names[name]]]));
    const probabilities = slowProbabilities(processLogits(logits, history, only, { order }));
    const ranked = [...probabilities.keys()]
      .filter((id) => (probabilities[id] as number) > 0)
      .sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b);
    expect(stage.kept).toBe(ranked.length);
    expect(stage.top.map(({ id }) => id)).toEqual(ranked.slice(0, 12));
    for (const { id, probability, logprob } of stage.top) {
      expect(probability).toBeCloseTo(probabilities[id] as number, 6);
      expect(Math.exp(logprob)).toBeCloseTo(probability, 12);
    }
    expect(stage.tailMass).toBeCloseTo(1 - ranked.slice(0, 12).reduce((sum, id) => sum + (probabilities[id] as number), 0), 6);
    expect(stage.entropy).toBeCloseTo(stage.entropyAfter, 12);
    expect(stage.chosen?.rank).toBe(ranked.indexOf(chosen));
  }
  expect(order).toEqual(["repetition_penalty", "temperature", "top_k", "top_p", "min_p"]);
});

test("the token that it follows is the one that the sampler takes, also where a stage draws", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom<SamplerParameters>(parameters, { temperature: 0 }, { xtcProbability: 0.5, xtcThreshold: 0.05 }, {}),
      (seed, asked) => {
        const { id, stages } = createSampler(asked).choose(logits, [], seededRandom(seed), 0);
        const seen = waterfall(logits, [], asked, {}, { random: seededRandom(seed) });
        expect(seen.chosen).toBe(id);
        expect(seen.stages.map(({ kept }) => kept)).toEqual(stages.map(({ kept }) => kept));
        expect((seen.stages.at(-1) ?? seen.before).chosen).toBeDefined();
      },
    ),
  );
});

test("a token that is asked for is followed to where it is taken out", () => {
  const worst = [...logits.keys()].reduce((a, b) => ((logits[b] as number) < (logits[a] as number) ? b : a));
  const { before, stages } = waterfall(logits, [], parameters, {}, { chosen: worst });
  expect(before.chosen?.rank).toBe(299);
  expect(stages.map(({ stage, chosen }) => [stage, chosen !== undefined])).toEqual([
    ["repetition_penalty", true],
    ["temperature", true],
    ["top_k", false],
    ["top_p", false],
    ["min_p", false],
  ]);
});
