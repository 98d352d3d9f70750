import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCutawayError, type JsonObject } from "@cutaway/core";
import { bytesSource, type GgufTensor, openGguf } from "@cutaway/formats";
import { afterEach, describe, expect, test } from "vitest";
import { logitLens, openModelInside } from "../src/inspect.ts";
import { loadModel } from "../src/load-model.ts";
import { refuseSmallMemory } from "../src/open/refuse-small-memory.ts";
import { tinyLlama } from "../src/testing.ts";
import { architectures, type FolderOptions, modelFolder } from "./model-folder.ts";

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) folder.remove();
});
function folderOf(architecture: string, options: FolderOptions = {}): string {
  const folder = modelFolder(architecture, options);
  made.push(folder);
  return folder.path;
}

/** What opening it says. Both networks are to refuse. */
async function refusal(path: string): Promise<{ code: string; message: string }> {
  try {
    (await loadModel({ path, threads: 1 })).close();
  } catch (error) {
    if (!isCutawayError(error)) throw error;
    expect(error.fix, error.message).toBeTruthy();
    return { code: error.code, message: error.message };
  }
  return { code: "opened", message: "" };
}

const weights = (architecture: string) => new Uint8Array(readFileSync(`${architectures}${architecture}/model.safetensors`));
const headerOf = (bytes: Uint8Array) => {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { length, json: JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, JsonObject> };
};
/** The same file with another header. */
function withHeader(bytes: Uint8Array, change: (header: Record<string, JsonObject>) => void): Uint8Array {
  const { length, json } = headerOf(bytes);
  change(json);
  const header = new TextEncoder().encode(JSON.stringify(json));
  const out = new Uint8Array(8 + header.length + bytes.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(bytes.subarray(8 + length), 8 + header.length);
  return out;
}
/** Tensors of one file in two, and the index of both. */
function inShards(bytes: Uint8Array): Record<string, string | Uint8Array | undefined> {
  const { json } = headerOf(bytes);
  const names = Object.keys(json).filter((name) => name !== "__metadata__");
  const shard = (own: string[]) =>
    withHeader(bytes, (header) => names.filter((name) => !own.includes(name)).forEach((name) => void delete header[name]));
  const [first, second] = [names.slice(0, 5), names.slice(5)];
  const map = Object.fromEntries([...first.map((name) => [name, "a.safetensors"]), ...second.map((name) => [name, "b.safetensors"])]);
  return {
    "model.safetensors": undefined,
    "a.safetensors": shard(first),
    "b.safetensors": shard(second),
    "model.safetensors.index.json": JSON.stringify({ weight_map: map }),
  };
}
const indexOf = (files: Record<string, string | Uint8Array | undefined>) =>
  JSON.parse(files["model.safetensors.index.json"] as string) as { weight_map: Record<string, string> };

test("in shards it is the same model", async () => {
  const path = folderOf("gpt2", { files: inShards(weights("gpt2")) });
  const [whole, sharded] = [await loadModel({ path: folderOf("gpt2"), threads: 1 }), await loadModel({ path, threads: 1 })];
  expect(await sharded.score([1, 5, 9, 20])).toEqual(await whole.score([1, 5, 9, 20]));
  expect(sharded.info.weights.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(sharded.info.weights.sha256).not.toBe(whole.info.weights.sha256);
  whole.close();
  sharded.close();
});

describe("shards", () => {
  const files = inShards(weights("gpt2"));
  const withIndex = (change: (map: Record<string, string>) => void) => {
    const index = indexOf(files);
    change(index.weight_map);
    return folderOf("gpt2", { files: { ...files, "model.safetensors.index.json": JSON.stringify(index) } });
  };
  test("one that is not there", async () => {
    const path = folderOf("gpt2", { files });
    rmSync(join(path, "b.safetensors"));
    expect(await refusal(path)).toEqual({ code: "model-not-found", message: expect.stringContaining("b.safetensors: no such file") });
  });
  test.each(["../secret.safetensors", "/etc/passwd", "sub/x.safetensors", "..\\x.safetensors", "x.bin", 7, null])(
    "an index that points to %j",
    async (to) => {
      const path = withIndex((map) => {
        map["transformer.wte.weight"] = to as string;
      });
      const { code, message } = await refusal(path);
      expect(code).toBe("bad-model");
      expect(message).toContain("model.safetensors.index.json: tensor transformer.wte.weight is said to be in");
    },
  );
  test("a tensor that is in another shard than the index says", async () => {
    const path = withIndex((map) => {
      for (const [name, shard] of Object.entries(map)) if (shard === "a.safetensors") map[name] = "b.safetensors";
      map["transformer.h.0.ln_1.bias"] = "a.safetensors";
    });
    const { code, message } = await refusal(path);
    expect(code).toBe("bad-model");
    expect(message).toMatch(/^[ab]\.safetensors: tensor transformer\.\S+ is not in it, though the index says so$/);
  });
  test("a tensor in both", async () => {
    const path = folderOf("gpt2", { files: { ...files, "b.safetensors": weights("gpt2") } });
    expect(await refusal(path)).toEqual({
      code: "bad-model",
      message: expect.stringMatching(/^b\.safetensors: tensor \S+ is in a\.safetensors too$/),
    });
  });
  test("an index of nothing", async () => {
    const path = folderOf("gpt2", { files: { ...files, "model.safetensors.index.json": "{}" } });
    expect(await refusal(path)).toMatchObject({ code: "bad-model" });
  });
});

describe("weights", () => {
  const first = "transformer.h.0.attn.c_attn.weight";
  test("a tensor that is missing", async () => {
    const bytes = withHeader(weights("gpt2"), (header) => void delete header[first]);
    expect(await refusal(folderOf("gpt2", { files: { "model.safetensors": bytes } }))).toEqual({
      code: "bad-model",
      message: expect.stringContaining(`tensor ${first} is missing`),
    });
  });
  test("a tensor of another shape", async () => {
    const bytes = withHeader(weights("gpt2"), (header) => {
      (header[first] as JsonObject).shape = [96, 32];
    });
    expect(await refusal(folderOf("gpt2", { files: { "model.safetensors": bytes } }))).toEqual({
      code: "bad-model",
      message: expect.stringContaining(`tensor ${first} has shape [96, 32]; the configuration asks for [32, 96]`),
    });
  });
  test.each([Number.NaN, Number.POSITIVE_INFINITY])("one weight is %d", async (value) => {
    const bytes = weights("gpt2").slice();
    const { length, json } = headerOf(bytes);
    const [start] = (json[first] as JsonObject).data_offsets as number[];
    new DataView(bytes.buffer).setFloat32(8 + length + (start as number) + 4 * 7, value, true);
    expect(await refusal(folderOf("gpt2", { files: { "model.safetensors": bytes } }))).toEqual({
      code: "bad-model",
      message: `model.safetensors: tensor ${first} holds ${value} at 7, and weights are finite numbers`,
    });
  });
  test("the fast network refuses the same", async () => {
    const bytes = weights("llama3-wide").slice();
    const { length } = headerOf(bytes);
    new DataView(bytes.buffer).setFloat32(8 + length, Number.NaN, true);
    const { code, message } = await refusal(folderOf("llama3-wide", { files: { "model.safetensors": bytes } }));
    expect(code).toBe("bad-model");
    expect(message).toMatch(/^cutaway-\S+: tensor model\.embed_tokens\.weight has weights that are not finite numbers$/);
  });
  test("looking inside refuses the same, when it first needs the tensor", () => {
    const bytes = weights("llama3-wide").slice();
    const { length, json } = headerOf(bytes);
    const tensor = "model.layers.1.mlp.down_proj.weight";
    const [start] = (json[tensor] as JsonObject).data_offsets as number[];
    new DataView(bytes.buffer).setFloat32(8 + length + (start as number) + 4 * 3, Number.NaN, true);
    const model = openModelInside(folderOf("llama3-wide", { files: { "model.safetensors": bytes } }));
    expect(() => logitLens(model, { ids: [1, 5, 9] })).toThrow(`model.safetensors: tensor ${tensor} holds NaN at 3, and weights are finite numbers`);
    model.close();

    const file = tinyLlama();
    const { offset } = openGguf(bytesSource(file)).tensors.get("blk.0.ffn_down.weight") as GgufTensor;
    new DataView(file.buffer, file.byteOffset).setFloat32(offset + 4 * 9, Number.NaN, true);
    const path = join(folderOf("llama3-wide"), "nan.gguf");
    writeFileSync(path, file);
    const gguf = openModelInside(path);
    expect(() => logitLens(gguf, { ids: [1, 5, 9] })).toThrow(
      "nan.gguf: tensor blk.0.ffn_down.weight holds NaN at 9, and weights are finite numbers",
    );
    gguf.close();
  });
  test("integers", async () => {
    const bytes = withHeader(weights("gpt2"), (header) => {
      (header[first] as JsonObject).dtype = "I32";
    });
    expect(await refusal(folderOf("gpt2", { files: { "model.safetensors": bytes } }))).toEqual({
      code: "unsupported-model",
      message: `model.safetensors: tensor ${first} is of type I32; F32, F16 and BF16 are read`,
    });
  });
  test.each([0, 7, 100, 60_000])("a file cut after %d bytes", async (length) => {
    const path = folderOf("gpt2");
    truncateSync(join(path, "model.safetensors"), length);
    const { code, message } = await refusal(path);
    expect(code).toBe("bad-safetensors");
    expect(message).toMatch(/^model\.safetensors: not a usable safetensors file/);
  });
  test("no file", async () => {
    expect(await refusal(folderOf("gpt2", { files: { "model.safetensors": undefined } }))).toMatchObject({ code: "model-not-found" });
  });
});

describe("more than there is memory for", () => {
  const tensors = new Map([
    ["small", { shape: [10], type: "F32" }],
    ["lm_head.weight", { shape: [800_000_000], type: "F32" }],
  ]);
  test("is refused before a weight is read, naming file and largest tensor", () => {
    expect(() => refuseSmallMemory({ tensors, file: "big" }, 0, 4e9)).toThrow(
      "big: in float32 its weights take 6,401 MB while they are read; 4,000 MB are free. Its largest tensor is lm_head.weight, 3,200 MB",
    );
    expect(() => refuseSmallMemory({ tensors, file: "big" }, 0, 7e9)).not.toThrow();
    expect(() => refuseSmallMemory({ tensors, file: "big" }, 1e9, 7e9)).toThrow(/and 1,000 MB for what it has read/);
  });
  test("a file of a tebibyte, most of it a hole", async () => {
    const rows = 2 ** 33;
    const header = new TextEncoder().encode(
      JSON.stringify({ "transformer.wte.weight": { dtype: "F32", shape: [rows, 32], data_offsets: [0, rows * 128] } }),
    );
    const start = new Uint8Array(8 + header.length);
    new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true);
    start.set(header, 8);
    const path = folderOf("gpt2", { files: { "model.safetensors": start } });
    truncateSync(join(path, "model.safetensors"), start.length + rows * 128);
    const { code, message } = await refusal(path);
    expect(code).toBe("not-enough-memory");
    expect(message).toContain("transformer.wte.weight");
  });
});

describe("config.json", () => {
  test.each<[string, Record<string, unknown>]>([
    ["n_layer", { n_layer: 1e9 }],
    ["n_layer", { n_layer: -1 }],
    ["n_layer", { n_layer: "2" }],
    ["n_embd", { n_embd: 0 }],
    ["n_head", { n_head: 5 }],
    ["vocab_size", { vocab_size: 1e300 }],
    ["n_positions", { n_positions: 2.5 }],
    ["activation_function", { activation_function: "swoosh" }],
    ["layer_norm_epsilon", { layer_norm_epsilon: -1 }],
  ])("an absurd %s: %j", async (field, config) => {
    const { code, message } = await refusal(folderOf("gpt2", { config }));
    expect(["bad-model", "unsupported-model"]).toContain(code);
    expect(message).toContain(field);
  });
  test("more layers than there are weights for", async () => {
    const { code, message } = await refusal(folderOf("gpt2", { config: { n_layer: 1000 } }));
    expect(code).toBe("bad-model");
    expect(message).toContain("tensor transformer.h.2.");
  });
  test.each([["mamba"], [undefined], [7], [["gpt2"]]])("an architecture that is not known: %j", async (type) => {
    expect(await refusal(folderOf("gpt2", { config: { model_type: type } }))).toMatchObject({ code: "unsupported-model" });
  });
  test.each(["", "[1]", "{", "null", "\u0000", "[".repeat(100_000)])("no JSON object: %#", async (text) => {
    const { code, message } = await refusal(folderOf("gpt2", { files: { "config.json": text } }));
    expect(code).toBe("bad-model");
    expect(message).toContain("config.json");
  });
  test("none", async () => {
    expect(await refusal(folderOf("gpt2", { files: { "config.json": undefined } }))).toMatchObject({ code: "model-not-found" });
  });
});

describe("what lies beside the weights", () => {
  test("no tokenizer", async () => {
    expect(await refusal(folderOf("gpt2", { files: { "tokenizer.json": undefined } }))).toMatchObject({ code: "no-tokenizer" });
  });
  test("a broken tokenizer", async () => {
    expect(await refusal(folderOf("gpt2", { files: { "tokenizer.json": "{" } }))).toMatchObject({ code: "bad-tokenizer" });
  });
  test("a vocabulary that is larger than the weights'", async () => {
    const { code, message } = await refusal(
      folderOf("gpt2", {
        files: { "tokenizer.json": undefined, "vocab.txt": ["[UNK]", ...Array.from({ length: 60 }, (_, i) => `w${i}`)].join("\n") },
      }),
    );
    expect({ code, message }).toEqual({ code: "vocabulary-mismatch", message: expect.stringContaining("61 tokens and the weights have 48") });
  });
  test.each<[string, string]>([
    ["modules.json", "[{}]"],
    ["modules.json", JSON.stringify([{ type: "sentence_transformers.models.Dense", path: "2_Dense" }])],
    ["modules.json", JSON.stringify([{ type: "sentence_transformers.models.Pooling", path: "../1_Pooling" }])],
    ["modules.json", "{}"],
  ])("%s of an encoder: %s", async (name, text) => {
    const { code, message } = await refusal(folderOf("bert", { files: { [name]: text } }));
    expect(["unsupported-model", "bad-model"]).toContain(code);
    expect(message).toContain("modules.json");
  });
  test("an empty folder, a link to itself, a folder in place of a file", async () => {
    const path = mkdtempSync(join(tmpdir(), "cutaway-empty-"));
    made.push({ remove: () => rmSync(path, { recursive: true, force: true }) });
    expect(await refusal(path)).toMatchObject({ code: "model-not-found" });
    mkdirSync(join(path, "config.json"));
    expect(await refusal(path)).toMatchObject({ code: "bad-model" });
    const loop = join(path, "loop");
    symlinkSync(loop, loop);
    expect(await refusal(loop)).toMatchObject({ code: "model-not-found" });
    writeFileSync(join(path, "no.gguf"), "not a model");
    expect(await refusal(join(path, "no.gguf"))).toMatchObject({ code: "bad-gguf" });
  });
});
