import type { Call, CallId, Evidence, Finding, StripToken } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lightsOf, litSpans, litTokens, placeOf, tokensOver, viewOf } from "../src/strip/lights.ts";

const id = "01HZZZZZZZZZZZZZZZZZZZZZZZ" as CallId;
const evidence = (part: Partial<Evidence>): Evidence => ({ kind: "text", call: id, at: { start: 0, end: 1 }, says: "", ...part });
const finding = (...list: Evidence[]): Finding => ({
  rule: "cut.x",
  calls: [id],
  severity: "problem",
  certainty: "certain",
  says: "",
  evidence: list,
});
const tokens = (...lengths: number[]): StripToken[] => {
  let at = 0;
  return lengths.map((length) => {
    const span = { start: at, end: at + length };
    at += length;
    return { span };
  });
};

test("a span of the text lights exactly the tokens it touches", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 }), fc.nat(200), fc.nat(30), (lengths, start, length) => {
      const list = tokens(...lengths);
      const all = lengths.reduce((sum, n) => sum + n, 0);
      fc.pre(start < all && length > 0);
      const span = { start, end: start + length };
      const touched = list.flatMap(({ span: own }, i) => (own.start < span.end && own.end > span.start ? [i] : []));
      expect(tokensOver(list, span)).toEqual({ start: touched[0], end: (touched.at(-1) as number) + 1 });
    }),
  );
});

test("evidence at the very end lights the last token; no tokens, no light", () => {
  expect(tokensOver(tokens(2, 3), { start: 5, end: 5 })).toEqual({ start: 1, end: 2 });
  expect(tokensOver([], { start: 0, end: 1 })).toBeUndefined();
});

test("steps light tokens only where the tokens are the steps, and only those of their answer", () => {
  const lights = lightsOf([finding(evidence({ kind: "steps", path: "answers[1].steps", at: { start: 1, end: 9 } }))], id, { finding: 0 });
  expect(litTokens(lights, 1, tokens(1, 1, 1), true)).toEqual([{ start: 1, end: 3, bright: true }]);
  expect(litTokens(lights, 1, tokens(1, 1, 1), false)).toEqual([]);
  expect(litTokens(lights, 0, tokens(1, 1, 1), true)).toEqual([]);
});

test("one evidence is bright, the others of its finding are soft; another call's are dark", () => {
  const other = evidence({ call: "01HYYYYYYYYYYYYYYYYYYYYYYY" as CallId });
  const lights = lightsOf([finding(evidence({ path: "a" }), evidence({ path: "b" }), other)], id, { finding: 0, evidence: 1 });
  expect(lights.map(({ bright }) => bright)).toEqual([false, true]);
  expect(lightsOf([], id, { finding: 3 })).toEqual([]);
  expect(litSpans(lights, "b", 10)).toEqual([{ start: 0, end: 1, bright: true }]);
});

test("each kind of evidence has a view", () => {
  expect(viewOf(evidence({ path: "answers[0].toolCalls[1].arguments" }))).toBe("tokens");
  expect(viewOf(evidence({ path: "messages[2].content" }))).toBe("prompt");
  expect(viewOf(evidence({ kind: "field", at: "usage.outputTokens" }))).toBe("fields");
  expect(viewOf(evidence({ kind: "field", at: "answers[0].reasoning" }))).toBe("tokens");
  expect(viewOf(evidence({ kind: "timing", at: "firstToken" }))).toBe("timing");
});

test("going to evidence opens its view, its answer and its first token", () => {
  const call = { id } as Call;
  const findings = [finding(evidence({ kind: "field", at: "usage.outputTokens" }), evidence({ path: "answers[1].text", at: { start: 4, end: 6 } }))];
  const strip = (answer: number) => (answer === 1 ? tokens(2, 2, 2) : undefined);
  expect(placeOf(call, findings, { finding: 0, evidence: 1 }, strip)).toEqual({
    lit: { finding: 0, evidence: 1 },
    view: "tokens",
    answer: 1,
    token: 2,
  });
  expect(placeOf(call, findings, { finding: 0, evidence: 0 }, strip)).toEqual({ lit: { finding: 0, evidence: 0 }, view: "fields" });
});

test("going to a finding shows where in the text it happened, and a field where there is no such place", () => {
  const call = { id } as Call;
  const field = evidence({ kind: "field", at: "usage.outputTokens" });
  const strip = (answer: number) => (answer === 1 ? tokens(2, 2, 2) : undefined);
  const placeOfAll = (...all: Parameters<typeof finding>) => placeOf(call, [finding(...all)], { finding: 0 }, strip);
  expect(placeOfAll(field, evidence({ path: "answers[1].text", at: { start: 4, end: 6 } }))).toEqual({
    lit: { finding: 0 },
    view: "tokens",
    answer: 1,
    token: 2,
  });
  expect(placeOfAll(field, evidence({ call: "01HYYYYYYYYYYYYYYYYYYYYYYY" as CallId, path: "answers[1].text" }))).toEqual({
    lit: { finding: 0 },
    view: "fields",
  });
});
