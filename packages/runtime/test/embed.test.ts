import { readFileSync } from "node:fs";
import { isCutawayError } from "@cutaway/core";
import { bytesSource, dequantize, openSafetensors } from "@cutaway/formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalModel, localRequest, openLocalModel } from "../src/index.ts";
import { findModel } from "../src/models.ts";
import { modelFolder } from "./model-folder.ts";
import { collect } from "./scripted.ts";

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
const distance = (a: Float32Array, b: Float32Array) => a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] as number))), 0);

describe("a tiny encoder in a folder", () => {
  const around = { before: "[UNK]", after: "</s>" };
  const open = (files: Record<string, string>) => {
    const folder = modelFolder("bert", { around, files });
    return openLocalModel(folder.path, { threads: 1 }).finally(folder.remove);
  };
  const modules = (...kinds: string[]) =>
    JSON.stringify(kinds.map((kind, idx) => ({ idx, path: idx === 0 ? "" : `${idx}_${kind}`, type: `sentence_transformers.models.${kind}` })));
  const texts = ["a", "abc def", "", "a b c d e f g h i j k l m n o p", "abc def"];
  let plain: LocalModel;
  let vectors: Float32Array[];
  beforeAll(async () => {
    plain = await open({});
    vectors = (await plain.embed?.(texts)) ?? [];
  });
  afterAll(() => plain.close());

  test("says how its vectors come about, and that the open network makes them", () => {
    expect(plain.info).toMatchObject({ embeds: { size: 32, pooling: "mean", normalized: false, longest: 64 }, engine: { network: "open" } });
    expect(vectors.map(({ length }) => length)).toEqual([32, 32, 32, 32, 32]);
    expect(vectors[4]).toEqual(vectors[1]);
    expect(distance(vectors[0] as Float32Array, vectors[1] as Float32Array)).toBeGreaterThan(0.01);
  });

  test("a text's vector is the same alone and beside longer ones", async () => {
    for (const [at, text] of texts.entries()) {
      const [alone] = (await plain.embed?.([text])) ?? [];
      expect(distance(alone as Float32Array, vectors[at] as Float32Array)).toBeLessThan(1e-5);
    }
  });

  test("brought to length 1 where modules.json says so", async () => {
    const model = await open({ "modules.json": modules("Transformer", "Pooling", "Normalize") });
    const made = (await model.embed?.(texts)) ?? [];
    for (const [at, vector] of made.entries()) {
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
      const length = Math.sqrt(dot(vectors[at] as Float32Array, vectors[at] as Float32Array));
      expect(
        distance(
          vector,
          (vectors[at] as Float32Array).map((value) => value / length),
        ),
      ).toBeLessThan(1e-6);
    }
    await model.close();
  });

  test.each(["cls", "max"])("pooling by %s, in the older spelling and the newer", async (mode) => {
    const older = { pooling_mode_mean_tokens: false, [`pooling_mode_${mode}_token${mode === "max" ? "s" : ""}`]: true };
    const [a, b] = await Promise.all(
      [older, { pooling_mode: mode }].map(async (config) => {
        const model = await open({ "modules.json": modules("Transformer", "Pooling"), "1_Pooling/config.json": JSON.stringify(config) });
        expect(model.info.embeds).toMatchObject({ pooling: mode, normalized: false });
        const made = (await model.embed?.(texts)) ?? [];
        await model.close();
        return made;
      }),
    );
    expect(a).toEqual(b);
    // "" is [UNK] </s>: of two tokens the mean lies between.
    const [first, mean] = [a?.[2], vectors[2]] as [Float32Array, Float32Array];
    expect(distance(first, mean)).toBeGreaterThan(0.01);
    const other = first.map((value, at) => 2 * (mean[at] as number) - value);
    if (mode === "max") for (const [at, value] of first.entries()) expect(value).toBeGreaterThanOrEqual((other[at] as number) - 1e-5);
  });

  test("a text that is too long loses its end, and keeps the token that ends every text", async () => {
    const model = await open({ "sentence_bert_config.json": JSON.stringify({ max_seq_length: 6 }) });
    expect(model.info.embeds?.longest).toBe(6);
    const [long, cut] = (await model.embed?.(["a b c d e f g h", "a b c d"])) ?? [];
    expect(distance(long as Float32Array, cut as Float32Array)).toBe(0);
    await model.close();
  });

  test("an encoder answers no calls, scores nothing and has no stepper", async () => {
    const codes = await Promise.all(
      [
        () => collect(plain.call(localRequest({ model: "x", messages: [{ role: "user", text: "a" }], local: { raw: true } }))),
        () => plain.score([3, 4]),
        () => plain.stepper(),
      ].map((ask) =>
        ask().then(
          () => "answered",
          (error) => (isCutawayError(error) ? error.code : error),
        ),
      ),
    );
    expect(codes).toEqual(["not-a-generator", "not-a-generator", "not-a-generator"]);
  });

  test("no texts, no vectors; a signal that is aborted", async () => {
    expect(await plain.embed?.([])).toEqual([]);
    await expect(plain.embed?.(["a"], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "interrupted" });
  });

  test("a model that writes makes no vectors", async () => {
    const folder = modelFolder("gpt2");
    const model = await openLocalModel(folder.path, { threads: 1 });
    expect(model.embed).toBeUndefined();
    await model.close();
    folder.remove();
  });
});

/** Where it is on this machine: `cutaway models pull all-minilm-l6-v2`. */
const found = await findModel("all-minilm-l6-v2").catch(() => undefined);

describe.skipIf(!found)("all-minilm-l6-v2", () => {
  /** `tools/golden/sentence_vectors.py` made them. */
  const golden = openSafetensors(bytesSource(readFileSync(new URL("fixtures/all-minilm-l6-v2.golden.safetensors", import.meta.url))));
  const tensor = golden.tensors.get("vectors") as Parameters<typeof golden.read>[0];
  const expected = dequantize("F16", golden.read(tensor), 60 * 384);
  const texts = JSON.parse(golden.metadata.get("texts") ?? "[]") as string[];
  let model: LocalModel;
  beforeAll(async () => {
    model = await openLocalModel(found as { path: string });
  });
  afterAll(() => model.close());

  test("its vectors are those of sentence-transformers, in every language and length", { timeout: 60_000 }, async () => {
    expect(texts.length).toBe(60);
    const vectors = (await model.embed?.(texts)) ?? [];
    for (const [at, vector] of vectors.entries()) {
      const one = expected.subarray(at * 384, (at + 1) * 384);
      expect(dot(vector, one) / Math.sqrt(dot(one, one)), texts[at]?.slice(0, 60)).toBeGreaterThanOrEqual(0.9999);
      expect(distance(vector, one)).toBeLessThan(2e-4); // half a float16's last digit
    }
  });

  test("filling up changes nothing", { timeout: 60_000 }, async () => {
    const some = [0, 17, 16, 20, 31].map((at) => texts[at] as string);
    const together = (await model.embed?.([...some, texts[59] as string])) ?? [];
    for (const [at, text] of some.entries()) {
      const [alone] = (await model.embed?.([text])) ?? [];
      expect(distance(alone as Float32Array, together[at] as Float32Array)).toBeLessThan(1e-5);
    }
  });
});
