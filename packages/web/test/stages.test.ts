import type { Instants } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { binChunks, longestGaps, marksOf, spanOf, stagesOf, ticks } from "../src/call/stages.ts";

const call = (instants: Instants) => ({ instants });
const brief = (instants: Instants) => stagesOf(call(instants)).map(({ name, start, end }) => `${name} ${start}–${end}`);

test("the stages of a streamed call join without a gap", () => {
  expect(brief({ connected: 30, headers: 300, firstToken: 420, firstText: 420, lastToken: 900, closed: 910 })).toEqual([
    "connect 0–30",
    "until headers 30–300",
    "until first token 300–420",
    "stream 420–900",
    "until close 900–910",
  ]);
});

test("a reused connection has no stage to connect; reasoning is its own stage", () => {
  expect(brief({ connected: 0, reused: true, headers: 300, firstToken: 400, firstText: 800, lastToken: 900, closed: 910 })).toEqual([
    "until headers 0–300",
    "until first token 300–400",
    "reasoning 400–800",
    "stream 800–900",
    "until close 900–910",
  ]);
});

test("what was not observed is not drawn", () => {
  expect(brief({})).toEqual([]);
  expect(brief({ headers: 50, closed: 60 })).toEqual(["until headers 0–50", "until close 50–60"]);
  expect(stagesOf(call({ headers: 50, closed: 60 })).at(-1)?.says).not.toContain("last token");
  expect(marksOf(call({ closed: 60, headers: 50 })).map(({ name }) => name)).toEqual(["headers", "closed"]);
  expect(spanOf(call({ headers: 50, chunks: [[70, 1]] }))).toBe(70);
});

test("an axis has round steps from 0 to the end", () => {
  expect(ticks(2900, 8)).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  expect(ticks(1, 4)).toEqual([0, 0.5, 1]);
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 20 }), (span, wanted) => {
      const at = ticks(span, wanted);
      expect(at[0]).toBe(0);
      expect(at.at(-1)).toBeLessThanOrEqual(span * (1 + 1e-9));
      expect(at.length).toBeLessThanOrEqual(wanted + 1);
    }),
  );
});

test("no byte is lost in the bins", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.nat(1000))), fc.integer({ min: 1, max: 50 }), (chunks, bins) => {
      const sum = (list: Iterable<number>) => [...list].reduce((a, b) => a + b, 0);
      expect(sum(binChunks(chunks, 100, bins))).toBe(sum(chunks.map(([, bytes]) => bytes)));
    }),
  );
});

test("the longest silences, longest first", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (gaps, count) => {
      const chunks = [0, ...gaps].map((_, i) => [gaps.slice(0, i).reduce((sum, gap) => sum + gap, 0), 1] as const);
      const found = longestGaps(chunks, count).map(({ start, end }) => end - start);
      expect(found).toEqual(gaps.toSorted((a, b) => b - a).slice(0, count));
    }),
  );
});
