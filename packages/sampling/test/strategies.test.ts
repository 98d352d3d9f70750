import { type Constraint, type Stepper, seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { beamSearch, bestOf, contrastiveSearch, createSampler, type HiddenStepper } from "../src/index.ts";
import { slowProbabilities } from "./slow-sampler.ts";

const vocabSize = 5;
const end = 4;

/** A model whose next token depends on the last two. */
function tableModel(seed: number): (ids: readonly number[]) => Float32Array {
  const random = seededRandom(seed);
  const table = Array.from({ length: 36 }, () => Float32Array.from({ length: vocabSize }, () => 4 * (random() - 0.5)));
  return (ids) => table[((ids.at(-1) ?? 5) * 6 + (ids.at(-2) ?? 5)) % 36] as Float32Array;
}

let open = 0;
function stepperOf(next: (ids: readonly number[]) => Float32Array, ids: number[] = []): Stepper {
  open++;
  return {
    vocabSize,
    capacity: 50,
    get length() {
      return ids.length;
    },
    feed: async (more) => {
      ids.push(...Array.from(more));
      return next(ids);
    },
    truncate: (length) => {
      ids.length = length;
    },
    fork: async () => stepperOf(next, [...ids]),
    close: () => {
      open--;
    },
  };
}

/** All answers of at most so many tokens, with their logprobs. */
function allAnswers(next: (ids: readonly number[]) => Float32Array, length: number): { tokens: number[]; logprob: number }[] {
  const answers: { tokens: number[]; logprob: number }[] = [];
  const walk = (tokens: number[], logprob: number) => {
    if (tokens.length === length || tokens.at(-1) === end) {
      answers.push({ tokens, logprob });
      return;
    }
    for (const [id, p] of slowProbabilities(next([0, ...tokens])).entries()) walk([...tokens, id], logprob + Math.log(p));
  };
  walk([], 0);
  return answers;
}

test("with beams for everything, the best answers of all there are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom(0, 0.7, 1, 2), async (seed, lengthPenalty) => {
      const next = tableModel(seed);
      const root = stepperOf(next);
      const logits = await root.feed([0]);
      const found = await beamSearch(root, logits, {
        beams: 64,
        maxNewTokens: 3,
        ends: new Set([end]),
        lengthPenalty,
        earlyStopping: "never",
        answers: 5,
      });
      root.close();
      const best = allAnswers(next, 3)
        .map(({ tokens, logprob }) => logprob / tokens.length ** lengthPenalty)
        .sort((a, b) => b - a)
        .slice(0, 5);
      for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(best[i] as number, 4);
      expect(open).toBe(0);
    }),
    { numRuns: 30 },
  );
});

/** Texts of 0 and 1 in turns, of even length. */
function turns(length = 0): Constraint {
  return {
    mask: () => Uint32Array.of(length % 2 === 0 ? 0b10001 : 0b00010),
    accept: () => turns(length + 1),
    complete: length % 2 === 0,
    forcedBytes: () => new Uint8Array(0),
  };
}

test("beams keep to a language, each on its own way through it", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const root = stepperOf(tableModel(seed));
    const found = await beamSearch(root, await root.feed([0]), { beams: 4, maxNewTokens: 7, ends: new Set([end]), prompt: [0], constraint: turns() });
    root.close();
    expect(found.length).toBeGreaterThan(0);
    for (const { tokens } of found) expect(tokens.join("")).toMatch(/^((01)*4|(01)*0?)$/);
  }
  expect(open).toBe(0);
});

test("groups with a penalty give other answers than one group does", async () => {
  const root = stepperOf(tableModel(3));
  const logits = await root.feed([0]);
  const plain = await beamSearch(root, logits, { beams: 4, maxNewTokens: 6 });
  const diverse = await beamSearch(root, logits, { beams: 4, maxNewTokens: 6, groups: 4, diversityPenalty: 5 });
  expect(new Set(plain.map(({ tokens }) => tokens[0])).size).toBeLessThan(4);
  expect(new Set(diverse.map(({ tokens }) => tokens[0])).size).toBe(4);
});

test.each([
  [{ beams: 0, maxNewTokens: 3 }, "invalid-parameter"],
  [{ beams: 65, maxNewTokens: 3 }, "invalid-parameter"],
  [{ beams: 2, maxNewTokens: 51 }, "invalid-parameter"],
  [{ beams: 4, maxNewTokens: 3, groups: 3 }, "invalid-parameter"],
  [{ beams: 4, maxNewTokens: 3, answers: 5 }, "invalid-parameter"],
  [{ beams: 4, maxNewTokens: 3, groups: 2, diversityPenalty: -1 }, "invalid-parameter"],
  [{ beams: 4, maxNewTokens: 3, diversityPenalty: 1 }, "option-without-effect"],
  [{ beams: 4, maxNewTokens: 3, signal: { aborted: true } }, "interrupted"],
])("a search that makes no sense is refused: %j", async (options, code) => {
  const root = stepperOf(tableModel(1));
  const logits = await root.feed([0]);
  const before = open;
  await expect(beamSearch(root, logits, options)).rejects.toMatchObject({ code });
  expect(open).toBe(before);
});

test("best-of ranks its draws, and each can be drawn again by itself", async () => {
  const root = stepperOf(tableModel(8));
  const logits = await root.feed([0]);
  const sampler = createSampler({ temperature: 1.5 });
  const draw = (of: number, from = 0) =>
    bestOf(root, logits, sampler, { of, maxNewTokens: 6, ends: new Set([end]), prompt: [0], randomOf: (index) => seededRandom(100 + from + index) });
  const ranked = await draw(8);
  expect(ranked).toHaveLength(8);
  for (const [i, { score, logprob, tokens }] of ranked.entries()) {
    expect(score).toBeCloseTo(logprob / tokens.length, 12);
    if (i > 0) expect(score).toBeLessThanOrEqual(ranked[i - 1]?.score as number);
  }
  const [alone] = await draw(1, 3);
  expect(alone?.tokens).toEqual(ranked.find(({ index }) => index === 3)?.tokens);
  await expect(bestOf(root, logits, createSampler({ temperature: 0 }), { of: 2, maxNewTokens: 3, randomOf: () => () => 0 })).rejects.toMatchObject({
    code: "option-without-effect",
  });
  const longest = await bestOf(root, logits, sampler, {
    of: 5,
    maxNewTokens: 6,
    ends: new Set([end]),
    randomOf: seededRandom,
    score: ({ tokens }) => tokens.length,
  });
  expect(longest[0]?.tokens.length).toBe(Math.max(...longest.map(({ tokens }) => tokens.length)));
});

test("contrastive search goes where the state is new", async () => {
  const states = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(1, 0.01), Float32Array.of(-1, 0), Float32Array.of(0, -1)];
  const ids: number[] = [];
  const network: HiddenStepper = {
    room: 20,
    feed: async (more) => {
      ids.push(...more);
      // Token 0 is always the most probable, and 2 nearly the same state.
      return { logits: Float32Array.of(2, 1, 1.9, 0.5, 0.4), hidden: more.map((id) => states[id] as Float32Array) };
    },
    back: (count) => {
      ids.length -= count;
    },
  };
  const [first, second] = await contrastiveSearch(network, [0], { k: 4, alpha: 0.6, maxNewTokens: 2 });
  expect(first).toMatchObject({ id: 3 });
  expect(first?.degeneration).toBeCloseTo(-1, 6);
  expect(second?.candidates.find(({ id }) => id === 0)?.degeneration).toBeCloseTo(1, 6);
  expect(ids).toEqual([0, 3]);
  await expect(contrastiveSearch(network, [0], { k: 1, alpha: 0.6, maxNewTokens: 2 })).rejects.toMatchObject({ code: "invalid-parameter" });
  await expect(contrastiveSearch(network, [0], { k: 2, alpha: 0, maxNewTokens: 2 })).rejects.toMatchObject({ code: "invalid-parameter" });
});
