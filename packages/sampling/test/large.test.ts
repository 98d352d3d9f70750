import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, processLogits, type SamplerParameters } from "../src/index.ts";
import { slowEntropy, slowProbabilities, slowStages } from "./slow-sampler.ts";

/** Vocabularies that the kernels take, with lengths that are no multiple of anything. */
const large = fc.record({
  size: fc.integer({ min: 4096, max: 9001 }),
  seed: fc.nat(),
  shape: fc.constantFrom("sure", "unsure", "flat", "far"),
  impossible: fc.constantFrom(0, 0, 0.3),
});

function logitsOf({ size, seed, shape, impossible }: { size: number; seed: number; shape: string; impossible: number }): Float32Array {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const spread = shape === "flat" ? 0.02 : shape === "far" ? 40 : 2.5;
  const logits = Float32Array.from({ length: size }, () => (random() < impossible ? -Infinity : normal() * spread - 2));
  if (shape === "sure") for (let i = 0; i < 5; i++) logits[Math.floor(random() * size)] = 12 + normal() * 3;
  logits[Math.floor(random() * size)] = 2;
  return logits;
}

const settings: Record<string, fc.Arbitrary<SamplerParameters>> = {
  logit_bias: fc
    .dictionary(fc.nat(4000).map(String), fc.constantFrom(-100, -2, 1.5, 30), { maxKeys: 20 })
    .map((logitBias) => ({ logitBias: { ...logitBias, 7: 0.5 } })),
  repetition_penalty: fc.constantFrom(0.5, 1.1, 1.3).map((repetitionPenalty) => ({ repetitionPenalty })),
  frequency_penalty: fc.constantFrom(-0.5, 0.7, 2).map((frequencyPenalty) => ({ frequencyPenalty })),
  presence_penalty: fc.constantFrom(-0.5, 0.7, 2).map((presencePenalty) => ({ presencePenalty })),
  no_repeat_ngram: fc.constantFrom(1, 2, 3).map((noRepeatNgramSize) => ({ noRepeatNgramSize })),
  temperature: fc.constantFrom(0.05, 0.7, 1.3, 5).map((temperature) => ({ temperature })),
  top_k: fc.integer({ min: 2, max: 9500 }).map((topK) => ({ topK })),
  top_p: fc.double({ min: 0.01, max: 0.999, noNaN: true }).map((topP) => ({ topP })),
  min_p: fc.double({ min: 0.001, max: 1, noNaN: true }).map((minP) => ({ minP })),
  typical_p: fc.double({ min: 0.01, max: 0.999, noNaN: true }).map((typicalP) => ({ typicalP })),
  epsilon_cutoff: fc.double({ min: 1e-6, max: 0.1, noNaN: true }).map((epsilonCutoff) => ({ epsilonCutoff })),
  eta_cutoff: fc.double({ min: 1e-6, max: 0.1, noNaN: true }).map((etaCutoff) => ({ etaCutoff })),
  top_n_sigma: fc.double({ min: 0.1, max: 4, noNaN: true }).map((topNSigma) => ({ topNSigma })),
};
const history = fc.array(fc.nat(9500), { maxLength: 200 });

/** By rounding, a token at the line may go either way. */
const atTheLine = 1;

test.each(Object.keys(settings))("%s over a large vocabulary leaves what its definition leaves", (stage) => {
  fc.assert(
    fc.property(large, settings[stage] as fc.Arbitrary<SamplerParameters>, history, (shape, parameters, past) => {
      const given = logitsOf(shape);
      const expected = slowStages[stage]?.(given, { parameters, history: past, answer: past }) as Float32Array;
      const ours = processLogits(given, past, parameters);
      const differing = [...ours.keys()].filter((id) => ours[id] !== expected[id] && !(Number.isNaN(ours[id]) && Number.isNaN(expected[id])));
      expect(differing.length).toBeLessThanOrEqual(stage.includes("penalty") || stage === "temperature" || stage === "top_k" ? 0 : atTheLine);
    }),
    { numRuns: 25 },
  );
});

test("what a large step reports is what its definition says", () => {
  const cuts = ["temperature", "top_k", "top_p", "min_p", "typical_p", "top_n_sigma", "frequency_penalty", "logit_bias"];
  const stages = fc.shuffledSubarray(cuts, { minLength: 1, maxLength: 3 });
  const pipeline = stages.chain((order) =>
    fc
      .tuple(...order.map((stage) => settings[stage] as fc.Arbitrary<SamplerParameters>))
      .map((all) => ({ order, parameters: Object.assign({}, ...all) as SamplerParameters })),
  );
  fc.assert(
    fc.property(large, pipeline, history, fc.nat(), fc.nat(30), (shape, { order, parameters }, past, seed, depth) => {
      const given = logitsOf(shape);
      const choice = createSampler(parameters, { order }).choose(given, past, seededRandom(seed), depth);
      const raw = slowProbabilities(given);
      expect(choice.logprob).toBeCloseTo(Math.log(raw[choice.id] as number), 5);
      expect(choice.entropy).toBeCloseTo(slowEntropy(given), 5);
      const ranked = [...given.keys()].filter((id) => given[id] !== -Infinity).sort((a, b) => (given[b] as number) - (given[a] as number) || a - b);
      expect(choice.rank).toBe(ranked.indexOf(choice.id));
      expect(choice.top.slice(0, depth).map(({ id }) => id)).toEqual(ranked.slice(0, depth));
      let scores: Float32Array = given;
      for (const [i, report] of choice.stages.entries()) {
        const next = processLogits(given, past, parametersFor(order.slice(0, i + 1), parameters), { order: order.slice(0, i + 1) });
        const [p, q] = [slowProbabilities(scores), slowProbabilities(next)];
        expect(report.kept).toBe(next.filter((score) => score > -Infinity).length);
        expect(report.removedMass).toBeCloseTo(
          p.reduce((sum, mass, id) => ((next[id] as number) > -Infinity ? sum : sum + mass), 0),
          5,
        );
        expect(report.entropyAfter).toBeCloseTo(slowEntropy(next), 4);
        expect(report.kl).toBeCloseTo(
          q.reduce((sum, mass, id) => (mass > 0 ? sum + mass * Math.log(mass / (p[id] as number)) : sum), 0),
          4,
        );
        scores = next;
      }
      expect(choice.sampledLogprob).toBeCloseTo(Math.log(slowProbabilities(scores)[choice.id] as number), 5);
    }),
    { numRuns: 60 },
  );
});

test("a draw falls where the sum of the probabilities passes the number", () => {
  fc.assert(
    fc.property(large, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (shape, coin) => {
      const given = logitsOf(shape);
      const { id } = createSampler({}).choose(given, [], () => coin, 0);
      const probabilities = slowProbabilities(given);
      const before = probabilities.slice(0, id).reduce((sum, p) => sum + p, 0);
      expect(coin).toBeGreaterThan(before - 1e-5);
      expect(coin).toBeLessThan(before + (probabilities[id] as number) + 1e-5);
      expect(probabilities[id]).toBeGreaterThan(0);
    }),
    { numRuns: 100 },
  );
});

const parameterOf: Record<string, keyof SamplerParameters> = {
  temperature: "temperature",
  top_k: "topK",
  top_p: "topP",
  min_p: "minP",
  typical_p: "typicalP",
  top_n_sigma: "topNSigma",
  frequency_penalty: "frequencyPenalty",
  logit_bias: "logitBias",
};
const parametersFor = (order: string[], parameters: SamplerParameters): SamplerParameters =>
  Object.fromEntries(order.map((stage) => [parameterOf[stage], parameters[parameterOf[stage] as keyof SamplerParameters]]));
