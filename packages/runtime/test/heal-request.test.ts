import { type CallEvent, type CallId, foldCall, type LocalOptions, type Parameters, type PromptToken } from "@cutaway/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { healRequest, type LocalModel, localRequest, openLocalModel } from "../src/index.ts";
import { tinyLlamaFile } from "../src/testing.ts";

const file = tinyLlamaFile({ seed: 3, endless: true });
let model: LocalModel;
beforeAll(async () => {
  model = await openLocalModel({ path: file.path, name: "tiny" }, { threads: 1 });
});
afterAll(async () => {
  await model.close();
  file.remove();
});

const greedy = { temperature: 0, maxOutputTokens: 6 };
const asked = (text: string, local: LocalOptions, parameters: Parameters = greedy) =>
  localRequest({ model: "tiny", messages: [{ role: "user", text }], parameters, local });

async function eventsOf(request: ReturnType<typeof asked>): Promise<CallEvent[]> {
  const events: CallEvent[] = [];
  for await (const event of model.call(request)) events.push(event);
  return events;
}
const promptIn = (events: CallEvent[]): PromptToken[] => events.flatMap((event) => (event.type === "prompt-tokens" ? event.tokens : []));
const callOf = (events: CallEvent[]) => foldCall(events, { id: "01J9ZK3V7Q8M2N4P6R8T0W2Y4A" as CallId, origin: { kind: "local" } });

async function heal(request: ReturnType<typeof asked>) {
  const tokenizer = model.tokenizer?.tokenizer;
  if (!tokenizer) throw new Error("no tokenizer");
  return healRequest(request, promptIn(await eventsOf(request)), { tokenizer, isEncoderDecoder: false });
}

test("a raw prompt that ends inside a token: the answer begins with the end that was taken back, and may join it to what follows", async () => {
  const request = asked("in t", { raw: true });
  const { request: healed, begins, tokens } = await heal(request);
  expect([begins, tokens]).toEqual([" t", 2]);
  const [whole, cut] = [callOf(await eventsOf(request)), callOf(await eventsOf(healed))];
  expect(cut.prompt?.map(({ id }) => id)).toEqual(whole.prompt?.slice(0, -2).map(({ id }) => id));
  expect(cut.answers[0]?.text.startsWith(" t")).toBe(true);
  expect(cut.answers[0]?.steps?.[0]?.stages?.[0]).toMatchObject({ stage: "grammar", kept: 2 });
});

test("a pattern and a choice hold from the healed end on", async () => {
  const pattern = callOf(await eventsOf((await heal(asked("in t", { raw: true, constraint: { regex: "hat|wo" } }))).request));
  expect([" that", " two"]).toContain(pattern.answers[0]?.text);
  const choice = callOf(await eventsOf((await heal(asked("in t", { raw: true, constraint: { choice: ["o", "hese"] } }))).request));
  expect([" to", " these"]).toContain(choice.answers[0]?.text);
});

test("the beginning that an answer is given is healed in the same way, characters that mean something in patterns included", async () => {
  const { request, begins } = await heal(asked("hi", { prefill: "(a+b)? in t" }));
  expect([begins, request.local?.prefill]).toEqual([" t", "(a+b)? in"]);
  expect(callOf(await eventsOf(request)).answers[0]?.text.startsWith("(a+b)? in t")).toBe(true);
});

test("an end that no longer token could span stays", async () => {
  const request = asked("what?", { raw: true });
  expect(await heal(request)).toEqual({ request, begins: "", tokens: 0 });
});

test.each<[string, LocalOptions, Parameters]>([
  ["option-without-effect", {}, greedy],
  ["unsupported-parameter", { raw: true }, { ...greedy, responseFormat: { type: "json" } }],
  ["unsupported-parameter", { raw: true, constraint: { grammar: { syntax: "gbnf", text: 'root ::= "a"' } } }, greedy],
  ["unsupported-parameter", { prefill: "in t", constraint: { regex: "in t.*" } }, greedy],
])("%s: %j", async (code, local, parameters) => {
  await expect(heal(asked("in t", local, parameters))).rejects.toThrow(expect.objectContaining({ code }));
});
