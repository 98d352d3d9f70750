import { expect, test } from "vitest";
import { call, check, finish, reasoning, request, text, usage } from "../calls.ts";

const asked = request({ parameters: { maxOutputTokens: 1_000 } });

test("an empty answer whose output was all reasoning", () => {
  const ate = call(asked, finish("output-cap", "length"), usage({ inputTokens: 10, outputTokens: 1_000, reasoningTokens: 1_000 }));
  const [finding] = check("cut.reasoning-ate-budget", ate, { maxOutputTokens: 16_384 });
  expect(finding?.says).toBe("The answer is missing because reasoning used 1,000 tokens (100 % of the output) before the length limit was reached.");
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain", change: { set: { maxOutputTokens: 2_000 } } });
  expect(finding?.change?.symptom(ate)).toBe(true);
});

test("without counts, reasoning text and no answer text make it likely", () => {
  const ate = call(asked, reasoning("Let me think about the"), finish("output-cap", "max_tokens"));
  expect(check("cut.reasoning-ate-budget", ate)[0]).toMatchObject({ certainty: "likely" });
});

test("where the cap cannot be raised, less effort is the change", () => {
  const effort = request({ parameters: { maxOutputTokens: 1_000, reasoning: { effort: "high" } } });
  const ate = call(effort, finish("output-cap"), usage({ outputTokens: 1_000, reasoningTokens: 990 }));
  expect(check("cut.reasoning-ate-budget", ate, { maxOutputTokens: 1_000 })[0]?.change?.set).toEqual({ reasoning: { effort: "low" } });
});

test("silent when the answer took its share, when it ended by itself, and when it called a tool", () => {
  const half = call(asked, text("…"), finish("output-cap"), usage({ outputTokens: 1_000, reasoningTokens: 500 }));
  const whole = call(asked, text("Done."), finish("stop"), usage({ outputTokens: 1_000, reasoningTokens: 990 }));
  const called = call(
    asked,
    { type: "tool-call-start", answer: 0, call: 0, name: "f" },
    finish("output-cap"),
    usage({ outputTokens: 10, reasoningTokens: 10 }),
  );
  for (const fine of [half, whole, called]) expect(check("cut.reasoning-ate-budget", fine)).toEqual([]);
});
