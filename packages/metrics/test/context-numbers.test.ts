import { expect, test } from "vitest";
import { contextNumbers } from "../src/index.ts";

test.each([
  [
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (5000 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
    { window: 8_192, requested: 9_000, prompt: 5_000, output: 4_000 },
  ],
  [
    "This model's maximum context length is 16385 tokens. However, your messages resulted in 20010 tokens. Please reduce the length of the messages.",
    { window: 16_385, prompt: 20_010 },
  ],
  ["prompt is too long: 210431 tokens > 200000 maximum", { wording: "Anthropic", prompt: 210_431, window: 200_000 }],
  [
    "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again",
    { wording: "Anthropic", prompt: 190_000, output: 20_000, window: 200_000 },
  ],
  [
    "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 8192 tokens and your request has 5000 input tokens (4000 > 8192 - 5000).",
    { wording: "vLLM", output: 4_000, window: 8_192, prompt: 5_000 },
  ],
  ["The decoder prompt (length 9000) is longer than the maximum model length of 8192.", { wording: "vLLM", prompt: 9_000, window: 8_192 }],
  [
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 500 `max_new_tokens`",
    { wording: "Text Generation Inference", window: 4_096, prompt: 4_000, output: 500 },
  ],
  [
    "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
    { wording: "llama.cpp", prompt: 9_000, window: 4_096 },
  ],
  [
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    { wording: "Gemini", prompt: 1_200_000, window: 1_048_576 },
  ],
  ["Your input exceeds the context window of this model. Please adjust your input and try again.", { wording: "OpenAI" }],
  ["Input is too long for requested model.", { wording: "Bedrock" }],
  ["Please reduce the length of the messages or completion.", { wording: "DeepSeek or Groq" }],
])("%s", (message, numbers) => {
  expect(contextNumbers(message)).toMatchObject(numbers);
});

test("other errors are none of it", () => {
  for (const text of ["Rate limit reached", "max_tokens: Field required", "Invalid 'messages'", ""]) expect(contextNumbers(text)).toBeUndefined();
});

test("hostile texts take no time to speak of", () => {
  for (const unit of ["maximum context length is ", "requested 1 tokens ", "prompt (", "too many tokens: ", "9"]) {
    expect(contextNumbers(unit.repeat(100_000))?.prompt).toBeUndefined();
  }
});
