import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

const texts = [
  "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (5000 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
  "input length and `max_tokens` exceed context limit: 5000 + 4000 > 8192, decrease input length or `max_tokens` and try again",
  "`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 5000 `inputs` tokens and 4000 `max_new_tokens`",
  "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 8192 tokens and your request has 5000 input tokens (4000 > 8192 - 5000).",
  "This model's maximum context length is 8192 tokens. However, you requested 4000 output tokens and your request contains 5000 input tokens.",
  "This model's maximum context length is 8192 tokens. However, your messages resulted in 5000 tokens.",
];

test.each(texts)("prompt fits, prompt and cap do not: %s", (message) => {
  const asked = request({ parameters: { maxOutputTokens: 4_000 } });
  const [finding] = check("context.cap-too-large", call(asked, failed({ kind: "context-length", message, status: 400 })));
  expect(finding?.says).toBe(
    "The prompt's 5,000 tokens fit the window of 8,192, but not together with the 4,000 reserved for the answer; 3,192 are left for it.",
  );
  expect(finding?.change?.set).toEqual({ maxOutputTokens: 3_192 });
});

test("silent where the prompt alone is too large", () => {
  const message = "prompt is too long: 210000 tokens > 200000 maximum";
  expect(check("context.cap-too-large", call(request(), failed({ kind: "context-length", message, status: 400 })))).toEqual([]);
});

test("silent where the server stopped counting the prompt: what would fit is not known", () => {
  const message =
    "This model's maximum context length is 8192 tokens. However, you requested 1024 output tokens and your prompt contains at least 7169 input tokens.";
  const refused = call(request(), failed({ kind: "context-length", message, status: 400 }));
  expect(check("context.cap-too-large", refused)).toEqual([]);
  expect(check("context.error-text", refused)).toHaveLength(1);
});
