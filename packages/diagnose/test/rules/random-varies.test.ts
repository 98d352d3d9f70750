import type { Call } from "@cutaway/core";
import { expect, test } from "vitest";
import { findingsOf } from "../../src/index.ts";
import { call, check, finish, request, text, user, withId } from "../calls.ts";
import { localCall, localRequest, step } from "../local-calls.ts";

const asked = request({ messages: [user("What is 17 × 23?")], parameters: { temperature: 1, stream: true } });
const said = (words: string, id: string, of = asked): Call => withId(call(of, text(words), finish("stop")), id);

test("two short answers that state different numbers are a problem, and greedy decoding is the change", () => {
  const [one, two] = [said("It is 391.", "1"), said("It is 381.", "2")];
  const [finding] = findingsOf(two, { related: [one] });
  expect(finding).toMatchObject({ rule: "random.varies", severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("after 7 characters (“81.” instead of “91.”)");
  expect(finding?.change?.set).toEqual({ temperature: 0 });
  expect(finding?.change?.symptom(two, [one, two])).toBe(true);
  expect(finding?.change?.symptom(two, [said("It is 381.", "3"), two])).toBe(false);
  expect(finding?.change?.symptom(two)).toBe(false);
});

test("longer answers that differ are a warning; what only says how it is sent does not make another request", () => {
  const one = said("Rivers begin as springs in the mountains.", "1", { ...asked, parameters: { temperature: 1 } });
  expect(check("random.varies", said("A river begins high up.", "2"), { related: [one] })[0]).toMatchObject({ severity: "warning" });
});

test("different although nothing was drawn: no change of the request helps", () => {
  const cold = { ...asked, parameters: { temperature: 0 } };
  const [finding] = check("random.varies", said("b", "2", cold), { related: [said("a", "1", cold)] });
  expect(finding?.says).toContain("though nothing is drawn");
  expect(finding?.change).toBeUndefined();
});

test("a drawn local call alone: how likely just this answer was, as a note", () => {
  const drawn = localCall({
    asked: localRequest({ parameters: { temperature: 0.9 } }),
    answer: [step("Rivers", 0.5, { Water: 0.4 }), step(" flow.", 0.2)],
  });
  const [finding] = findingsOf(drawn, {});
  expect(finding).toMatchObject({ rule: "random.varies", severity: "note", certainty: "likely" });
  expect(finding?.says).toContain("a probability of 9.5 %");
  expect(finding?.says).toContain("the seed 77 gives it again");
  expect(finding?.change?.symptom(drawn, [drawn, withId(localCall(), "9")])).toBe(true);
});

test("silent for the same answer, another request, a seed, greedy decoding, a failed call, and an answer that was nearly certain", () => {
  const one = said("It is 391.", "1");
  expect(check("random.varies", said("It is 391.", "2"), { related: [one] })).toEqual([]);
  expect(check("random.varies", said("It is 4.", "2", { ...asked, messages: [user("What is 2 + 2?")] }), { related: [one] })).toEqual([]);
  const seeds = (seed: number, words: string, id: string) => said(words, id, { ...asked, parameters: { temperature: 1, seed } });
  expect(check("random.varies", seeds(2, "It is 381.", "2"), { related: [seeds(1, "It is 391.", "1")] })).toEqual([]);
  expect(check("random.varies", localCall({ asked: localRequest({ parameters: { temperature: 0.9, seed: 4 } }) }))).toEqual([]);
  expect(check("random.varies", localCall())).toEqual([]);
  expect(check("random.varies", localCall({ asked: localRequest({ parameters: { temperature: 0.9 } }), answer: [step("Yes", 0.99)] }))).toEqual([]);
});
