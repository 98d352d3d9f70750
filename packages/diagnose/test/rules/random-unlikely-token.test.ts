import { expect, test } from "vitest";
import { findingsOf } from "../../src/index.ts";
import { call, check, finish, request, text, user } from "../calls.ts";
import { localCall, localRequest, step } from "../local-calls.ts";

const sampled = (more = {}) =>
  localRequest({ messages: [user("Return only valid JSON: a person.")], parameters: { temperature: 1.3, topK: 50, seed: 7, ...more } });
const head = ["{", '"name"', ":", ' "', "Ada", '"'].map((said) => step(said, 0.8));

test("JSON that breaks at a drawn token, where a likelier one would have kept it: the cause stands first and greedy decoding is the change", () => {
  const asked = sampled();
  const broken = localCall({ asked, answer: [...head, step(" <", 0.02, { ",": 0.7, "}": 0.2 }), step("x", 0.9), step("}", 0.9)] });
  const findings = findingsOf(broken, {});
  const [first] = findings;
  expect(first).toMatchObject({ rule: "random.unlikely-token", severity: "problem", certainty: "likely" });
  expect(first?.says).toContain("“ <” was drawn at 2.0 %, rank 3, where “,” stood at 70 %");
  expect(first?.evidence[0]).toMatchObject({ kind: "steps", path: "answers[0].steps", at: { start: 6, end: 7 } });
  expect(first?.change?.apply(asked).parameters).toEqual({ temperature: 0 });
  expect(first?.change?.symptom(broken)).toBe(true);
  expect(first?.change?.symptom(localCall({ asked, answer: [...head, step("}", 0.9)] }))).toBe(false);
  expect(findings.find(({ rule }) => rule === "structure.invalid-json")).toMatchObject({ severity: "note" });
});

test("an end drawn too early", () => {
  const early = localCall({ asked: sampled(), answer: head, finish: "unknown" });
  const ended = {
    ...early,
    answers: early.answers.map((one) => ({
      ...one,
      finish: { reason: "stop" as const },
      steps: [...(one.steps ?? []), step("", 0.03, { "}": 0.9 })],
    })),
  };
  expect(check("random.unlikely-token", ended)[0]?.says).toContain("the end of the answer was drawn at 3.0 %");
});

test("an unlikely token shortly before is possible as the reason", () => {
  const before = localCall({
    asked: sampled(),
    answer: [step("{", 0.9), step('"a', 0.9), step("b", 0.01, { '"': 0.9 }), step(': 1, "', 0.8), step("x", 0.8), step("}", 0.9)],
  });
  expect(check("random.unlikely-token", before)[0]).toMatchObject({ certainty: "possible" });
});

test("a refusal begun by a drawn token", () => {
  const asked = localRequest({ parameters: { temperature: 1 } });
  const refused = localCall({ asked, answer: [step("I", 0.05, { Rivers: 0.8 }), step("'m sorry, but I cannot help with that.", 0.9)] });
  const [finding] = findingsOf(refused, {});
  expect(finding).toMatchObject({ rule: "random.unlikely-token", severity: "problem" });
  expect(finding?.change?.symptom(refused)).toBe(true);
});

test("prose begun by a drawn token where JSON was asked for: a larger cap would not help", () => {
  const prose = localCall({ asked: sampled(), answer: [step("Barrier", 0.01, { "{": 0.7 }), step(" of", 0.8)], finish: "output-cap" });
  expect(
    findingsOf(prose, {})
      .map(({ rule, severity }) => `${rule} ${severity}`)
      .slice(0, 2),
  ).toEqual(["random.unlikely-token problem", "cut.output-cap note"]);
  expect(check("random.unlikely-token", localCall({ asked: sampled(), answer: [step("Barrier", 0.01, { Sure: 0.7 }), step(" of", 0.8)] }))).toEqual(
    [],
  );
});

test("silent for greedy calls, for JSON that breaks at the likeliest token, for a near tie, and for good JSON", () => {
  const bad = [...head, step(" <", 0.02, { ",": 0.7 }), step("}", 0.9)];
  expect(check("random.unlikely-token", localCall({ asked: sampled({ temperature: 0 }), answer: bad }))).toEqual([]);
  expect(check("random.unlikely-token", localCall({ asked: sampled(), answer: [...head, step(" <", 0.7, { ",": 0.2 }), step("}", 0.9)] }))).toEqual(
    [],
  );
  expect(check("random.unlikely-token", localCall({ asked: sampled(), answer: [...head, step(" <", 0.3, { ",": 0.4 }), step("}", 0.9)] }))).toEqual(
    [],
  );
  expect(check("random.unlikely-token", localCall({ asked: sampled(), answer: [...head, step("}", 0.02, { ",": 0.9 })] }))).toEqual([]);
});

test("a likelier token with which the JSON breaks as well is no reason", () => {
  const either = localCall({ asked: sampled(), answer: [...head, step(" <", 0.02, { " >": 0.9 }), step("}", 0.9)] });
  expect(check("random.unlikely-token", either)).toEqual([]);
});

test("without recorded probabilities nothing is said", () => {
  const asked = request({ messages: [user("Return only valid JSON: a person.")], parameters: { temperature: 1 } });
  expect(check("random.unlikely-token", call(asked, text('{"a": <}'), finish("stop")))).toEqual([]);
});
