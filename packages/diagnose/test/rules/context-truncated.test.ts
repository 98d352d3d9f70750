import { expect, test } from "vitest";
import { call, check, finish, message, pointedAt, request, text, usage, user } from "../calls.ts";
import { chatPrompt, localCall, localRequest } from "../local-calls.ts";

const facts = (tokens: number, exact = true) => ({
  prompt: {
    counted: tokens,
    tokenizer: { name: "t", exact },
    segments: [{ kind: "user" as const, at: "messages[0].content", label: "user", text: "…", tokens }],
  },
});

test("many more tokens sent than read", () => {
  const shortened = call(request(), text("Yes."), finish("stop"), usage({ inputTokens: 2_048, outputTokens: 2 }));
  expect(check("context.truncated", shortened, facts(9_000))[0]?.says).toContain("At least 9,000 tokens were sent and 2,048 read");
});

test("truncation that the request allows is certain, and switching it off the change", () => {
  const asked = request({ format: "openai-responses", parameters: { truncation: "auto" } });
  const shortened = call(asked, text("Yes."), finish("stop"), usage({ inputTokens: 2_048, outputTokens: 2 }));
  expect(check("context.truncated", shortened, facts(9_000))[0]).toMatchObject({ certainty: "certain", change: { set: { truncation: "disabled" } } });
});

test("silent for the error of an estimate, for a small difference, and without a count", () => {
  const read = call(request(), text("Yes."), finish("stop"), usage({ inputTokens: 2_048, outputTokens: 2 }));
  expect(check("context.truncated", read, facts(9_000, false))).toEqual([]);
  expect(check("context.truncated", read, facts(2_200))).toEqual([]);
  expect(check("context.truncated", read)).toEqual([]);
});

test("a local call that lost its beginning: how much, what it was, and a context that holds it", () => {
  const report = Array.from({ length: 40 }, (_, i) => `Paragraph ${i} of the report says little.`).join(" ");
  const asked = localRequest({
    messages: [message("system", "Answer as a pirate.", "messages[0]"), user(report, 1)],
    local: { contextSize: 128, overflow: "truncate-start" },
  });
  const all = chatPrompt(asked);
  const cut = localCall({ asked, prompt: all.slice(-96), run: { dropped: { tokens: all.length - 96, of: all.length, at: "start" } } });
  const [finding] = check("context.truncated", cut);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("Answer as a pirate.");
  const lost = finding ? pointedAt(cut, finding) : [];
  expect(lost[0]).toBe("Answer as a pirate.");
  expect(report.startsWith(lost[1] ?? "?")).toBe(true);
  expect(finding?.change?.setLocal).toEqual({ contextSize: 1_024 });
  expect(finding?.change?.symptom(cut)).toBe(true);
  expect(finding?.change?.symptom(localCall())).toBe(false);
  expect(check("context.truncated", localCall({ asked, run: { dropped: { tokens: 9, of: all.length, at: "end" } } }))).toEqual([]);
});
