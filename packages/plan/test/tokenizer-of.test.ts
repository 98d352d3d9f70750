import { expect, test } from "vitest";
import { tokenizerOf } from "../src/tokenizer-of.ts";

test.each([
  ["gpt-4o-mini", "o200k_base", true],
  ["gpt-4-0613", "cl100k_base", true],
  ["davinci-002", "cl100k_base", true],
  ["text-davinci-003", "p50k_base", true],
  ["code-cushman-001", "p50k_base", true],
  ["text-davinci-edit-001", "p50k_edit", true],
  ["text-davinci-001", "r50k_base", true],
  ["davinci", "r50k_base", true],
  ["meta-llama/Llama-3.1-8B-Instruct", "o200k_base", false],
])("%s is counted with %s", (model, name, exact) => {
  expect(tokenizerOf(model)).toEqual({ name, exact });
});

test("what reads no text has none", () => {
  expect(["dall-e-3", "whisper-1", "text-moderation-latest"].map(tokenizerOf)).toEqual([undefined, undefined, undefined]);
});
