import { expect, test } from "vitest";
import { call, check, finish, request, text, usage } from "../calls.ts";

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
