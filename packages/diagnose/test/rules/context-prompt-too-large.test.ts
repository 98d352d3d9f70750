import { expect, test } from "vitest";
import { call, check, failed, finish, message, request, text, usage, user } from "../calls.ts";
import { localRequest, refusedCall } from "../local-calls.ts";

const long = request({
  messages: [
    message("system", "Be brief.", "messages[0]"),
    user("x".repeat(4_000), 1),
    message("assistant", "y".repeat(4_000), "messages[2]"),
    user("Now?", 3),
  ],
});
const tooLong =
  "This model's maximum context length is 8192 tokens. However, your messages resulted in 10120 tokens. Please reduce the length of the messages.";

test("from the numbers in the error; the oldest turns are what to leave out", () => {
  const refused = call(long, failed({ kind: "context-length", message: tooLong, status: 400 }));
  const [finding] = check("context.prompt-too-large", refused);
  expect(finding?.says).toContain("The prompt has 10,120 tokens and the context window 8,192: 1,928 too many");
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.change?.apply(long).messages.map(({ at }) => at)).toEqual(["messages[0]", "messages[3]"]);
  expect(finding?.change?.symptom(refused)).toBe(true);
});

const split = (counted: number, exact: boolean) => ({
  contextWindow: 8_192,
  prompt: {
    counted,
    tokenizer: { name: "t", exact },
    segments: [{ kind: "history" as const, at: "messages[1].content", label: "user", text: "x", tokens: counted }],
  },
});

test("from our own count, where no answer came; what takes most of it is named", () => {
  const unsent = call(long);
  const [finding] = check("context.prompt-too-large", unsent, split(9_000, true));
  expect(finding).toMatchObject({ certainty: "certain" });
  expect(finding?.says).toContain("100 % of it is history");
  expect(check("context.prompt-too-large", unsent, split(9_500, false))[0]).toMatchObject({ certainty: "likely" });
});

test("silent where the prompt fits, where an estimate is near, and where the provider read it all", () => {
  expect(check("context.prompt-too-large", call(long), split(8_000, true))).toEqual([]);
  expect(check("context.prompt-too-large", call(long), split(8_500, false))).toEqual([]);
  const read = call(long, text("Yes."), finish("stop"), usage({ inputTokens: 9_000, outputTokens: 2 }));
  expect(check("context.prompt-too-large", read, split(9_000, true))).toEqual([]);
});

test("a prompt that fills the window leaves no room for an answer, whatever the cap", () => {
  const message =
    "This model's maximum context length is 8192 tokens. However, you requested 9216 tokens (8192 in the messages, 1024 in the completion).";
  const refused = call(long, failed({ kind: "context-length", message, status: 400 }));
  const [finding] = check("context.prompt-too-large", refused);
  expect(finding?.says).toBe("The prompt has 8,192 tokens and the context window 8,192: no room is left for an answer.");
  expect(finding?.change?.says).toContain("leave out the oldest");
});

test("a prompt that the local runtime refused: a context that holds it, up to what the model was trained for", () => {
  const asked = localRequest({ parameters: { temperature: 0, maxOutputTokens: 48 }, local: { contextSize: 512 } });
  const refused = refusedCall(asked, 1_423);
  const [finding] = check("context.prompt-too-large", refused);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("1,423 tokens and the context window 512: 911 too many");
  expect(finding?.change?.apply(asked).local).toEqual({ contextSize: 1_536 });
  expect(finding?.change?.symptom(refused)).toBe(true);
  expect(check("context.prompt-too-large", refusedCall(asked, 9_000))[0]?.change).toBeUndefined();
});
