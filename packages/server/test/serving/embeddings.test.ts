import { CutawayError, type Tokenizer } from "@cutaway/core";
import OpenAI from "openai";
import { expect, onTestFinished, test } from "vitest";
import { startModelServer } from "../../src/index.ts";

/** An encoder: its vector of a text is what the test can know beforehand. */
const vectorOf = (text: string) => Float32Array.of(text.length, 0.1, -1e-7);

async function encoder() {
  const server = await startModelServer({
    model: {
      ref: { provider: "local" },
      access: { text: true },
      info: {
        name: "encoder",
        contextSize: 128,
        specials: { ends: [], addBos: false },
        weights: { file: "encoder", architecture: "bert" },
        engine: { name: "none", version: "0", threads: 1 },
      },
      tokenizer: { exact: true, tokenizer: { count: (text: string) => text.split(" ").length } as unknown as Tokenizer },
      // biome-ignore lint/correctness/useYield: it refuses before its first event, as the runtime's encoders do
      async *call() {
        throw new CutawayError("not-a-generator", "encoder is an encoder: it answers no calls", { fix: "Ask it for vectors of texts." });
      },
      embed: async (texts) => texts.map(vectorOf),
    },
    port: 0,
    streams: 1,
    queue: 1,
  });
  onTestFinished(() => server.close());
  return new OpenAI({ apiKey: "none", baseURL: `${server.url}/v1`, maxRetries: 0 });
}

test("the official client gets vectors, which it asks for in base64, and in floats where told so", async () => {
  const client = await encoder();
  const texts = ["hello there", "x"];
  for (const format of [{}, { encoding_format: "float" as const }]) {
    const { data, usage, model } = await client.embeddings.create({ model: "encoder", input: texts, ...format });
    expect(data.map(({ embedding }) => [...embedding])).toEqual(texts.map((text) => [...vectorOf(text)]));
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    expect([usage, model]).toEqual([{ prompt_tokens: 3, total_tokens: 3 }, "encoder"]);
  }
  expect((await client.embeddings.create({ model: "encoder", input: "one" })).data).toHaveLength(1);
});

test.each<[param: string, body: object]>([
  ["dimensions", { dimensions: 2 }],
  ["encoding_format", { encoding_format: "int8" }],
  ["input", { input: "" }],
  ["input", { input: [[1, 2]] }],
  ["user", { user: "me" }],
])("%s in %j is refused", async (param, body) => {
  const client = await encoder();
  const asked = { model: "encoder", input: "x", ...body } as OpenAI.EmbeddingCreateParams;
  await expect(client.embeddings.create(asked)).rejects.toMatchObject({ status: 400, param });
});

test("an encoder answers no chats", async () => {
  const client = await encoder();
  const chat = client.chat.completions.create({ model: "encoder", messages: [{ role: "user", content: "hello" }] });
  await expect(chat).rejects.toMatchObject({ status: 400, code: "not_a_generator" });
});
