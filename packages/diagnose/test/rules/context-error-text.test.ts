import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

test("an error without numbers: whose wording, and what is known besides", () => {
  const refused = call(request(), failed({ kind: "context-length", message: "Your input exceeds the context window of this model.", status: 400 }));
  const prompt = { counted: 9_000, tokenizer: { name: "t", exact: true }, segments: [] };
  expect(check("context.error-text", refused, { contextWindow: 8_192, prompt })[0]?.says).toBe(
    "The provider refused the call as too long for the context (in the wording of OpenAI); the prompt has about 9,000 tokens, the window is 8,192.",
  );
  expect(check("context.error-text", refused)[0]?.says).toContain("gives no numbers");
});

test("the text is enough where the kind is not known", () => {
  const message = "the request exceeds the available context size. try increasing the context size";
  expect(check("context.error-text", call(undefined, failed({ kind: "server", message, status: 500 })))[0]?.says).toContain("llama.cpp");
});

test("silent where the numbers tell prompt and cap apart, and for other errors", () => {
  const message = "prompt is too long: 210000 tokens > 200000 maximum";
  expect(check("context.error-text", call(request(), failed({ kind: "context-length", message })))).toEqual([]);
  expect(check("context.error-text", call(request(), failed({ kind: "invalid-request", message: "Missing required parameter: 'model'." })))).toEqual(
    [],
  );
});
