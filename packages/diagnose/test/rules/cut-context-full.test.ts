import { expect, test } from "vitest";
import { call, check, finish, message, request, text, usage, user } from "../calls.ts";
import { localCall, localRequest } from "../local-calls.ts";

const asked = request({
  messages: [
    message("system", "Be brief.", "messages[0]"),
    user("x".repeat(400), 1),
    message("assistant", "y".repeat(400), "messages[2]"),
    user("And now?", 3),
  ],
  parameters: { maxOutputTokens: 4_096 },
});

test("length with input and output that fill the window is a full window, not a cap", () => {
  const full = call(asked, text("Rivers"), finish("output-cap", "length"), usage({ inputTokens: 8_100, outputTokens: 92 }));
  const [finding] = check("cut.context-full", full, { contextWindow: 8_192 });
  expect(finding?.says).toContain("filled the window of 8,192 tokens (8,100 of the prompt + 92 of the answer)");
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  const changed = finding?.change?.apply(asked);
  expect(changed?.messages.map(({ at }) => at)).toEqual(["messages[0]", "messages[3]"]);
});

test("the provider's own word for it needs no window", () => {
  const full = call(undefined, text("Rivers"), finish("context-full", "model_context_window_exceeded"));
  expect(check("cut.context-full", full)[0]?.says).toContain("filled the context window");
});

test("silent where the cap was reached, where the window is far, and where it is unknown", () => {
  const capped = call(
    request({ parameters: { maxOutputTokens: 92 } }),
    text("…"),
    finish("output-cap", "length"),
    usage({ inputTokens: 8_100, outputTokens: 92 }),
  );
  expect(check("cut.context-full", capped, { contextWindow: 8_192 })).toEqual([]);
  const far = call(asked, text("…"), finish("output-cap", "length"), usage({ inputTokens: 100, outputTokens: 92 }));
  expect(check("cut.context-full", far, { contextWindow: 8_192 })).toEqual([]);
  expect(check("cut.context-full", far)).toEqual([]);
});

test("a conversation of one turn has nothing to leave out", () => {
  const full = call(request(), text("Rivers"), finish("context-full"));
  expect(check("cut.context-full", full)[0]?.change).toBeUndefined();
});

test("a local call is given a larger context", () => {
  const asked = localRequest({ local: { contextSize: 64 } });
  const full = localCall({ asked, answer: "Rivers are long and they are", finish: "context-full" });
  const [finding] = check("cut.context-full", full);
  expect(finding?.change?.setLocal).toEqual({ contextSize: 512 });
  expect(finding?.change?.symptom(full)).toBe(true);
  expect(finding?.change?.symptom(localCall())).toBe(false);
});
