import { readFileSync } from "node:fs";
import { beamSearch } from "@cutaway/sampling";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { architectureOf } from "../src/architectures/index.ts";
import { type LocalModel, localRequest, openLocalModel } from "../src/index.ts";
import { openParts } from "../src/open/open-parts.ts";
import { OpenStepper } from "../src/open/open-stepper.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";
import { architectures, modelFolder } from "./model-folder.ts";
import { collect, fold } from "./scripted.ts";

interface Golden {
  prompt: number[];
  greedy: number[];
  logprobs: number[];
  beams: { tokens: number[]; score: number }[];
}

/** What Hugging Face transformers writes; `tools/golden/generated.py` made it. */
const { networks } = JSON.parse(readFileSync(`${architectures}generated.json`, "utf8")) as { networks: Record<string, Golden> };

const fastOnes = new Set(["gemma3", "gemma3-images", "qwen3", "llama3-wide", "mistral-wide", "qwen2-wide"]);

describe.each(Object.entries(networks))("%s, from its folder", (name, { prompt, greedy, logprobs, beams }) => {
  const folder = modelFolder(name);
  const isEncoderDecoder = name.endsWith("t5");
  let model: LocalModel;
  beforeAll(async () => {
    model = await openLocalModel(folder.path, { threads: 1 });
  });
  afterAll(async () => {
    await model.close();
    folder.remove();
  });

  test("writes what transformers writes, with its probabilities", async () => {
    const request = localRequest({ model: name, messages: [], parameters: { temperature: 0, maxOutputTokens: 8 }, local: { tokens: prompt } });
    const call = fold(await collect(model.call(request)));
    expect(call.error).toBeUndefined();
    const steps = call.answers[0]?.steps ?? [];
    expect(steps.map(({ id }) => id)).toEqual(greedy);
    for (const [at, { logprob }] of steps.entries()) expect(logprob).toBeCloseTo(logprobs[at] as number, 4);
    expect(call.prompt?.map(({ id }) => id)).toEqual(prompt);
    expect(call.usage).toMatchObject({ inputTokens: prompt.length, outputTokens: 8 });
    expect(call.local).toMatchObject({
      weights: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), quantization: "F32" },
      // The fast network takes heads of 16 numbers and their multiples.
      engine: { network: fastOnes.has(name) ? "fast" : "open" },
    });
  });

  test("scores it the same", async () => {
    const scored = isEncoderDecoder
      ? await model.score(greedy, { source: prompt, depth: 1 })
      : { tokens: (await model.score([...prompt, ...greedy], { depth: 1 })).tokens.slice(-8) };
    expect(scored.tokens.map(({ id }) => id)).toEqual(greedy);
    for (const [at, { logprob, rank }] of scored.tokens.entries()) {
      expect(logprob).toBeCloseTo(logprobs[at] as number, 4);
      expect(rank).toBe(0);
    }
  });

  test("beams on one prompt are those of transformers", async () => {
    const checkpoint = openSafetensorsFolder(folder.path);
    const parts = openParts(architectureOf(checkpoint.config.model_type, name), checkpoint, { threads: 1, contextSize: 32 });
    const stepper = new OpenStepper(parts);
    if (isEncoderDecoder) await stepper.readSource(prompt);
    const found = await beamSearch(stepper, await stepper.feed(isEncoderDecoder ? [0] : prompt), { beams: 3, maxNewTokens: 8, ends: new Set([1]) });
    const upToEnd = (tokens: number[]) => tokens.slice(0, tokens.includes(1) ? tokens.indexOf(1) + 1 : tokens.length);
    expect(found.map(({ tokens }) => tokens)).toEqual(beams.map(({ tokens }) => upToEnd(tokens)));
    for (const [at, { score }] of found.entries()) expect(score).toBeCloseTo(beams[at]?.score as number, 4);
    parts.close();
    checkpoint.close();
  });
});

describe("which network runs it", () => {
  test("the open one where it is asked for: the same to four digits", async () => {
    const folder = modelFolder("qwen3");
    const [fast, open] = await Promise.all([
      openLocalModel(folder.path, { threads: 1, network: "fast" }),
      openLocalModel(folder.path, { threads: 1, network: "open" }),
    ]);
    expect([fast.info.engine.network, open.info.engine.network]).toEqual(["fast", "open"]);
    const tokens = [3, 4, 5, 6, 7];
    expect((await open.score(tokens)).logprob).toBeCloseTo((await fast.score(tokens)).logprob, 4);
    await Promise.all([fast.close(), open.close()]);
    folder.remove();
  });

  test("the fast one or none", async () => {
    const folder = modelFolder("gpt2");
    await expect(openLocalModel(folder.path, { network: "fast" })).rejects.toMatchObject({ code: "unsupported-model" });
    folder.remove();
  });
});
