import { durationsOf } from "@cutaway/core";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { collect, messages, modelName, served } from "./served.ts";

const greedy = { model: modelName, messages, temperature: 0, max_tokens: 24 };

describe("the official client", () => {
  test("lists the model", async () => {
    const { client } = await served();
    const list = await collect(client.models.list());
    expect(list).toMatchObject([{ id: modelName, object: "model", owned_by: "cutaway", max_model_len: 2048 }]);
    expect(await client.models.retrieve(modelName)).toEqual(list[0]);
  });

  test("gets a chat completion with everything that OpenAI's has", async () => {
    const { client, store } = await served();
    const completion = await client.chat.completions.create(greedy);
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9A-Z]{26}$/),
      object: "chat.completion",
      model: modelName,
      system_fingerprint: expect.stringMatching(/^fp_[0-9a-f]{10}$/),
      choices: [{ index: 0, finish_reason: "length", logprobs: null, message: { role: "assistant", refusal: null } }],
      usage: { completion_tokens: 24, prompt_tokens_details: { cached_tokens: 0 } },
    });
    expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(60);
    const { prompt_tokens = 0, total_tokens } = completion.usage ?? {};
    expect(prompt_tokens).toBeGreaterThan(5);
    expect(total_tokens).toBe(prompt_tokens + 24);
    // The call in the store is the one the client was told of.
    const { call } = store.get(store.resolve(completion.id.replace("chatcmpl-", ""))) ?? {};
    expect(call?.answers[0]?.text).toBe(completion.choices[0]?.message.content);
    expect(call).toMatchObject({ origin: { kind: "local", from: "serve" }, ending: "complete", usage: { outputTokens: 24 }, format: "local" });
  });

  test("gets the same text in a stream, the usage at its end", async () => {
    const { client } = await served();
    const whole = await client.chat.completions.create(greedy);
    const chunks = await collect(await client.chat.completions.create({ ...greedy, stream: true, stream_options: { include_usage: true } }));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(whole.choices[0]?.message.content);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBeGreaterThan(5);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    const [finish, usage] = chunks.slice(-2);
    expect(finish?.choices[0]).toMatchObject({ delta: {}, finish_reason: "length" });
    expect(usage).toMatchObject({ choices: [], usage: { completion_tokens: 24, total_tokens: whole.usage?.total_tokens } });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    const without = await collect(await client.chat.completions.create({ ...greedy, stream: true }));
    expect(without.some((chunk) => "usage" in chunk)).toBe(false);
  });

  test("gets logprobs whose tokens are the text, whole and in a stream, as the model itself has them", async () => {
    const { client, store } = await served();
    const asked = { ...greedy, logprobs: true, top_logprobs: 3 };
    const whole = await client.chat.completions.create(asked);
    const content = whole.choices[0]?.logprobs?.content ?? [];
    expect(content).toHaveLength(24);
    const bytes = Buffer.from(content.flatMap((token) => token.bytes ?? []));
    expect(new TextDecoder().decode(bytes)).toBe(whole.choices[0]?.message.content);
    for (const { logprob, top_logprobs } of content) {
      expect(top_logprobs).toHaveLength(3);
      expect(top_logprobs[0]?.logprob).toBe(logprob); // greedy
      expect(top_logprobs.map((other) => other.logprob)).toEqual(top_logprobs.map((other) => other.logprob).toSorted((a, b) => b - a));
    }
    const steps = store.get(store.resolve("latest"))?.call.answers[0]?.steps ?? [];
    expect(content.map(({ logprob }) => logprob)).toEqual(steps.map(({ logprob }) => logprob));
    const chunks = await collect(await client.chat.completions.create({ ...asked, stream: true }));
    expect(chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? [])).toEqual(content);
  });

  test("gets several choices, each with a seed of its own, and the same again", async () => {
    const { client, store } = await served();
    const asked = { ...greedy, temperature: 1, seed: 5, n: 3 };
    const { choices, usage } = await client.chat.completions.create(asked);
    const texts = choices.map(({ message }) => message.content);
    expect(new Set(texts).size).toBe(3);
    expect(usage?.completion_tokens).toBe(72);
    const single = await client.chat.completions.create({ ...asked, n: 1, seed: 6 });
    expect(single.choices[0]?.message.content).toBe(texts[1]);
    expect(single.usage?.prompt_tokens).toBe(usage?.prompt_tokens);
    const chunks = await collect(await client.chat.completions.create({ ...asked, stream: true }));
    const streamed = [0, 1, 2].map((index) =>
      chunks
        .flatMap(({ choices }) => choices)
        .filter((choice) => choice.index === index)
        .map(({ delta }) => delta.content ?? "")
        .join(""),
    );
    expect(streamed).toEqual(texts);
    // One call with three answers, one with one, and the streamed one with three.
    expect(store.list().rows).toHaveLength(3);
    expect(store.get(store.resolve("latest"))?.call.answers.map((answer) => answer.text)).toEqual(texts);
  });

  test("is stopped by a text, which is not part of the answer", async () => {
    const { client } = await served();
    const text = (await client.chat.completions.create(greedy)).choices[0]?.message.content ?? "";
    // Of whole characters: random weights write many that are none.
    const [stop = ""] = /[!-~]{2}/.exec(text) ?? [];
    expect(stop).not.toBe("");
    for (const given of [stop, ["never in it", stop]]) {
      const { choices } = await client.chat.completions.create({ ...greedy, stop: given });
      expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: text.slice(0, text.indexOf(stop)) } });
    }
  });

  test("completes texts: one, several, token ids; short where nobody says otherwise", async () => {
    const { client, model } = await served();
    const one = await client.completions.create({ model: modelName, prompt: "in the", temperature: 0 });
    expect(one).toMatchObject({ object: "text_completion", id: expect.stringMatching(/^cmpl-/), usage: { completion_tokens: 16 } });
    const prompts = ["in the", "another"];
    const both = await client.completions.create({ model: modelName, prompt: prompts, temperature: 0 });
    expect(both.choices.map(({ index }) => index)).toEqual([0, 1]);
    expect(both.choices[0]?.text).toBe(one.choices[0]?.text);
    const ids = prompts.map((text) => [...(model.tokenizer?.tokenizer.encode(text) ?? [])]);
    const byIds = await client.completions.create({ model: modelName, prompt: ids, temperature: 0 });
    expect(byIds.choices.map(({ text }) => text)).toEqual(both.choices.map(({ text }) => text));
    expect(byIds.usage?.prompt_tokens).toBe(ids.flat().length);
    const chunks = await collect(await client.completions.create({ model: modelName, prompt: prompts, temperature: 0, stream: true }));
    const text = (index: number) =>
      chunks
        .flatMap(({ choices }) => choices)
        .filter((choice) => choice.index === index)
        .map((choice) => choice.text)
        .join("");
    expect([text(0), text(1)]).toEqual(both.choices.map((choice) => choice.text));
  });

  test("gets the logprobs of a text's completion, its prompt echoed, whole and in a stream", async () => {
    const { client } = await served();
    const asked = { model: modelName, prompt: "in the", temperature: 0, max_tokens: 6, logprobs: 2 };
    const {
      tokens = [],
      token_logprobs = [],
      top_logprobs = [],
    } = (await client.completions.create({ ...asked, echo: true })).choices[0]?.logprobs ?? {};
    const plain = (await client.completions.create(asked)).choices[0];
    expect(tokens.slice(0, -6).join("")).toBe("in the");
    expect(token_logprobs[0]).toBeNull(); // nothing stands before it
    expect(token_logprobs.slice(1).every((logprob) => (logprob as number) <= 0)).toBe(true);
    expect(plain?.logprobs).toMatchObject({
      tokens: tokens.slice(-6),
      token_logprobs: token_logprobs.slice(-6),
      top_logprobs: top_logprobs.slice(-6),
    });
    for (const [at, logprob] of (plain?.logprobs?.token_logprobs ?? []).entries()) {
      expect(Math.max(...Object.values(plain?.logprobs?.top_logprobs?.[at] ?? {}))).toBe(logprob); // greedy
    }
    const chunks = await collect(await client.completions.create({ ...asked, stream: true }));
    expect(chunks.flatMap(({ choices }) => choices[0]?.logprobs?.token_logprobs ?? [])).toEqual(plain?.logprobs?.token_logprobs);
  });

  test("closes a stream early: the call ends at once and is kept as cancelled", async () => {
    const { client, store } = await served();
    const stream = await client.chat.completions.create({ ...greedy, max_tokens: 1900, stream: true });
    let seen = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content && ++seen === 3) break;
    }
    const startedAt = performance.now();
    await expect.poll(() => store.get(store.resolve("latest"))?.call.ending, { interval: 5, timeout: 5000 }).toBe("cancelled");
    expect(performance.now() - startedAt).toBeLessThan(1000);
    const { call } = store.get(store.resolve("latest")) ?? {};
    expect(call?.answers[0]?.steps?.length).toBeLessThan(1000);
    expect(call?.usage.outputTokens).toBe(call?.answers[0]?.steps?.length);
    expect(call && durationsOf(call).ttft).toBeGreaterThan(0);
  });

  test("is told what is wrong as by OpenAI", async () => {
    const { client } = await served();
    const wrong = await client.chat.completions.create({ ...greedy, frequency_penalty: 200 }).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(OpenAI.BadRequestError);
    expect(wrong).toMatchObject({ status: 400, param: "frequency_penalty", type: "invalid_request_error" });
    const missing = await client.chat.completions.create({ ...greedy, model: "gpt-4o" }).catch((error: unknown) => error);
    expect(missing).toMatchObject({ status: 404, code: "model_not_found", param: "model", message: expect.stringContaining(modelName) });
    const embedding = await client.embeddings.create({ model: modelName, input: "x" }).catch((error: unknown) => error);
    expect(embedding).toMatchObject({ status: 400, code: "missing_access", message: expect.stringContaining("embed") });
  });
});
