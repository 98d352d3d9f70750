import type { Answer, TokenStrip } from "@cutaway/core";
import { expect, test } from "vitest";
import { binHeights } from "../src/strip/bins.ts";
import { choicesOf } from "../src/strip/choices.ts";
import { describeToken } from "../src/strip/describe-token.ts";
import { bytesOf, nextLowConfidence, rankOf, tokensOf } from "../src/strip/tokens.ts";

const utf8 = new TextEncoder();
const answer = (text: string, steps?: Answer["steps"]): Answer => ({
  text,
  toolCalls: [],
  finish: { reason: "stop" },
  other: [],
  ...(steps && { steps }),
});
const euro: Answer = answer("€ x", [
  { bytes: Uint8Array.of(0xe2, 0x82), logprob: Math.log(0.9) },
  { bytes: Uint8Array.of(0xac), logprob: 0 },
  {
    bytes: utf8.encode(" x"),
    logprob: Math.log(0.2),
    at: 30,
    top: [
      { bytes: utf8.encode(" y"), logprob: Math.log(0.5) },
      { bytes: utf8.encode(" x"), logprob: Math.log(0.2) },
    ],
  },
]);
const euroStrip: TokenStrip = {
  answer: 0,
  source: "logprobs",
  tokens: [
    { span: { start: 0, end: 1 }, logprob: Math.log(0.9) },
    { span: { start: 0, end: 1 }, logprob: 0 },
    { span: { start: 1, end: 3 }, logprob: Math.log(0.2) },
  ],
};

test("tokens with steps show their own bytes, also halves of a character", () => {
  const tokens = tokensOf(euro, euroStrip);
  expect(tokens.shown).toEqual(["‹E2 82›", "‹AC›", " x"]);
  expect(tokens.hasProbabilities).toBe(true);
  expect([...tokens.probability].map((p) => p.toFixed(2))).toEqual(["0.90", "1.00", "0.20"]);
});

test("tokens without steps show their span once, and their probability is unknown, not 0", () => {
  const strip: TokenStrip = { answer: 0, source: "tokenizer", tokens: euroStrip.tokens.map(({ span }) => ({ span })) };
  const tokens = tokensOf(answer("€ x"), strip);
  expect(tokens.shown).toEqual(["€", "‹…›", " x"]);
  expect([...tokens.probability]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(tokens.hasProbabilities).toBe(false);
  expect(nextLowConfidence(tokens, -1)).toBeUndefined();
  expect([...bytesOf(tokens, 2)]).toEqual([0x20, 0x78]);
  expect(choicesOf(tokens, 2)).toBeUndefined();
  expect(describeToken(tokens, 2)).toBe("#2 · “ x” · probability unknown");
});

test("alternatives are ordered, the chosen one is marked, the mass not sent is the rest", () => {
  const tokens = tokensOf(euro, euroStrip);
  const found = choicesOf(tokens, 2);
  expect(found?.choices.map(({ shown, chosen }) => [shown, chosen])).toEqual([
    [" y", false],
    [" x", true],
  ]);
  expect(found?.rest).toBeCloseTo(0.3);
  expect(rankOf(tokens, 2)).toBe(1);
  expect(rankOf(tokens, 0)).toBeUndefined();
});

test("a chosen token outside the alternatives sent is listed among them, its rank stays unknown", () => {
  const outside = answer("z", [{ bytes: utf8.encode("z"), logprob: Math.log(0.01), top: [{ bytes: utf8.encode("y"), logprob: Math.log(0.9) }] }]);
  const tokens = tokensOf(outside, { answer: 0, source: "logprobs", tokens: [{ span: { start: 0, end: 1 }, logprob: Math.log(0.01) }] });
  expect(choicesOf(tokens, 0)?.choices.map(({ shown }) => shown)).toEqual(["y", "z"]);
  expect(rankOf(tokens, 0)).toBeUndefined();
});

test("the walk through unlikely tokens wraps around", () => {
  const tokens = tokensOf(euro, euroStrip);
  expect(nextLowConfidence(tokens, -1)).toBe(2);
  expect(nextLowConfidence(tokens, 2)).toBe(2);
});

test("the overview keeps the most surprising token of each column", () => {
  const bins = binHeights(Float32Array.of(0, 0.8, 0.1, Number.NaN, Number.NaN, Number.NaN), Uint8Array.of(0, 0, 0, 0, 2, 1), 2);
  expect([...bins.peak]).toEqual([1, -1]);
  expect([...bins.lit]).toEqual([0, 2]);
});
