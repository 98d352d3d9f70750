import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampler, processLogits, type SamplerParameters } from "../src/index.ts";
import { slowEntropy, slowProbabilities, slowProcess } from "./slow-sampler.ts";

/** Coarse values make ties; a few hundred tokens reach the code for large vocabularies. */
const logits = fc
  .record({
    values: fc.array(fc.oneof(fc.integer({ min: -12, max: 12 }), fc.double({ min: -30, max: 30, noNaN: true }), fc.constant(-Infinity)), {
      minLength: 1,
      maxLength: 700,
      size: "max",
    }),
    anchor: fc.integer({ min: -5, max: 5 }),
  })
  .map(({ values, anchor }) => Float32Array.of(anchor, ...values).map((value) => value + 0));

const settings = fc.record(
  {
    repetitionPenalty: fc.constantFrom(0.5, 0.9, 1.1, 1.3, 3),
    temperature: fc.constantFrom(0.05, 0.7, 1.3, 5),
    topK: fc.integer({ min: 2, max: 900 }),
    topP: fc.double({ min: 0.01, max: 0.995, noNaN: true }),
    minP: fc.double({ min: 0.001, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
);

const names = { repetitionPenalty: "repetition_penalty", temperature: "temperature", topK: "top_k", topP: "top_p", minP: "min_p" } as const;
const pipeline = settings.chain((parameters) => {
  const stages = (Object.keys(parameters) as (keyof typeof names)[]).map((key) => names[key]);
  return fc.shuffledSubarray(stages, { minLength: stages.length }).map((order) => ({ parameters, order }));
});
const history = fc.array(fc.nat(800), { maxLength: 60 });

test("the fast stages leave what the definitions leave", () => {
  fc.assert(
    fc.property(
      logits,
      history,
      pipeline,
      fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      (given, past, { parameters, order }, window) => {
        const repetitionWindow = parameters.repetitionPenalty ? window : undefined;
        const ours = processLogits(given, past, parameters, { order, ...(repetitionWindow && { repetitionWindow }) });
        const slow = slowProcess(given, past, order, parameters, repetitionWindow);
        // A sum of probabilities that comes to lie on the line of top_p may go either way by rounding, for one token.
        if (parameters.topP && differences(ours, slow).length === 1) return;
        expect(ours).toEqual(slow);
      },
    ),
    { numRuns: 400 },
  );
});

test("reports, logprobs and entropies are those of the definitions", () => {
  fc.assert(
    fc.property(logits, history, pipeline, fc.nat(1e6), fc.nat(12), (given, past, { parameters, order }, seed, depth) => {
      const before = given.slice();
      const choice = createSampler(parameters, { order }).choose(given, past, seededRandom(seed), depth);
      expect(given).toEqual(before);

      const raw = slowProbabilities(given);
      const after = processLogits(given, past, parameters, { order });
      const sampled = slowProbabilities(after);
      expect(after[choice.id]).toBeGreaterThan(-Infinity);
      expect(choice.logprob).toBeCloseTo(Math.log(raw[choice.id] ?? 0), 6);
      expect(choice.sampledLogprob).toBeCloseTo(Math.log(sampled[choice.id] ?? 0), 6);
      expect(choice.entropy).toBeCloseTo(slowEntropy(given), 6);
      expect(choice.rank).toBe(
        given.filter((score, id) => score > (given[choice.id] as number) || (score === given[choice.id] && id < choice.id)).length,
      );

      const possible = [...given.keys()].filter((id) => given[id] !== -Infinity).sort((a, b) => (given[b] as number) - (given[a] as number) || a - b);
      const expected = possible.slice(0, depth);
      if (!expected.includes(choice.id)) expected.push(choice.id);
      expect(choice.top.map(({ id }) => id)).toEqual(expected);
      expect(choice.tailMass).toBeCloseTo(1 - expected.reduce((sum, id) => sum + (raw[id] ?? 0), 0), 6);
      for (const { id, logprob, sampledLogprob, removedBy } of choice.top) {
        expect(logprob).toBeCloseTo(Math.log(raw[id] ?? 0), 6);
        expect(sampledLogprob === undefined).toBe(removedBy !== undefined);
        expect(removedBy === undefined).toBe((after[id] as number) > -Infinity);
        if (sampledLogprob !== undefined)
          expect(sampledLogprob).toBeCloseTo((after[id] as number) - (after[choice.id] as number) + choice.sampledLogprob, 4);
      }

      let scores: Float32Array = given;
      for (const [i, stage] of choice.stages.entries()) {
        const next = processLogits(given, past, withOnly(parameters, order.slice(0, i + 1)), { order: order.slice(0, i + 1) });
        const [p, q] = [slowProbabilities(scores), slowProbabilities(next)];
        expect(stage.stage).toBe(order[i]);
        expect(stage.kept).toBe(next.filter((score) => score > -Infinity).length);
        expect(stage.removedMass).toBeCloseTo(
          p.reduce((sum, mass, id) => ((next[id] as number) > -Infinity ? sum : sum + mass), 0),
          6,
        );
        expect(stage.entropyBefore).toBeCloseTo(slowEntropy(scores), 5);
        expect(stage.entropyAfter).toBeCloseTo(slowEntropy(next), 5);
        expect(stage.kl).toBeCloseTo(
          q.reduce((sum, mass, id) => (mass > 0 ? sum + mass * Math.log(mass / (p[id] ?? 0)) : sum), 0),
          4,
        );
        scores = next;
      }
    }),
    { numRuns: 150 },
  );
});

test("a wider top_k or top_p never keeps fewer tokens, and never another most probable one", () => {
  fc.assert(
    fc.property(
      logits,
      fc.constantFrom("topK", "topP"),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (given, which, value, more) => {
        const wider = value + (0.999 - value) * more;
        const kept = (share: number) => processLogits(given, [], which === "topK" ? { topK: 2 + Math.round(share * 500) } : { topP: share });
        const [narrow, wide] = [kept(value), kept(wider)];
        narrow.forEach((score, id) => {
          if (score > -Infinity) expect(wide[id]).toBe(score);
        });
        expect(Math.max(...narrow)).toBe(Math.max(...given));
      },
    ),
  );
});

test("the ids are names only: permuting the vocabulary permutes what is left", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: -4000, max: 4000 }), { minLength: 2, maxLength: 500 }),
      pipeline,
      fc.nat(),
      (values, { parameters, order }, seed) => {
        const given = Float32Array.from(values, (value) => value / 200);
        const past = [0, 1];
        const random = seededRandom(seed);
        const to = [...given.keys()].map((id) => ({ id, key: random() })).sort((a, b) => a.key - b.key);
        const permuted = Float32Array.from(to, ({ id }) => given[id] as number);
        const after = processLogits(given, past, parameters, { order });
        const afterPermuted = processLogits(
          permuted,
          past.map((id) => to.findIndex((entry) => entry.id === id)),
          parameters,
          { order },
        );
        const expected = Float32Array.from(to, ({ id }) => after[id] as number);
        // As above; and a penalty can make two tokens equal, of which top_p then keeps one by its id.
        if (parameters.topP && differences(afterPermuted, expected).length <= 2) return;
        expect(afterPermuted).toEqual(expected);
      },
    ),
  );
});

test("the same seed gives the same tokens, from one sampler or another", () => {
  fc.assert(
    fc.property(fc.array(logits, { minLength: 1, maxLength: 5 }), pipeline, fc.nat(), (steps, { parameters, order }, seed) => {
      const run = () => {
        const sampler = createSampler({ ...parameters, seed }, { order });
        const random = seededRandom(seed);
        const ids: number[] = [];
        for (const given of steps) ids.push(sampler.choose(given, ids, random, 0).id);
        return ids;
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 30 },
  );
});

test("draws follow the distribution that the stages leave", () => {
  const given = Float32Array.of(2, 1.5, 1, 0.5, 0, -0.5, -1, -4, -Infinity, 1.25);
  const parameters = { temperature: 1.4, topP: 0.97, minP: 0.05 };
  const probabilities = slowProbabilities(processLogits(given, [], parameters));
  const random = seededRandom(20);
  const sampler = createSampler(parameters);
  const draws = 20_000;
  const counts = new Array<number>(given.length).fill(0);
  for (let i = 0; i < draws; i++) {
    const { id } = sampler.choose(given, [], random, 0);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  const possible = probabilities.flatMap((p, id) => (p > 0 ? [{ expected: p * draws, counted: counts[id] ?? 0 }] : []));
  expect(possible.reduce((sum, { counted }) => sum + counted, 0)).toBe(draws);
  // 24.3 is the 99.9 % point of chi-square with 7 degrees of freedom; the seed is fixed.
  expect(possible).toHaveLength(8);
  expect(possible.reduce((sum, { expected, counted }) => sum + (counted - expected) ** 2 / expected, 0)).toBeLessThan(24.3);
});

const differences = (a: Float32Array, b: Float32Array) => [...a.keys()].filter((id) => a[id] !== b[id]);

function withOnly(parameters: SamplerParameters, order: string[]): SamplerParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => order.includes(names[key as keyof typeof names])));
}
