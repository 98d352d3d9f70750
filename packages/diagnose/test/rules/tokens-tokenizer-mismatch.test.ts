import { encodeUtf8, type TokenId } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";
import { call, check, finish, request, text, usage } from "../calls.ts";
import { chatPrompt, localCall, localRequest, step } from "../local-calls.ts";

const prose = `${"Rivers begin as springs, lakes or glaciers and carry sediment to the sea. ".repeat(8)}`;
const o200k = { tokenizer: await loadTokenizer("o200k_base"), exact: true };

test("one id with two texts in a call", () => {
  const prompt = chatPrompt(localRequest());
  const id = prompt[3]?.id as TokenId;
  const odd = localCall({ prompt, answer: [{ ...step("Rivers"), id }, step(" flow.")] });
  expect(check("tokens.tokenizer-mismatch", odd)[0]).toMatchObject({ severity: "problem", certainty: "certain" });
});

test("an id outside the tokenizer that was given for the model", () => {
  const outside = localCall({ answer: [{ ...step("Rivers"), id: 9_999_999 as TokenId }] });
  const facts = { tokenizer: { ...o200k, tokenizer: { ...o200k.tokenizer, vocabSize: 200_000, name: "mine", bytesOf: () => undefined } as never } };
  expect(check("tokens.tokenizer-mismatch", outside, facts)[0]?.says).toContain("outside the 200,000 tokens of mine");
});

test("an answer with fewer tokens by the provider's count than its text has by ours", () => {
  const counted = o200k.tokenizer.count(prose);
  const fewer = call(request(), text(prose), finish("stop"), usage({ outputTokens: Math.floor(counted / 1.5) }));
  expect(check("tokens.tokenizer-mismatch", fewer, { tokenizer: o200k })[0]).toMatchObject({ severity: "warning", certainty: "likely" });
  expect(check("tokens.tokenizer-mismatch", fewer, { tokenizer: { ...o200k, exact: false } })).toEqual([]);
});

test("tokens of the provider that end where the tokenizer would not cut", () => {
  const pieces = prose.match(/[\s\S]{1,3}/g) ?? [];
  const steps = pieces.map((piece) => ({ type: "token-step" as const, answer: 0, step: { bytes: encodeUtf8(piece), logprob: -0.1 } }));
  const odd = call(request(), text(prose), ...steps, finish("stop"));
  expect(check("tokens.tokenizer-mismatch", odd, { tokenizer: o200k })[0]?.says).toContain("o200k_base would not cut");
});

test("silent for the model's own tokens, for hidden reasoning, and for a local call as it should be", () => {
  const own = o200k.tokenizer.encodeWithSpans(prose).map(({ bytes }) => ({ type: "token-step" as const, answer: 0, step: { bytes, logprob: -0.1 } }));
  const counted = o200k.tokenizer.count(prose);
  expect(check("tokens.tokenizer-mismatch", call(request(), text(prose), ...own, finish("stop")), { tokenizer: o200k })).toEqual([]);
  const more = call(request(), text(prose), finish("stop"), usage({ outputTokens: counted * 3 }));
  expect(check("tokens.tokenizer-mismatch", more, { tokenizer: o200k })).toEqual([]);
  expect(check("tokens.tokenizer-mismatch", localCall())).toEqual([]);
});
