import type { TokenStep } from "@cutaway/core";
import { expect, test } from "vitest";
import { unsureSpans } from "../src/index.ts";

const utf8 = new TextEncoder();
const steps = (...tokens: [text: string, probability: number | undefined][]): TokenStep[] =>
  tokens.map(([text, probability]) => ({ bytes: utf8.encode(text), ...(probability !== undefined && { logprob: Math.log(probability) }) }));

test("neighbours are one span with the lowest probability and where it is", () => {
  const spans = unsureSpans(steps(["He", 0.9], [" met", 0.9], [" Maria", 0.3], [" in", 0.9], [" Lisbon", 0.1], [".", 0.9]));
  expect(spans).toEqual([
    { span: { start: 2, end: 5 }, text: " Maria in Lisbon", probability: expect.closeTo(0.1, 9), step: 4, factual: true, overruled: false },
  ]);
});

test("far ones are two", () => {
  const sure = Array.from({ length: 4 }, (): [string, number] => [" and", 0.9]);
  expect(unsureSpans(steps(["It", 0.9], [" Rome", 0.1], ...sure, [" Oslo", 0.1])).map(({ text }) => text)).toEqual([" Rome", " Oslo"]);
});

test("left out: function words, punctuation, sentence beginnings, forced tokens, and tokens without a probability", () => {
  expect(unsureSpans(steps(["Certainly", 0.1], [",", 0.1], [" the", 0.1], [" which", 0.1], [".", 0.1], [" However", 0.1]))).toEqual([]);
  expect(unsureSpans(steps(["It", undefined], [" Rome", undefined]))).toEqual([]);
  expect(unsureSpans(steps(["It", 0.9], [" Rome", 0.1]).map((step) => ({ ...step, forced: "grammar" as const })))).toEqual([]);
});

test("a number counts as a fact even where a sentence begins with it", () => {
  expect(unsureSpans(steps(["42", 0.1], [" people", 0.9]))).toMatchObject([{ text: "42", factual: true, overruled: false }]);
});
