import { expect, test } from "vitest";
import { call, check, finish, pointedAt, request, text, tool, user } from "../calls.ts";
import { localCall, localRequest, step } from "../local-calls.ts";

const byParameter = request({ parameters: { responseFormat: { type: "json" } } });
const byWords = request({ messages: [user("List three rivers. Respond only with valid JSON.")] });

test("JSON cut by the cap: where it broke, and that the cap broke it", () => {
  const cut = call(byParameter, text('{"rivers": [\n  {"name": "Nile"},\n  {"name": "Ama'), finish("output-cap", "length"));
  const [finding] = check("structure.invalid-json", cut);
  expect(finding?.says).toBe(
    "The answer is not valid JSON: at $.rivers[1].name, line 3, column 16, the text ends inside a string; it was cut by the length limit (see cut.output-cap).",
  );
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
});

test("JSON broken in the middle is shown at the character", () => {
  const broken = call(byParameter, text('{"a": 1,\n "b": [1, 2,]}'), finish("stop"));
  const [finding] = check("structure.invalid-json", broken);
  expect(finding?.says).toContain("at $.b[2], line 2, column 13, a comma before the closing ]");
  expect(finding && pointedAt(broken, finding)[0]).toBe("]");
});

test("valid JSON in a fence, where JSON alone was asked for in words; the change asks by parameter", () => {
  const fenced = call(byWords, text('```json\n{"a": 1}\n```'), finish("stop"));
  const [finding] = check("structure.invalid-json", fenced);
  expect(finding?.says).toContain("a Markdown fence around it");
  expect(finding).toMatchObject({ severity: "warning", change: { set: { responseFormat: { type: "json" } } } });
  expect(finding?.change?.symptom(fenced)).toBe(true);
});

test("the place in a fence is counted in the whole answer", () => {
  const fenced = call(byWords, text('Here:\n```json\n{"a": tru}\n```'), finish("stop"));
  const [finding] = check("structure.invalid-json", fenced);
  expect(finding?.says).toContain("line 3, column 10");
  expect(finding && pointedAt(fenced, finding)[0]).toBe("}");
});

test("prose where JSON was asked for", () => {
  expect(check("structure.invalid-json", call(byWords, text("Nile, Amazon, Yangtze."), finish("stop")))[0]).toMatchObject({ certainty: "possible" });
  expect(check("structure.invalid-json", call(byParameter, text("Nile."), finish("stop")))[0]).toMatchObject({
    severity: "problem",
    certainty: "certain",
  });
});

test("an answer that is plainly JSON is judged without being asked", () => {
  expect(check("structure.invalid-json", call(request(), text('{"a": 1, b: 2}'), finish("stop")))[0]).toMatchObject({ severity: "warning" });
});

test("a broken example inside an explanation is only a note", () => {
  const example = `${"A long explanation. ".repeat(20)}\n\`\`\`json\n{"a": ...}\n\`\`\`\nAnd more.`;
  expect(check("structure.invalid-json", call(request(), text(example), finish("stop")))[0]).toMatchObject({ severity: "note" });
});

test("silent for valid JSON, for prose that mentions JSON, for brackets that are none, and for tool calls", () => {
  expect(check("structure.invalid-json", call(byParameter, text('{"a": [1, 2.5e3, "\\u00e9"]}'), finish("stop")))).toEqual([]);
  expect(
    check(
      "structure.invalid-json",
      call(request({ messages: [user("What is JSON?")] }), text("A format. [Note] {name} is a placeholder."), finish("stop")),
    ),
  ).toEqual([]);
  expect(check("structure.invalid-json", call(byWords, ...tool("f", "{}"), finish("tool-use")))).toEqual([]);
  expect(check("structure.invalid-json", call(request(), text("Use:\n```python\nx = {1: 2}\n```"), finish("stop")))).toEqual([]);
});

test("where no parameter can help, the change says it in the prompt", () => {
  const asked = request({ ...byWords, format: "anthropic-messages" });
  for (const of of [asked, byParameter]) {
    const fenced = call(of, text('```json\n{"a": 1}\n```'), finish("stop"));
    const [part] = check("structure.invalid-json", fenced)[0]?.change?.apply(of).messages[0]?.parts ?? [];
    expect(part).toMatchObject({ text: expect.stringMatching(/no Markdown fence/) });
  }
});

test("a sampled answer that breaks is made greedy; a greedy one under a penalty is freed of it; one that is cut does not count", () => {
  const question = [user("Return only valid JSON: a person.")];
  const drawn = localCall({ asked: localRequest({ messages: question, parameters: { temperature: 0.8, topP: 0.9 } }), answer: '{"a": <}' });
  const [sampled] = check("structure.invalid-json", drawn);
  expect(sampled?.change?.set).toEqual({ temperature: 0, topP: undefined });
  expect(sampled?.change?.symptom(drawn)).toBe(true);
  expect(sampled?.change?.symptom(localCall({ asked: localRequest({ messages: question }), answer: '{"a": 1', finish: "output-cap" }))).toBe(false);
  const penalized = localRequest({ messages: question, parameters: { temperature: 0, repetitionPenalty: 1.3 } });
  expect(check("structure.invalid-json", localCall({ asked: penalized, answer: '{"a": <}' }))[0]?.change?.set).toEqual({
    repetitionPenalty: undefined,
  });
  expect(check("structure.invalid-json", localCall({ asked: localRequest({ messages: question }), answer: '{"a": <}' }))[0]?.change).toBeUndefined();
});

test("a local model that fences its JSON or writes prose is given the opening bracket, unless fence or prose was drawn", () => {
  const question = [user("Return only valid JSON: a list.")];
  const fenced = '```json\n["a"]\n```';
  const [wrapped] = check("structure.invalid-json", localCall({ asked: localRequest({ messages: question }), answer: fenced }));
  expect(wrapped?.change?.setLocal).toEqual({ prefill: "[" });
  const asked = localRequest({ messages: question, parameters: { temperature: 1 } });
  const steps = [step("```json\n", 0.1, { "[": 0.8 }), step('["a"]', 0.9), step("\n```", 0.9)];
  expect(check("structure.invalid-json", localCall({ asked, answer: steps }))[0]?.change?.set).toEqual({ temperature: 0 });
  const [prose] = check("structure.invalid-json", localCall({ asked: localRequest({ messages: question }), answer: "Sure, here is a list." }));
  expect(prose?.change?.setLocal).toEqual({ prefill: "{" });
  const hot = localRequest({ messages: question, parameters: { temperature: 1.2 } });
  expect(check("structure.invalid-json", localCall({ asked: hot, answer: fenced }))[0]?.change?.set).toEqual({ temperature: 0 });
  const astray = [step("Sure, ", 0.1, { "[": 0.8 }), step("here is a list.", 0.9)];
  expect(check("structure.invalid-json", localCall({ asked, answer: astray }))[0]?.change?.set).toEqual({ temperature: 0 });
});
