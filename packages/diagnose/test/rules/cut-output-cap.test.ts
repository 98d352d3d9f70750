import { expect, test } from "vitest";
import { call, check, finish, pointedAt, reasoning, request, text, tool, usage } from "../calls.ts";
import { localCall, localRequest } from "../local-calls.ts";

const asked = request({ parameters: { maxOutputTokens: 100 } });

test("an answer that ran into its cap is cut there, and a higher cap is the change", () => {
  const cut = call(asked, text("Rivers begin as springs and"), finish("output-cap", "length"), usage({ inputTokens: 12, outputTokens: 100 }));
  const [finding] = check("cut.output-cap", cut, { contextWindow: 128_000 });
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toBe("The answer stops after 100 tokens because it reached the cap of 100 tokens.");
  expect(finding && pointedAt(cut, finding)).toEqual(["Rivers begin as springs and"]);
  expect(finding?.change?.set).toEqual({ maxOutputTokens: 200 });
  expect(finding?.change?.apply(asked).parameters.maxOutputTokens).toBe(200);
  expect(finding?.change?.symptom(cut)).toBe(true);
});

test("the suggested cap stays within the model's maximum", () => {
  const cut = call(asked, text("…"), finish("output-cap", "length"), usage({ inputTokens: 12, outputTokens: 100 }));
  expect(check("cut.output-cap", cut, { maxOutputTokens: 150 })[0]?.change?.set).toEqual({ maxOutputTokens: 150 });
  expect(check("cut.output-cap", cut, { maxOutputTokens: 100 })[0]?.change).toBeUndefined();
});

test("without a cap of the caller's own, the model's maximum is named and no cap is offered", () => {
  const cut = call(request(), text("…"), finish("output-cap", "length"), usage({ inputTokens: 12, outputTokens: 4_096 }));
  const [finding] = check("cut.output-cap", cut, { maxOutputTokens: 4_096 });
  expect(finding?.says).toContain("the model's own maximum of 4,096 tokens");
  expect(finding?.change).toBeUndefined();
});

test("silent when the window was full, when reasoning took the budget, and when the model stopped by itself", () => {
  const full = call(asked, text("…"), finish("output-cap", "length"), usage({ inputTokens: 8_100, outputTokens: 92 }));
  expect(check("cut.output-cap", full, { contextWindow: 8_192 })).toEqual([]);
  const thought = call(asked, reasoning("hm"), finish("output-cap", "length"), usage({ outputTokens: 100, reasoningTokens: 100 }));
  expect(check("cut.output-cap", thought)).toEqual([]);
  expect(check("cut.output-cap", call(asked, text("Done."), finish("stop"), usage({ outputTokens: 100 })))).toEqual([]);
});

test.each([
  [10, {}, "raise the output cap to 40, a first try: nothing tells how much is missing"],
  [64, {}, "raise the output cap to 150, a first try: nothing tells how much is missing"],
  [64, { maxOutputTokens: 100 }, "raise the output cap to 100, the most that the model writes"],
  [64, { contextWindow: 112 }, "raise the output cap to 100, the most that the context window leaves"],
])("a cap of %i: the change says why it is just that one", (cap, facts, says) => {
  const cut = call(request({ parameters: { maxOutputTokens: cap } }), text("…"), finish("output-cap"), usage({ inputTokens: 12, outputTokens: cap }));
  expect(check("cut.output-cap", cut, facts)[0]?.change?.says).toBe(says);
});

test("where neither a cap nor a count is known, no number is made up", () => {
  expect(check("cut.output-cap", call(undefined, text("…"), finish("output-cap")))[0]?.change).toBeUndefined();
});

test("what was written last is where it breaks off: the arguments of a tool call", () => {
  const inArguments = call(asked, text("I will look."), ...tool("weather", '{"city": "Par'), finish("output-cap"));
  const [finding] = check("cut.output-cap", inArguments);
  expect(finding?.evidence.at(-1)).toMatchObject({ kind: "text", path: "answers[0].toolCalls[0].arguments" });
  expect(finding && pointedAt(inArguments, finding)).toEqual(['{"city": "Par']);
  const before = call(asked, text("I will look."), { type: "tool-call-start", answer: 0, call: 0, name: "weather" }, finish("output-cap"));
  expect(check("cut.output-cap", before)[0]?.evidence.at(-1)).toMatchObject({ kind: "field", at: "answers[0].toolCalls[0].arguments" });
});

test("a local model's cap is raised to what nearly every answer takes, within its context", () => {
  const capped = (contextSize: number) =>
    localCall({ asked: localRequest({ parameters: { temperature: 0, maxOutputTokens: 24 }, local: { contextSize } }), finish: "output-cap" });
  expect(check("cut.output-cap", capped(8_192))[0]?.change?.set).toEqual({ maxOutputTokens: 512 });
  const small = capped(128);
  expect(check("cut.output-cap", small)[0]?.change?.set).toEqual({ maxOutputTokens: 128 - (small.usage.inputTokens ?? 0) });
});
