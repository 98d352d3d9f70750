import type { PromptToken, TokenId } from "@cutaway/core";
import { expect, test } from "vitest";
import { fitPrompt } from "../src/fit-prompt.ts";

const prompt = (length: number): PromptToken[] =>
  Array.from({ length }, (_, id) => ({ id: id as TokenId, bytes: new Uint8Array(0), segment: "user" }));
const idsOf = (fitted: { tokens: PromptToken[] } | undefined) => fitted?.tokens.map(({ id }) => id as number);

test("a prompt that leaves room for one token is never touched, whatever is asked", () => {
  for (const overflow of ["refuse", "truncate-start", "truncate-end"] as const) {
    const fitted = fitPrompt(prompt(31), 32, { overflow });
    expect(fitted).toEqual({ tokens: prompt(31) });
  }
});

test("one token more is refused, by default too", () => {
  expect(fitPrompt(prompt(32), 32, {})).toBeUndefined();
  expect(fitPrompt(prompt(32), 32, { overflow: "refuse" })).toBeUndefined();
});

test("truncated, it leaves a quarter of the context to the answer, or less where less is asked for", () => {
  const start = fitPrompt(prompt(40), 32, { overflow: "truncate-start" });
  expect(idsOf(start)).toEqual(Array.from({ length: 24 }, (_, i) => i + 16));
  expect(start?.dropped).toEqual({ tokens: 16, of: 40, at: "start" });
  const end = fitPrompt(prompt(40), 32, { overflow: "truncate-end", maxOutputTokens: 2 });
  expect(idsOf(end)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(end?.dropped).toEqual({ tokens: 10, of: 40, at: "end" });
});

test("nothing is left to truncate to: refused", () => {
  expect(fitPrompt(prompt(5), 1, { overflow: "truncate-end" })).toBeUndefined();
  expect(fitPrompt(prompt(5), -3, { overflow: "truncate-start" })).toBeUndefined();
});
