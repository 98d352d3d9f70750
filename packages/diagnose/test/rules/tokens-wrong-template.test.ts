import { expect, test } from "vitest";
import { findingsOf } from "../../src/index.ts";
import { check, message, pointedAt, user } from "../calls.ts";
import { chatPrompt, localCall, localRequest, marker, plainTokens, rawPrompt } from "../local-calls.ts";

const llama2 = "<s>[INST] Explain in two sentences why the sky is blue. [/INST]";
const raw = (text: string, more = {}) => localRequest({ messages: [user(text)], local: { raw: true, ...more } });

test("raw text in another model's format that ended without a word: the answer shows it, the model's own template is the change", () => {
  const asked = raw(llama2);
  const empty = localCall({ asked, answer: "" });
  const [finding] = findingsOf(empty, {});
  expect(finding).toMatchObject({ rule: "tokens.wrong-template", severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("Llama 2");
  expect(finding?.says).toContain("ends before it says anything");
  expect(finding && pointedAt(empty, finding)).toEqual(["<s>[INST]"]);
  expect(finding?.change?.setLocal).toEqual({ raw: undefined });
  expect(finding?.change?.apply(asked).local).toEqual({});
  expect(finding?.change?.symptom(empty)).toBe(true);
  expect(finding?.change?.symptom(localCall({ asked: localRequest() }))).toBe(false);
});

test.each([
  ["runs to the cap", "Rivers are long and they are", "output-cap"],
  ["writes the next turn", "Paris.\nUser: And of Spain?\nAssistant: Madrid.", "stop"],
  ["writes another family's end token", "Mars</s>\n\nThis is a planet.", "stop"],
  ["writes a heading of a prompt", "It is Jupiter.\n\n### Explanation:\nJupiter is large.", "stop"],
  ["echoes a marker", "Paris.[/INST] And more.", "stop"],
  ["says the question again", "Explain in two sentences why rivers flow.", "stop"],
] as const)("an answer that %s shows it too, and the cap is a consequence", (_, answer, finish) => {
  const asked = raw("Explain in two sentences why rivers flow.");
  const findings = findingsOf(localCall({ asked, answer, finish }), {});
  expect(findings[0]).toMatchObject({ rule: "tokens.wrong-template", severity: "problem" });
  expect(findings.filter(({ severity }) => severity === "problem")).toHaveLength(1);
});

test("a template of the request's own without the model's markers; a good answer makes it a warning without a change", () => {
  const asked = localRequest({ local: { template: "### Instruction:\n{{ messages[0].content }}\n\n### Response:\n" } });
  const prompt = plainTokens("### Instruction:\nTell me about rivers.\n\n### Response:\n", "template");
  const [finding] = check("tokens.wrong-template", localCall({ asked, prompt }));
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding?.change).toBeUndefined();
  const [shown] = check("tokens.wrong-template", localCall({ asked, prompt, answer: "" }));
  expect(shown?.change?.setLocal).toEqual({ template: undefined });
});

test("the model's own markers written as plain text: reading them as tokens is the change", () => {
  const asked = raw("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
  const [finding] = check("tokens.wrong-template", localCall({ asked, prompt: rawPrompt(asked), answer: "" }));
  expect(finding?.says).toContain("plain text");
  expect(finding?.change?.setLocal).toEqual({ parseSpecial: true });
});

test("silent for the model's own template, for raw text with its markers as tokens, and for a model without a template", () => {
  expect(check("tokens.wrong-template", localCall({ answer: "" }))).toEqual([]);
  const asked = raw("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", { parseSpecial: true });
  expect(check("tokens.wrong-template", localCall({ asked, prompt: chatPrompt(localRequest()), answer: "" }))).toEqual([]);
  const base = raw("Once upon a time");
  const run = { template: { used: "none" as const, modelHasOne: false }, markers: [] };
  expect(check("tokens.wrong-template", localCall({ asked: base, answer: " there", finish: "output-cap", run }))).toEqual([]);
});

test("a BOS that is also a marker is no template", () => {
  const asked = raw("Tell me about rivers.", { bos: "always" });
  const prompt = [marker("<|im_start|>"), ...rawPrompt(asked)];
  expect(check("tokens.wrong-template", localCall({ asked, prompt, answer: "" }))).toHaveLength(1);
  expect(check("tokens.wrong-template", localCall({ asked: localRequest({ messages: [message("user", "Hi", "messages[0]")] }) }))).toEqual([]);
});
