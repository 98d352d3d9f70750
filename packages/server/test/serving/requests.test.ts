import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, messages, modelName, served, startServed } from "./served.ts";

const chat = { model: modelName, messages, temperature: 0, max_tokens: 4 };
const text = { model: modelName, prompt: "in the", temperature: 0, max_tokens: 4 };

let shared: Awaited<ReturnType<typeof startServed>>;
beforeAll(async () => {
  shared = await startServed();
});
afterAll(() => shared.end());

describe("what would have no effect, or is wrong, is refused with its name", () => {
  test.each<[param: string, body: object]>([
    ["frequency_penalty", { frequency_penalty: 101 }],
    ["presence_penalty", { presence_penalty: "much" }],
    ["logit_bias", { logit_bias: { cat: 1 } }],
    ["logit_bias", { logit_bias: [1] }],
    ["top_p", { top_p: 0.5 }],
    ["dry_base", { dry_base: 2 }],
    ["dry_sequence_breakers", { dry_multiplier: 1, dry_sequence_breakers: "x" }],
    ["mirostat", { mirostat: 3 }],
    ["response_format.type", { response_format: { type: "xml" } }],
    ["response_format", { response_format: "json" }],
    ["response_format.json_schema", { response_format: { type: "json_schema" } }],
    ["response_format.json_schema", { response_format: { type: "json_object", json_schema: {} } }],
    ["response_format.json_schema.mood", { response_format: { type: "json_schema", json_schema: { name: "x", schema: {}, mood: 1 } } }],
    ["response_format", { response_format: { type: "json_schema", json_schema: { name: "x", schema: { type: "word" } } } }],
    ["guided_regex", { response_format: { type: "json_object" }, guided_regex: "a" }],
    ["structured_outputs", { structured_outputs: {} }],
    ["structured_outputs.regex", { structured_outputs: { json: {}, regex: "a" } }],
    ["structured_outputs.choice", { structured_outputs: { choice: [] } }],
    ["structured_outputs.structural_tag", { structured_outputs: { structural_tag: "{}" } }],
    ["structured_outputs.disable_any_whitespace", { structured_outputs: { regex: "a", disable_any_whitespace: true } }],
    ["guided_json", { guided_json: "{" }],
    ["guided_decoding_backend", { guided_decoding_backend: "outlines" }],
    ["guided_whitespace_pattern", { guided_json: {}, guided_whitespace_pattern: " ?" }],
    ["reasoning_effort", { reasoning_effort: "low" }],
    ["user", { user: "me" }],
    ["metadata", { metadata: { a: "b" } }],
    ["audio", { audio: {} }],
    ["__proto__x", { __proto__x: 1 }],
    ["top_logprobs", { top_logprobs: 2 }],
    ["top_logprobs", { logprobs: true, top_logprobs: 101 }],
    ["logprobs", { logprobs: 1 }],
    ["stream_options", { stream_options: { include_usage: true } }],
    ["stream_options.include_obfuscation", { stream: true, stream_options: { include_obfuscation: true } }],
    ["n", { n: 2 }],
    ["n", { n: 0, temperature: 1 }],
    ["n", { n: 129, temperature: 1 }],
    ["max_tokens", { max_tokens: 0 }],
    ["max_tokens", { max_tokens: "5" }],
    ["max_tokens", { max_tokens: 5, max_completion_tokens: 6 }],
    ["temperature", { temperature: -1 }],
    ["temperature", { temperature: "hot" }],
    ["top_p", { temperature: 1, top_p: 0 }],
    ["top_p", { top_p: 0.5 }],
    ["min_p", { temperature: 1, min_p: 2 }],
    ["top_k", { temperature: 1, top_k: -2 }],
    ["repetition_penalty", { repetition_penalty: 0 }],
    ["seed", { temperature: 1, seed: 0.5 }],
    ["stop", { stop: [""] }],
    ["stop", { stop: 5 }],
    ["stop", { stop: Array(65).fill("x") }],
    ["tools", { tools: [{ type: "function", function: { name: "f", parameters: {} } }] }],
    ["tool_choice", { tool_choice: "auto" }],
    ["tool_choice", { tool_choice: "required", tools: [{ type: "function", function: { name: "f" } }] }],
    ["prompt_logprobs", { prompt_logprobs: 1, stream: true }],
    ["prompt_logprobs", { prompt_logprobs: -1 }],
    ["messages", { messages: [] }],
    ["messages", { messages: "hello" }],
    ["messages[0]", { messages: ["hello"] }],
    ["messages[0].content", { messages: [{ role: "user" }] }],
    ["messages[0].role", { messages: [{ role: "wizard", content: "x" }] }],
    ["messages[0].mood", { messages: [{ role: "user", content: "x", mood: "good" }] }],
    ["messages[0].name", { messages: [{ role: "user", content: "x", name: "ann" }] }],
    ["messages[0].content[0]", { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }] }],
  ])("%s in %j", async (param, change) => {
    const { post } = shared;
    const { status, json } = await post("/v1/chat/completions", { ...chat, ...change });
    expect([status, json.error.param]).toEqual([400, param]);
    expect(json.error).toMatchObject({ type: "invalid_request_error", code: expect.any(String), message: expect.stringMatching(/\w+.*\.$/s) });
  });

  test.each<[param: string, body: object]>([
    ["prompt", { prompt: "" }],
    ["prompt", { prompt: [] }],
    ["prompt", { prompt: [[1, -1]] }],
    ["prompt", { prompt: [[100_000]] }],
    ["prompt", { prompt: { a: 1 } }],
    ["prompt", { prompt: Array(129).fill("x") }],
    ["suffix", { suffix: "end" }],
    ["best_of", { best_of: 3 }],
    ["max_tokens", { max_tokens: 0 }],
    ["logprobs", { logprobs: true }],
    ["messages", { messages }],
  ])("text completions: %s in %j", async (param, change) => {
    const { post } = shared;
    const { status, json } = await post("/v1/completions", { ...text, ...change });
    expect([status, json.error.param]).toEqual([400, param]);
  });

  test.each<[status: number, code: string, path: string, body: unknown, init?: RequestInit]>([
    [400, "invalid_parameter", "/v1/chat/completions", "{"],
    [400, "invalid_parameter", "/v1/chat/completions", "[]"],
    [400, "invalid_parameter", "/v1/chat/completions", `{"messages":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
    [413, "request_too_large", "/v1/chat/completions", `"${"x".repeat(17 * 1024 * 1024)}"`],
    [404, "model_not_found", "/v1/chat/completions", { ...chat, model: "gpt-4o" }],
    [404, "model_not_found", "/v1/completions", { ...text, model: null }],
    [404, "unknown_url", "/v1/responses", {}],
    [405, "method_not_supported", "/v1/models", {}],
    [400, "missing_access", "/v1/embeddings", { model: modelName, input: "x" }],
    [400, "context_length_exceeded", "/v1/chat/completions", { ...chat, max_tokens: 5000 }],
    [400, "context_length_exceeded", "/v1/chat/completions", { ...chat, messages: [{ role: "user", content: "long ".repeat(2000) }] }],
    [400, "context_length_exceeded", "/v1/chat/completions", { ...chat, stream: true, messages: [{ role: "user", content: "long ".repeat(2000) }] }],
    [400, "context_length_exceeded", "/v1/completions", { ...text, prompt: ["short", "long ".repeat(2000)] }],
  ])("%i %s", async (status, code, path, body, init) => {
    const { post } = shared;
    const answer = await post(path, body, init);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  });

  test("what says what happens anyway is taken, and so is a seed beside a temperature of 0", async () => {
    const { post } = await served();
    const neutral = {
      frequency_penalty: 0,
      presence_penalty: 0,
      logit_bias: null,
      n: 1,
      top_p: 1,
      top_k: -1,
      stop: null,
      response_format: { type: "text" },
      stream: false,
      stream_options: null,
      store: false,
      service_tier: "auto",
      modalities: ["text"],
      user: null,
      tools: null,
      tool_choice: null,
      seed: 7,
      max_completion_tokens: 4,
    };
    const [plain, same] = [await post("/v1/chat/completions", chat), await post("/v1/chat/completions", { ...chat, ...neutral })];
    expect([plain.status, same.status]).toEqual([200, 200]);
    expect(same.json.choices).toEqual(plain.json.choices);
  });
});

describe("echo, logprobs and prompt_logprobs", () => {
  const prompt = "in the end";

  test("the prompt comes first, each of its tokens but the first with the model's logprob", async () => {
    const { post, model } = await served();
    const { json } = await post("/v1/completions", { ...text, prompt, echo: true, logprobs: 2, max_tokens: 3 });
    const [{ text: echoed, logprobs, finish_reason }] = json.choices;
    const ids = [...(model.tokenizer?.tokenizer.encode(prompt) ?? [])];
    expect(echoed.startsWith(prompt)).toBe(true);
    expect(finish_reason).toBe("length");
    expect(logprobs.tokens).toHaveLength(ids.length + 3);
    expect(logprobs.tokens.slice(0, ids.length).join("")).toBe(prompt);
    expect([logprobs.token_logprobs[0], logprobs.top_logprobs[0]]).toEqual([null, null]);
    const scored = await model.score(ids);
    expect(logprobs.token_logprobs.slice(1, ids.length)).toEqual(scored.tokens.map(({ logprob }) => logprob));
    for (const [at, top] of logprobs.top_logprobs.slice(1).entries()) {
      const name = logprobs.tokens[at + 1];
      expect(top[name]).toBe(logprobs.token_logprobs[at + 1]);
      expect([2, 3]).toContain(Object.keys(top).length);
    }
    expect(logprobs.text_offset.slice(0, ids.length)).toEqual(offsets(logprobs.tokens.slice(0, ids.length)));
    expect(logprobs.text_offset[ids.length]).toBe(prompt.length);
  });

  test("the prompt alone, for those who only want its likelihood; nothing is generated", async () => {
    const { post, store } = await served();
    const { json } = await post("/v1/completions", { ...text, prompt: [prompt, "another"], echo: true, logprobs: 0, max_tokens: 0 });
    expect(json.choices.map((choice: Json) => choice.text)).toEqual([prompt, "another"]);
    expect(json.choices[0].logprobs.token_logprobs.slice(1).every(Number.isFinite)).toBe(true);
    expect(json.usage.completion_tokens).toBe(0);
    expect(store.list().rows).toEqual([]);
  });

  test("offsets count characters of prompt and answer together, echoed or not", async () => {
    const { post } = await served();
    const [echoed, plain] = await Promise.all(
      [true, false].map((echo) => post("/v1/completions", { ...text, prompt: "ünd 😀 x", echo, logprobs: 0 })),
    );
    const { logprobs } = plain?.json.choices[0] ?? {};
    expect(logprobs.text_offset[0]).toBe([..."ünd 😀 x"].length);
    expect(logprobs.text_offset).toEqual(echoed?.json.choices[0].logprobs.text_offset.slice(-4));
  });

  test("a stream of it is the whole in parts", async () => {
    const { client, post } = await served();
    const asked = { ...text, prompt, echo: true, logprobs: 1 };
    const whole = (await post("/v1/completions", asked)).json.choices[0];
    const parts = [];
    for await (const { choices } of await client.completions.create({ ...asked, stream: true })) parts.push(...choices);
    expect(parts.map((part) => part.text).join("")).toBe(whole.text);
    expect(parts.flatMap((part) => part.logprobs?.token_logprobs ?? [])).toEqual(whole.logprobs.token_logprobs);
    expect(parts.flatMap((part) => part.logprobs?.text_offset ?? [])).toEqual(whole.logprobs.text_offset);
  });

  test("vLLM's prompt_logprobs: by id, with ranks from 1, in text completions and chats", async () => {
    const { post, model } = await served();
    const { json } = await post("/v1/completions", { ...text, prompt, prompt_logprobs: 2 });
    const ids = [...(model.tokenizer?.tokenizer.encode(prompt) ?? [])];
    const [first, ...rest] = json.choices[0].prompt_logprobs;
    expect(first).toBeNull();
    const scored = await model.score(ids);
    for (const [at, entry] of rest.entries()) {
      const token = scored.tokens[at];
      expect(entry[ids[at + 1] as number]).toMatchObject({ logprob: token?.logprob, rank: (token?.rank ?? 0) + 1 });
      expect(Object.values(entry as Json).filter((one: Json) => one.rank <= 2)).toHaveLength(2);
    }
    const inChat = (await post("/v1/chat/completions", { ...chat, prompt_logprobs: 0 })).json;
    expect(inChat.prompt_logprobs).toHaveLength(inChat.usage.prompt_tokens);
    expect(Object.keys(inChat.prompt_logprobs[1])).toHaveLength(1);
  });
});

describe("tools", () => {
  const template =
    "{% if tools %}<tools>{% for tool in tools %}{{ tool | tojson }}{% endfor %}</tools> call with <tool_call>\n{% endif %}" +
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}{% if message.tool_calls %}{% for call in message.tool_calls %}<tool_call>{{ call.function.name }}</tool_call>{% endfor %}{% endif %}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";
  const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }];

  test("the model sees them where its template shows them", async () => {
    const { post, store } = await served({}, { template });
    const { status, json } = await post("/v1/chat/completions", { ...chat, tools });
    expect([status, json.choices[0].message.tool_calls]).toEqual([200, undefined]);
    const { call } = store.get(store.resolve("latest")) ?? {};
    const prompt = Buffer.concat((call?.prompt ?? []).map(({ bytes }) => bytes)).toString();
    expect(prompt).toContain('"weather"');
    const none = await post("/v1/chat/completions", { ...chat, tools, tool_choice: "none" });
    expect(none.json.usage.prompt_tokens).toBeLessThan(json.usage.prompt_tokens);
  });

  test("calls and results of earlier turns are read", async () => {
    const { post } = await served({}, { template });
    const turns = [
      ...messages,
      { role: "assistant", content: null, tool_calls: [{ id: "a", type: "function", function: { name: "weather", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "a", content: "rain" },
    ];
    expect((await post("/v1/chat/completions", { ...chat, tools, messages: turns })).status).toBe(200);
  });
});

/** Where each token begins, in characters. */
const offsets = (tokens: string[]): number[] => tokens.map((_, at) => [...tokens.slice(0, at).join("")].length);

test("clients are told the model's name, not the path that it was opened by", async () => {
  const { post } = await served({ name: "for-clients" }, { template: null });
  const { status, json } = await post("/v1/chat/completions", { ...chat, model: "for-clients" });
  expect([status, json.error.code]).toEqual([400, "no_chat_template"]);
  expect(json.error.message).toMatch(/^for-clients brings no chat template/);
  expect((await post("/v1/completions", { ...text, model: "for-clients" })).json.model).toBe("for-clients");
});
