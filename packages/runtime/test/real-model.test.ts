import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalModel, localRequest, openLocalModel } from "../src/index.ts";
import { defaultModel, findModel } from "../src/models.ts";
import { collect, fold } from "./scripted.ts";

const found = await findModel(defaultModel).catch(() => undefined);

describe.skipIf(!found)(`${defaultModel}, where it is in the cache`, { timeout: 120_000 }, () => {
  let model: LocalModel | undefined;
  beforeAll(async () => {
    if (found) model = await openLocalModel(found);
  }, 120_000);
  afterAll(() => model?.close());

  const ask = async (text: string, parameters: object, local = {}) =>
    fold(await collect((model as LocalModel).call(localRequest({ model: defaultModel, messages: [{ role: "user", text }], parameters, local }))));

  test("knows the capital of France, and says what it is", async () => {
    const raw = await ask("The capital of France is", { temperature: 0, maxOutputTokens: 1 }, { raw: true });
    expect(raw.answers[0]).toMatchObject({ text: " Paris", finish: { reason: "output-cap" } });
    const call = await ask("What is the capital of France?", { temperature: 0, maxOutputTokens: 2 });
    expect(call.prompt).toHaveLength(37);
    expect(call.local).toMatchObject({
      weights: { sha256: found?.sha256, architecture: "llama", quantization: "Q4_1" },
      template: { used: "model", modelHasOne: true },
      markers: ["<|im_start|>", "<|im_end|>"],
      trainedContext: 8192,
    });
  });

  test("a prompt that finds its beginning in memory gives the very numbers of one that does not", async () => {
    const passage = "The river is long, and the boats on it are slow. ".repeat(14);
    const numbers = async () => {
      const call = await ask(`${passage}Where are the boats?`, { temperature: 0.8, seed: 3, maxOutputTokens: 12 });
      return { reused: call.local?.reusedTokens, steps: call.answers[0]?.steps?.map(({ id, logprob, entropy }) => [id, logprob, entropy]) };
    };
    const first = await numbers();
    await ask(`${passage}Why?`, { temperature: 0, maxOutputTokens: 3 });
    const again = await numbers();
    expect(first.reused).toBe(0);
    expect(again.reused).toBe(128);
    expect(again.steps).toEqual(first.steps);
  });
});
