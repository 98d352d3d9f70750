import { readFileSync } from "node:fs";
import type { TokenStep } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bleu, distinctN, entropyProfile, lengthsOf, perplexityOf, repetitionRates, selfBleu, wordsOf } from "../src/index.ts";

/** NLTK's; `tools/golden/text-measures.py` made it. */
const golden = JSON.parse(readFileSync(new URL("./fixtures/text-measures.json", import.meta.url), "utf8")) as {
  cases: { text: string[]; references: string[][]; order: number; bleu: number }[];
  groups: { texts: string[][]; selfBleu: number }[];
};

test("BLEU and self-BLEU are NLTK's", () => {
  for (const { text, references, order, bleu: theirs } of golden.cases) expect(bleu(text, references, { order })).toBeCloseTo(theirs, 10);
  for (const { texts, selfBleu: theirs } of golden.groups) expect(selfBleu(texts)).toBeCloseTo(theirs, 10);
  expect(selfBleu([["a"]])).toBeUndefined();
  expect(bleu([], [["a"]])).toBeUndefined();
});

const units = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 40 });

test("distinct-n, by hand and by pairs", () => {
  expect(distinctN([["a", "b", "a", "b"]], 1)).toBe(0.5);
  expect(distinctN([["a", "b", "a", "b"]], 2)).toBeCloseTo(2 / 3, 12);
  expect(
    distinctN(
      [
        ["a", "b"],
        ["a", "b"],
      ],
      2,
    ),
  ).toBe(0.5);
  expect(distinctN([["a"]], 2)).toBeUndefined();
  // Units that hold what joins them inside stay apart.
  expect(
    distinctN(
      [
        [12, 3],
        [1, 23],
      ],
      2,
    ),
  ).toBe(1);
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 4 }), (text, n) => {
      const runs = text.slice(0, Math.max(0, text.length - n + 1)).map((_, i) => JSON.stringify(text.slice(i, i + n)));
      expect(distinctN([text], n)).toEqual(runs.length === 0 ? undefined : new Set(runs).size / runs.length);
    }),
  );
});

test("repetition rates, against their definitions", () => {
  fc.assert(
    fc.property(units, (text) => {
      const { repeated, overall, nearby } = repetitionRates(text);
      for (const n of [1, 2, 3, 4] as const) {
        const distinct = distinctN([text], n);
        expect(repeated[n]).toEqual(distinct === undefined ? undefined : 1 - distinct);
      }
      if (text.length >= 4) expect(overall).toBeCloseTo(1 - [2, 3, 4].reduce((product, n) => product * (distinctN([text], n) as number), 1), 12);
      if (text.length < 2) return;
      const near = text.filter((unit, i) => text.slice(Math.max(0, i - 16), i).includes(unit)).length;
      expect(nearby[16]).toBeCloseTo(near / (text.length - 1), 12);
    }),
  );
  expect(repetitionRates([..."abcdabcdabcd"]).mostFrequent).toEqual({ run: ["a", "b", "c", "d"], times: 3 });
  expect(repetitionRates(["a"])).toEqual({ repeated: { 1: 0 }, nearby: {} });
});

const step = (entropy: number, more: Partial<TokenStep> = {}): TokenStep => ({ bytes: new Uint8Array(0), entropy, logprob: -entropy, ...more });

test("the entropy along an answer; forced tokens were not chosen", () => {
  const steps = [step(4), step(9, { forced: "prefill" }), step(2), step(1), step(0.05), step(0), step(0)];
  const profile = entropyProfile(steps);
  expect(profile).toMatchObject({ steps: 6, lowest: 0, highest: 4, sure: 0.5 });
  expect(profile?.mean).toBeCloseTo(7.05 / 6, 12);
  expect(profile?.quarters?.[0]).toBe(4);
  expect(profile?.quarters?.[3]).toBe(0);
  expect(profile?.decided).toBeUndefined();
  const stage = { stage: "top_k", kept: 1, removedMass: 0, entropyBefore: 1, entropyAfter: 0, kl: 0 };
  expect(entropyProfile([step(1, { stages: [stage] }), step(1, { stages: [{ ...stage, kept: 3 }] })])?.decided).toBe(0.5);
  expect(entropyProfile([{ bytes: new Uint8Array(1) }])).toBeUndefined();
});

test("perplexity is exp of the mean surprise of what was chosen", () => {
  expect(perplexityOf([{ logprob: Math.log(0.5) }, { logprob: Math.log(0.125) }, { logprob: -99, forced: "grammar" }])).toBeCloseTo(4, 12);
  expect(perplexityOf([{}])).toBeUndefined();
});

test("lengths", () => {
  expect(lengthsOf("")).toEqual({ characters: 0, words: 0, sentences: 0, lines: 0 });
  expect(lengthsOf("It's 3 – time 🕒 to go.\nReally? Yes!\n")).toEqual({ characters: 36, words: 7, sentences: 3, lines: 2 });
  expect(wordsOf("Don’t stop-start, ÉTÉ!")).toEqual(["don’t", "stop-start", ",", "été", "!"]);
});
