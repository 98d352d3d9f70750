import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

const refusal = (message: string) => failed({ kind: "invalid-request", message, status: 400 });

test("a parameter to take out", () => {
  const asked = request({ model: "o3", parameters: { temperature: 0.2 } });
  const refused = call(asked, refusal("Unsupported parameter: 'temperature' is not supported with this model."));
  const [finding] = check("error.unsupported-parameter", refused);
  expect(finding?.says).toContain("“temperature”, as reasoning models do not take");
  expect(finding?.change?.set).toEqual({ temperature: undefined });
  expect(finding?.change?.apply(asked).parameters.temperature).toBeUndefined();
  expect(finding?.change?.symptom(refused)).toBe(true);
});

test("a parameter under another name keeps its value", () => {
  const asked = request({ parameters: { maxOutputTokens: 50 }, body: { model: "o3", max_tokens: 50 } });
  const refused = call(asked, refusal("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."));
  const [finding] = check("error.unsupported-parameter", refused);
  expect(finding?.change?.apply(asked).body).toEqual({ model: "o3", max_completion_tokens: 50 });
});

test("the wordings of other providers", () => {
  const texts = [
    "Unrecognized request argument supplied: top_k",
    "Unknown parameter: 'top_k'.",
    "top_k: Extra inputs are not permitted",
    "`top_k` is not supported with this model",
  ];
  for (const message of texts) expect(check("error.unsupported-parameter", call(request(), refusal(message)))[0]?.says).toContain("“top_k”");
});

test("silent for other refusals", () => {
  expect(check("error.unsupported-parameter", call(request(), refusal("Missing required parameter: 'model'.")))).toEqual([]);
});
