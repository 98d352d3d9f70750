import { seededRandom, type TokenId, type TokenStep } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, resample, type SamplerParameters } from "../src/index.ts";

const vocabSize = 60;

/** An answer of a model that is made up, as the runtime would record it. */
function record(parameters: SamplerParameters, seed: number, depth: number, length = 12): { steps: TokenStep[]; logits: Float32Array[] } {
  const shape = seededRandom(seed + 1);
  const random = seededRandom(seed);
  const sampler = createSampler(parameters);
  const logits = Array.from({ length }, () => Float32Array.from({ length: vocabSize }, () => (shape() - 0.5) * 12));
  const history: number[] = [];
  const steps = logits.map((step): TokenStep => {
    const { id, top, tailMass, rank } = sampler.choose(step, history, random, depth);
    history.push(id);
    return {
      id: id as TokenId,
      bytes: Uint8Array.of(id),
      tailMass,
      rank,
      top: top.map(({ id, logprob }) => ({ id: id as TokenId, bytes: Uint8Array.of(id), logprob })),
    };
  });
  return { steps, logits };
}

const asked = fc.record(
  {
    temperature: fc.constantFrom(0.3, 0.7, 1.5),
    topK: fc.integer({ min: 2, max: 12 }),
    topP: fc.constantFrom(0.3, 0.6, 0.9),
    minP: fc.constantFrom(0.02, 0.1, 0.4),
    frequencyPenalty: fc.constantFrom(0.5, 2),
    presencePenalty: fc.constantFrom(-0.5, 1),
    logitBias: fc.constant({ "3": 2, "5": -100 }),
    epsilonCutoff: fc.constantFrom(0.01, 0.05),
  },
  { requiredKeys: [] },
);

test("what it decides is what the sampler would have taken, and its bounds hold", () => {
  let decided = 0;
  fc.assert(
    fc.property(asked, fc.nat(1e6), fc.integer({ min: 3, max: 30 }), (parameters, seed, depth) => {
      const { steps, logits } = record({}, seed, depth);
      const ours = resample(steps, parameters, { seed, vocabSize });
      const sampler = createSampler(parameters);
      const random = seededRandom(seed);
      const history: number[] = [];
      for (const [i, step] of ours.steps.entries()) {
        const given = logits[i] as Float32Array;
        const recorded = steps[i]?.id as number;
        const truth = sampler.choose(given, history, random, vocabSize);
        history.push(recorded);
        const own = truth.top.find(({ id }) => id === recorded);
        const probability = own?.sampledLogprob === undefined ? 0 : Math.exp(own.sampledLogprob);
        if (step.verdict !== "open") {
          decided++;
          expect(step.verdict).toBe(truth.id === recorded ? "same" : "other");
        }
        expect(step.probability[0]).toBeLessThanOrEqual(probability + 1e-5);
        expect(step.probability[1]).toBeGreaterThanOrEqual(probability - 1e-5);
        expect(step.verdict === "open").toBe(step.because !== undefined);
        if (step.taken !== undefined) expect(steps[i]?.top?.[step.taken]?.id).toBe(truth.id);
      }
      expect(ours.open).toBe(ours.steps.filter(({ verdict }) => verdict === "open").length);
    }),
    { numRuns: 300 },
  );
  expect(decided).toBeGreaterThan(500);
});

test("with everything stored, the same parameters and the same seed give the same tokens", () => {
  const parameters = { temperature: 0.8, topP: 0.9 };
  const { steps } = record(parameters, 11, vocabSize);
  expect(resample(steps, parameters, { seed: 11, vocabSize }).steps.map(({ verdict }) => verdict)).toEqual(steps.map(() => "same"));
});

test("where the depth does not reach it says what is missing", () => {
  const { steps } = record({}, 5, 4);
  const [first] = resample(steps, { topK: 20 }, { seed: 1 }).steps;
  expect(first).toMatchObject({ verdict: "open", because: expect.stringContaining("top_k 20 reaches beyond") });
  const [hot] = resample(steps, { temperature: 1.5 }, { seed: 1 }).steps;
  expect(hot?.because).toContain("size of the vocabulary");
  const [bare] = resample([{ bytes: new Uint8Array(1) }], { topK: 2 }, { seed: 1 }).steps;
  expect(bare?.because).toBe("no alternatives are stored");
  expect(resample(steps, { topK: 3 }).steps.every(({ verdict, because }) => verdict === "other" || because === "no seed is given to draw with")).toBe(
    true,
  );
});

test("what needs logits of all tokens is refused by name", () => {
  const { steps } = record({}, 5, 4);
  expect(() => resample(steps, { repetitionPenalty: 1.2, topNSigma: 1, temperature: 0.5 })).toThrow(
    expect.objectContaining({ code: "not-from-alternatives", data: { parameters: ["repetition_penalty", "top_n_sigma"] } }),
  );
});

test("greedy needs no more than the first alternative", () => {
  const { steps } = record({ temperature: 0 }, 3, 1);
  const { steps: resampled, open } = resample(steps, { temperature: 0 });
  expect(open).toBe(0);
  expect(resampled.every(({ verdict, taken }) => verdict === "same" && taken === 0)).toBe(true);
});
