import { expect, test } from "vitest";
import { call, check, finish, request, text, user } from "../calls.ts";
import { localCall, localRequest } from "../local-calls.ts";

const formats = {
  ChatML: "<|im_start|>user\nWhy do rivers flow?<|im_end|>\n<|im_start|>assistant\n",
  "Llama 2": "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhy do rivers flow? [/INST]",
  "Llama 3":
    "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nWhy do rivers flow?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
  Gemma: "<start_of_turn>user\nWhy do rivers flow?<end_of_turn>\n<start_of_turn>model\n",
  Zephyr: "<|system|>\nBe brief.</s>\n<|user|>\nWhy do rivers flow?</s>\n<|assistant|>\n",
  Alpaca:
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nWhy do rivers flow?\n\n### Response:\n",
  Vicuna: "USER: Why do rivers flow? ASSISTANT:",
};

test.each(Object.entries(formats))("a message written in the format of %s, and its words alone as the change", (name, rendered) => {
  const asked = localRequest({ messages: [user(rendered)] });
  const went = localCall({ asked, answer: "Because the water is the water is", finish: "output-cap" });
  const [finding] = check("tokens.doubled-template", went);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain(`the format of ${name}`);
  expect(finding?.change?.apply(asked).messages[0]?.parts[0]).toMatchObject({ text: "Why do rivers flow?" });
  expect(finding?.change?.symptom(went)).toBe(true);
});

test("of a remote call it is likely, and a good answer makes it a warning without a change", () => {
  const [finding] = check(
    "tokens.doubled-template",
    call(request({ messages: [user(formats["Llama 2"])] }), text("They flow down."), finish("stop")),
  );
  expect(finding).toMatchObject({ severity: "warning", certainty: "likely" });
  expect(finding?.change).toBeUndefined();
});

test("silent for a question about templates, for a prompt sent raw, and for markers that open nothing", () => {
  const about = "What do <|im_start|> and <|im_end|> mean in ChatML, and why does Llama 2 use [INST] and [/INST] for the same in its prompts?";
  const headings = "Write a README with the headings ### Instruction: and ### Response: and explain what belongs under each of the two of them.";
  for (const fine of [about, headings, "[INST] is a tag", "USER: is a word"]) {
    expect(check("tokens.doubled-template", localCall({ asked: localRequest({ messages: [user(fine)] }), finish: "output-cap" }))).toEqual([]);
  }
  const asked = localRequest({ messages: [user(formats.ChatML)], local: { raw: true, parseSpecial: true } });
  expect(check("tokens.doubled-template", localCall({ asked, finish: "output-cap" }))).toEqual([]);
});
