import fc from "fast-check";
import { expect, test } from "vitest";
import { reportHeads } from "../src/inspect/attention-report.ts";
import { promptUnits, tailOf } from "../src/inspect/prompt-units.ts";
import type { TokenFigures } from "../src/inspect/token-report.ts";
import { verdictsOf } from "../src/inspect/verdicts.ts";

/** One head whose query looks only where `at` says. */
const pattern = (tokens: number, at: (query: number) => number) => {
  const data = new Float32Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) data[query * tokens + at(query)] = 1;
  return { shape: [1, 1, tokens, tokens], data };
};
const ids = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5];
const options = { ids, position: 9, tail: 3, groups: [{ name: "first", positions: [0, 1] }] };
const headOf = (at: (query: number) => number) => reportHeads(0, pattern(10, at), options)[0];

test("heads are named by what they do", () => {
  expect(headOf(() => 0)).toMatchObject({ sink: 1, entropy: 0, is: ["sink"], asked: { sink: 1, tail: 0, groups: [1] } });
  expect(headOf((query) => Math.max(0, query - 1))?.is).toEqual(["previous-token"]);
  expect(headOf((query) => (query >= 5 ? query - 4 : query))).toMatchObject({ induction: 1, is: ["induction-like"], asked: { groups: [0] } });
  expect(headOf((query) => query)).toMatchObject({ is: [], asked: { sink: 0, tail: 1 } });
  expect(
    reportHeads(
      0,
      pattern(3, () => 0),
      { ...options, ids: [1, 2, 3], position: 2 },
    )[0],
  ).not.toHaveProperty("induction");
});

test("even attention has the entropy of its keys", () => {
  const data = new Float32Array(16).map((_, at) => (at % 4 <= Math.floor(at / 4) ? 1 / (Math.floor(at / 4) + 1) : 0));
  const [head] = reportHeads(0, { shape: [1, 1, 4, 4], data }, { ...options, ids: [1, 2, 3, 4], position: 3 });
  expect(head?.entropy).toBeCloseTo((Math.log(2) + Math.log(3) + Math.log(4)) / 3, 5);
  expect(head?.evenness).toBeCloseTo(1, 5);
});

test("units cover every token of text once, none of the template, and none reaches over two segments", () => {
  const token = fc.record({
    segment: fc.constantFrom("template" as const, "system" as const, "user" as const, "answer" as const),
    isSpecial: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(token, { maxLength: 200 }), (drawn) => {
      const tokens = drawn.map(({ segment, isSpecial }, id) => ({
        id: id as never,
        bytes: new Uint8Array(),
        segment,
        ...(isSpecial && { special: true as const }),
      }));
      const covered = promptUnits(tokens).flatMap(({ start, end, segment }) => {
        expect(end).toBeGreaterThan(start);
        for (let at = start; at < end; at++) expect(tokens[at]?.segment).toBe(segment);
        return Array.from({ length: end - start }, (_, at) => start + at);
      });
      expect(covered).toEqual(tokens.flatMap(({ segment, special }, at) => (special || segment === "template" ? [] : [at])));
      const tail = tailOf(tokens);
      expect(tail === undefined).toBe(!tokens.some(({ segment, special }) => !special && segment !== "template" && segment !== "answer"));
      if (tail) expect(tail.end - tail.start).toBeLessThanOrEqual(64);
    }),
  );
});

test("verdicts turn at their thresholds, and say where the views disagree", () => {
  const part = (change: number, share: number) => ({
    start: 0,
    end: 1,
    segment: "user" as const,
    logprob: -1 + change,
    change,
    divergence: 0.1,
    gradient: share,
    share,
  });
  const figures = (parts: TokenFigures["parts"], sink: number, divergence: number): TokenFigures => ({
    tokens: [],
    target: { id: 1, logprob: -1, rank: 0, against: 2, top: [] },
    parts,
    tail: { ...part(0, 0), divergence, attention: 0.2 },
    sink: { share: sink, heads: 1, of: 4 },
    lens: { layers: 2, appears: 0, stays: 1, rows: [] },
  });
  const kinds = (...given: Parameters<typeof figures>) => verdictsOf(figures(...given)).map(({ verdict }) => verdict);
  expect(kinds([part(-2, 0.9), part(0, 0.1)], 0.9, 0.5)).toEqual(["one-part", "read", "collapsed", "appears"]);
  expect(kinds([part(-0.2, 0.9), part(0, 0.1)], 0.5, 0.001)).toEqual(["spread", "not-read", "usual-sink", "appears"]);
  expect(kinds([], 0.1, 0.5)).toEqual(["nothing-to-leave-out", "read", "no-sink", "appears"]);
  const [agreeing] = verdictsOf(figures([part(-2, 0.9), part(0, 0.1)], 0, 1));
  const [other] = verdictsOf(figures([part(-2, 0.01), part(0, 0.3), part(0, 0.3), part(0, 0.39)], 0, 1));
  expect(agreeing).toMatchObject({ agree: true });
  expect(other).toMatchObject({ agree: false, says: expect.stringContaining("disagree") });
});
