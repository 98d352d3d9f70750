import { expect, test } from "vitest";
import { findingsOf } from "../src/index.ts";
import { call, cutCall, failed, finish, reasoning, request, text, usage } from "./calls.ts";

const rulesOf = (...of: Parameters<typeof findingsOf>) => findingsOf(...of).map(({ rule, severity }) => `${rule} ${severity}`);
const json = request({ parameters: { maxOutputTokens: 100, responseFormat: { type: "json" } } });

test("a loop that ran into the cap stands before the cap, whose own change would not help", () => {
  const looped = call(request(), text("The river flows down to the sea again. ".repeat(20)), finish("output-cap"), usage({ outputTokens: 200 }));
  const findings = findingsOf(looped, {});
  expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(["loop.repetition problem", "cut.output-cap note"]);
  expect(findings[1]?.says).toMatch(/It follows from loop\.repetition\.$/);
  expect(findings[1]?.change).toBeUndefined();
});

test("JSON that the cap cut stands after the cap and points at it", () => {
  const cut = call(json, text('{"a": [1, 2'), finish("output-cap"), usage({ outputTokens: 100 }));
  expect(rulesOf(cut, {})).toEqual(["cut.output-cap problem", "structure.invalid-json problem"]);
});

test("JSON that broke before the cap stands before it: a larger cap would not mend it", () => {
  const broken = call(json, text('{"a": <, "b": [1, 2'), finish("output-cap"), usage({ outputTokens: 100 }));
  const findings = findingsOf(broken, {});
  expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(["structure.invalid-json problem", "cut.output-cap note"]);
  expect(findings[1]?.says).toContain("had broken before");
});

test("a refusal is not also invalid JSON, and an answer eaten by reasoning neither", () => {
  expect(rulesOf(call(json, text("I'm sorry, but I cannot help with that."), finish("stop")), {})).toEqual(["refusal.refused problem"]);
  const ate = call(json, reasoning("hm"), text("{"), finish("output-cap"), usage({ outputTokens: 100, reasoningTokens: 99 }));
  expect(rulesOf(ate, {})).toEqual(["cut.reasoning-ate-budget problem"]);
});

test("an error in the stream explains why its end is missing", () => {
  const broke = cutCall(request(), "server", text("Riv"), failed({ kind: "overloaded", message: "Overloaded", inStream: true }));
  expect(rulesOf(broke, {})).toEqual(["error.overloaded problem", "error.in-stream problem", "cut.no-terminal note"]);
});

test("findings of different answers are not taken together", () => {
  const looped = "The river flows down to the sea again. ".repeat(20);
  const two = call(request(), text(looped, 0), { type: "answer-finish", answer: 0, finish: { reason: "stop" } }, text("Rivers", 1), {
    type: "answer-finish",
    answer: 1,
    finish: { reason: "output-cap" },
  });
  expect(rulesOf(two, {})).toEqual(["cut.output-cap problem", "loop.repetition problem"]);
});

test("nothing is found in a whole, ordinary call, and a request alone has no answer to judge", () => {
  expect(rulesOf(call(request(), text("Rivers begin as springs."), finish("stop"), usage({ inputTokens: 12, outputTokens: 6 })), {})).toEqual([]);
});
