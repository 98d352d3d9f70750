import type { Request } from "@cutaway/core";
import { expect, test } from "vitest";
import { call, check, finish, message, pointedAt, request, text, tool, user } from "../calls.ts";
import { localCall, localRequest } from "../local-calls.ts";

const sentence = "The river flows down to the sea and then it rises again. ";

test("a sentence repeated until the cap is a loop, certainly", () => {
  const looped = call(request(), text(`Rivers are old. ${sentence.repeat(12)}`), finish("output-cap", "length"));
  const [finding] = check("loop.repetition", looped);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("12 times, until the length limit ended it");
  expect(finding && pointedAt(looped, finding)[0]).toHaveLength(sentence.length);
  expect(finding?.change?.set).toEqual({ frequencyPenalty: 0.5 });
  expect(finding?.change?.symptom(looped)).toBe(true);
});

test("a loop that the model left is likely one", () => {
  const left = call(request(), text(`${sentence.repeat(8)}And that is all.`), finish("stop"));
  expect(check("loop.repetition", left)[0]).toMatchObject({ severity: "problem", certainty: "likely" });
});

test("a loop in tool arguments is found there", () => {
  const looped = call(request(), ...tool("write", `{"text": "${sentence.repeat(12)}`), finish("output-cap", "length"));
  const [finding] = check("loop.repetition", looped);
  expect(finding?.evidence[0]?.path).toBe("answers[0].toolCalls[0].arguments");
});

test("endless white space in JSON mode names JSON mode as the cause", () => {
  const blank = call(request({ parameters: { responseFormat: { type: "json" } } }), text(`{${" \n".repeat(2_000)}`), finish("output-cap", "length"));
  expect(check("loop.repetition", blank)[0]?.change?.set).toEqual({ responseFormat: undefined });
});

test("a format that takes no frequency penalty is offered temperature, and only where it was low", () => {
  const cold = request({ format: "anthropic-messages", parameters: { temperature: 0 } });
  expect(check("loop.repetition", call(cold, text(sentence.repeat(12)), finish("output-cap")))[0]?.change?.set).toEqual({ temperature: 0.7 });
  const warm = request({ format: "anthropic-messages", parameters: { temperature: 1 } });
  expect(check("loop.repetition", call(warm, text(sentence.repeat(12)), finish("output-cap")))[0]?.change).toBeUndefined();
});

test("where the prompt asks for repetition it is a note", () => {
  const asked = request({ messages: [user("Repeat the sentence 12 times.")] });
  expect(check("loop.repetition", call(asked, text(sentence.repeat(12)), finish("stop")))[0]).toMatchObject({
    severity: "note",
    certainty: "possible",
  });
});

test("silent for refrains, tables, code and lists of similar items", () => {
  const refrain = "Row, row, row your boat\nGently down the stream\nMerrily, merrily, merrily, merrily\nLife is but a dream\n\n".repeat(3);
  const table = `| name | value |\n|${"-".repeat(80)}|\n${Array.from({ length: 40 }, (_, i) => `| row ${i} | 0 |`).join("\n")}`;
  const code = `\`\`\`js\n${"    } else {\n        return null;\n    }\n".repeat(6)}\`\`\``;
  const list = Array.from({ length: 30 }, (_, i) => `- City ${String.fromCharCode(65 + (i % 26))}${i}: a town of ${i * 731} people`).join("\n");
  const array = JSON.stringify(Array.from({ length: 50 }, (_, id) => ({ id, name: "none", tags: [] })));
  const steps = Array.from({ length: 9 }, (_, i) => `Step ${i}: press the button and wait.`).join("\n");
  for (const fine of [refrain, table, code, list, array, steps]) {
    expect(check("loop.repetition", call(request({ messages: [message("user", "Write.", "messages[0]")] }), text(fine), finish("stop")))).toEqual([]);
  }
});

test("a local model is given a penalty, with its place in the sampler's order; where one is on already, chance", () => {
  const looped = (asked: Request) => localCall({ asked, answer: `A song. ${sentence.repeat(12)}`, finish: "output-cap" });
  const plain = localRequest({ parameters: { temperature: 0 } });
  const [finding] = check("loop.repetition", looped(plain));
  expect(finding?.change?.set).toEqual({ repetitionPenalty: 1.2 });
  expect(finding?.says).toContain("a token came at 90 % on average, with 0.30 nats of entropy");
  expect(finding?.evidence.find(({ kind }) => kind === "steps")?.path).toBe("answers[0].steps");
  const ordered = localRequest({ parameters: { temperature: 0.5 }, local: { samplerOrder: ["temperature"] } });
  expect(check("loop.repetition", looped(ordered))[0]?.change?.apply(ordered).local).toEqual({ samplerOrder: ["repetition_penalty", "temperature"] });
  const penalized = localRequest({ parameters: { temperature: 0, repetitionPenalty: 1.3 } });
  expect(check("loop.repetition", looped(penalized))[0]?.change?.set).toEqual({ temperature: 0.7 });
});

test("what is repeated is quoted from a line, a sentence or a word on", () => {
  const looped = call(request(), text(`Of rivers ${"and of a single word,\nA single word, ".repeat(12)}`), finish("output-cap"));
  const [finding] = check("loop.repetition", looped);
  expect(finding && pointedAt(looped, finding)[0]).toMatch(/^A single word, and of a single word,\n$/);
});
