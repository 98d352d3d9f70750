import { isCutawayError, seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, type SamplerOptions, type SamplerParameters } from "../src/index.ts";

const stages: Record<string, fc.Arbitrary<SamplerParameters>> = {
  logit_bias: fc
    .dictionary(fc.nat(900).map(String), fc.constantFrom(-Infinity, -100, -2, 1.5, 30), { maxKeys: 12 })
    .map((logitBias) => ({ logitBias: { ...logitBias, 7: 0.5 } })),
  repetition_penalty: fc.constantFrom(0.5, 1.1, 1.3).map((repetitionPenalty) => ({ repetitionPenalty })),
  frequency_penalty: fc.constantFrom(-0.5, 0.7, 2).map((frequencyPenalty) => ({ frequencyPenalty })),
  presence_penalty: fc.constantFrom(-0.5, 0.7, 2).map((presencePenalty) => ({ presencePenalty })),
  dry: fc.constant({ dryMultiplier: 0.8 }),
  no_repeat_ngram: fc.constantFrom(1, 2, 3).map((noRepeatNgramSize) => ({ noRepeatNgramSize })),
  temperature: fc.constantFrom(0.05, 0.7, 1.3, 5).map((temperature) => ({ temperature })),
  top_n_sigma: fc.constantFrom(0.5, 2).map((topNSigma) => ({ topNSigma })),
  top_h: fc.constantFrom(0.3, 0.9).map((topH) => ({ topH })),
  top_k: fc.integer({ min: 2, max: 9000 }).map((topK) => ({ topK })),
  top_p: fc.double({ min: 0.01, max: 0.999, noNaN: true }).map((topP) => ({ topP })),
  min_p: fc.double({ min: 0.001, max: 1, noNaN: true }).map((minP) => ({ minP })),
  typical_p: fc.double({ min: 0.01, max: 0.999, noNaN: true }).map((typicalP) => ({ typicalP })),
  epsilon_cutoff: fc.constantFrom(1e-5, 0.01).map((epsilonCutoff) => ({ epsilonCutoff })),
  eta_cutoff: fc.constantFrom(1e-5, 0.01).map((etaCutoff) => ({ etaCutoff })),
  xtc: fc.constant({ xtcProbability: 0.5, xtcThreshold: 0.05 }),
};

const pipeline = fc
  .shuffledSubarray(Object.keys(stages), { maxLength: 5 })
  .chain((order) => fc.tuple(...order.map((stage) => stages[stage] as fc.Arbitrary<SamplerParameters>)).map((all) => ({ order, all })));

/** Bulk and likely tokens, some impossible; below and above the length from which the kernels go over them. */
function logitsOf(size: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const logits = Float32Array.from({ length: size }, () => (random() < 0.05 ? -Infinity : 12 * (random() + random() + random() - 1.5)));
  for (let i = 0; i < 6; i++) logits[Math.floor(random() * size)] = 16 + 2 * random();
  return logits;
}

/** Stages may leave no token at all, which is an error of theirs. */
function idOrCode(take: () => number): number | string {
  try {
    return take();
  } catch (error) {
    if (isCutawayError(error)) return error.code;
    throw error;
  }
}

test("pick takes the token that choose takes, whatever the stages and their order", () => {
  fc.assert(
    fc.property(
      pipeline,
      fc.constantFrom(900, 5000, 9001),
      fc.nat(),
      fc.array(fc.nat(899), { maxLength: 60 }),
      fc.boolean(),
      ({ order, all }, size, seed, past, isEntropyDriven) => {
        const parameters: SamplerParameters = Object.assign({}, ...all);
        const options: SamplerOptions = { order };
        if (isEntropyDriven && parameters.temperature !== undefined) {
          delete parameters.temperature;
          options.schedules = { temperature: "entropy:0.3:1.5" };
        }
        const [chooser, picker] = [createSampler(parameters, options), createSampler(parameters, options)];
        const [a, b] = [seededRandom(seed), seededRandom(seed)];
        const history = [...past];
        for (let step = 0; step < 4; step++) {
          const logits = logitsOf(size, seed + step);
          const chosen = idOrCode(() => chooser.choose(logits, history, a, 5).id);
          expect(idOrCode(() => picker.pick(logits, history, b))).toBe(chosen);
          if (typeof chosen === "string") return;
          history.push(chosen);
        }
      },
    ),
    { numRuns: 250 },
  );
});

test.each<SamplerParameters>([{ temperature: 0 }, { topK: 1 }, {}, { mirostat: 1 }, { mirostat: 2, mirostatTau: 3 }])(
  "pick and choose: %j",
  (given) => {
    const [chooser, picker] = [createSampler(given), createSampler(given)];
    const [a, b] = [seededRandom(3), seededRandom(3)];
    for (let step = 0; step < 12; step++) {
      const logits = logitsOf(6000, step);
      expect(picker.pick(logits, [], b)).toBe(chooser.choose(logits, [], a, 10).id);
    }
  },
);

test.each([
  [4096, Number.NaN],
  [4100, Number.NaN],
  [5000, Infinity],
  [100, Number.NaN],
])("of %d logits one is %d: neither draws", (size, wrong) => {
  for (const at of [0, 63, 64, size - 1]) {
    const logits = logitsOf(size, 1);
    logits[at] = wrong;
    const sampler = createSampler({ temperature: 0.7, topK: 5 });
    expect(() => sampler.choose(logits, [], () => 0.5, 0)).toThrow(expect.objectContaining({ code: "bad-logits" }));
    expect(() => sampler.pick(logits, [], () => 0.5)).toThrow(expect.objectContaining({ code: "bad-logits" }));
  }
});

test("pick refuses a mask that leaves nothing", () => {
  const sampler = createSampler({}, { grammar: true });
  expect(() => sampler.pick(logitsOf(5000, 2), [], () => 0.5, { mask: new Uint32Array(200) })).toThrow(
    expect.objectContaining({ code: "nothing-allowed" }),
  );
});
