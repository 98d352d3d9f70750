import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, messages, modelName, startServed } from "./served.ts";

const schema = {
  type: "object",
  properties: { city: { enum: ["Oslo", "Rome"] }, age: { type: "integer", minimum: 0, maximum: 99 } },
  required: ["city", "age"],
  additionalProperties: false,
};
const chat = { model: modelName, messages, temperature: 0, max_tokens: 100 };

let shared: Awaited<ReturnType<typeof startServed>>;
beforeAll(async () => {
  shared = await startServed();
});
afterAll(() => shared.end());

const isValid = (text: string | null | undefined) => {
  const { city, age, ...rest } = JSON.parse(text ?? "") as { city: string; age: number };
  expect(["Oslo", "Rome"]).toContain(city);
  expect(Number.isInteger(age) && age >= 0 && age <= 99).toBe(true);
  expect(rest).toEqual({});
};

describe("a model that knows no JSON writes what it is held to", () => {
  const responseFormat = { type: "json_schema" as const, json_schema: { name: "place", schema, strict: true } };

  test("by OpenAI's client, whole and in a stream; the store has how it was held", async () => {
    const { client, store } = shared;
    const whole = await client.chat.completions.create({ ...chat, response_format: responseFormat });
    isValid(whole.choices[0]?.message.content);
    expect(whole.choices[0]?.finish_reason).toBe("stop");
    const chunks = await collect(await client.chat.completions.create({ ...chat, response_format: responseFormat, stream: true }));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(whole.choices[0]?.message.content);
    const call = store.get(store.resolve(whole.id.replace("chatcmpl-", "")))?.call;
    expect(call?.answers[0]?.held).toMatchObject({ complete: true });
    expect(call?.local?.constraint?.kind).toBe("json-schema");
  });

  test.each<[kind: string, body: object, expected: RegExp]>([
    ["structured_outputs.json", { structured_outputs: { json: schema } }, /^\s*\{/],
    [
      "structured_outputs.json as text",
      { structured_outputs: { json: JSON.stringify(schema), disable_any_whitespace: true } },
      /^\{"city":"(Oslo|Rome)","age":\d+\}$/,
    ],
    ["structured_outputs.regex", { structured_outputs: { regex: "[ab]{3}" } }, /^[ab]{3}$/],
    ["structured_outputs.choice", { structured_outputs: { choice: ["yes", "no"] } }, /^(yes|no)$/],
    ["structured_outputs.grammar, GBNF", { structured_outputs: { grammar: 'root ::= "x" [0-9]' } }, /^x\d$/],
    ["structured_outputs.grammar, Lark", { structured_outputs: { grammar: "start: /y[0-9]/" } }, /^y\d$/],
    ["guided_json", { guided_json: schema }, /^\s*\{/],
    ["guided_regex", { guided_regex: "[ab]{3}" }, /^[ab]{3}$/],
    ["guided_choice", { guided_choice: ["yes"] }, /^yes$/],
    ["guided_grammar", { guided_grammar: 'root ::= "x"' }, /^x$/],
  ])("%s", async (_, body, expected) => {
    const { status, json } = await shared.post("/v1/chat/completions", { ...chat, ...body });
    expect(status).toBe(200);
    expect(json.choices[0].message.content).toMatch(expected);
    const text = await shared.post("/v1/completions", { model: modelName, prompt: "x", temperature: 0, max_tokens: 100, ...body });
    expect(text.json.choices[0].text).toMatch(expected);
  });

  test("a JSON object of any kind begins as one", async () => {
    const { json } = await shared.post("/v1/chat/completions", { ...chat, max_tokens: 8, response_format: { type: "json_object" } });
    expect(json.choices[0].message.content).toMatch(/^\s?\s*\{/);
  });
});

test("a schema that cannot be held is refused before anything is generated, streamed or not", async () => {
  const format = { type: "json_schema", json_schema: { name: "x", schema: { type: "array", items: { type: "string" }, uniqueItems: true } } };
  for (const stream of [false, true]) {
    const { status, json } = await shared.post("/v1/chat/completions", { ...chat, stream, response_format: format });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ param: "response_format", code: "schema_unsupported", message: expect.stringContaining("uniqueItems") });
  }
});
