import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesSource, type GgufTensorData, type GgufWritable, openGguf, writeGguf } from "@cutaway/formats";
import { afterAll, describe, expect, test } from "vitest";
import { defaultContextSize, loadEngine } from "../src/engine/load-engine.ts";

const original = openGguf(bytesSource(readFileSync(fileURLToPath(new URL("fixtures/tiny-llama.gguf", import.meta.url)))));
const folder = mkdtempSync(join(tmpdir(), "cutaway-engine-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Changes {
  metadata?: Record<string, GgufWritable | undefined>;
  tensors?: Record<string, Partial<GgufTensorData> | undefined>;
}

/** The tiny Llama with some metadata and tensors changed, added or (undefined) left out. */
function changed({ metadata = {}, tensors = {} }: Changes): string {
  const entries = new Map<string, GgufWritable>(original.metadata);
  for (const [key, value] of Object.entries(metadata)) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  const list = new Map([...original.tensors].map(([name, { type, shape }]) => [name, { name, type, shape, bytes: read(name) }]));
  for (const [name, value] of Object.entries(tensors)) {
    if (value === undefined) list.delete(name);
    else list.set(name, { name, type: "F32", shape: [1], bytes: new Uint8Array(4), ...list.get(name), ...value });
  }
  const path = join(folder, "changed.gguf");
  writeFileSync(path, writeGguf({ metadata: entries, tensors: list.values() }));
  return path;
}

function read(name: string): Uint8Array {
  const tensor = original.tensors.get(name);
  return tensor ? original.read(tensor) : new Uint8Array();
}

const float = (value: number): GgufWritable => ({ type: "float32", value });

describe("a model that is none", () => {
  test.each([
    ["llama.block_count", 0],
    ["llama.block_count", 4_000_000_000],
    ["llama.block_count", undefined],
    ["llama.embedding_length", 1.5],
    ["llama.embedding_length", 2 ** 40],
    ["llama.attention.head_count", 0],
    ["llama.attention.head_count", 7],
    ["llama.attention.head_count_kv", 3],
    ["llama.feed_forward_length", undefined],
    ["llama.context_length", 0],
    ["llama.attention.layer_norm_rms_epsilon", float(Number.NaN)],
    ["llama.attention.layer_norm_rms_epsilon", float(-1e-5)],
    ["llama.attention.layer_norm_rms_epsilon", float(2)],
    ["llama.rope.freq_base", float(Number.POSITIVE_INFINITY)],
    ["llama.rope.freq_base", float(0)],
    ["llama.rope.dimension_count", 15],
    ["llama.rope.dimension_count", 32],
  ])("%s = %o is refused before anything is built", async (key, value) => {
    await expect(loadEngine(changed({ metadata: { [key]: value } }))).rejects.toMatchObject({
      code: "bad-model",
      message: expect.stringContaining("llama."),
    });
  });

  test.each<[string, GgufWritable, string]>([
    ["general.architecture", "mamba", '"mamba"'],
    ["llama.expert_count", 8, "mixture of 8 experts"],
    ["llama.rope.scaling.type", "yarn", '"yarn"'],
    ["llama.attention.head_count_kv", new Uint32Array([2, 1]), "one number for all layers"],
    ["llama.attention.value_length", 32, "values 32"],
    ["llama.attention.key_length", 24, "multiples of 16"],
  ])("%s = %o is a variant that is named", async (key, value, says) => {
    await expect(loadEngine(changed({ metadata: { [key]: value } }))).rejects.toMatchObject({
      code: "unsupported-model",
      message: expect.stringContaining(says),
    });
  });

  test("a missing tensor, a wrong shape, a type without a kernel and a tensor without a place are named", async () => {
    const load = (tensors: Changes["tensors"] & object) => loadEngine(changed({ tensors }));
    await expect(load({ "blk.1.ffn_up.weight": undefined })).rejects.toMatchObject({
      code: "bad-model",
      message: "changed.gguf: tensor blk.1.ffn_up.weight is missing",
    });
    await expect(load({ "blk.0.attn_k.weight": { shape: [32, 64] } })).rejects.toMatchObject({
      code: "bad-model",
      message: "changed.gguf: tensor blk.0.attn_k.weight has shape [64,32] (outputs first), and the configuration asks for [32,64]",
    });
    await expect(load({ "output_norm.weight": { shape: [64, 1] } })).rejects.toMatchObject({ code: "bad-model" });
    await expect(load({ "blk.0.attn_q.weight": { type: "I8", bytes: new Uint8Array(64 * 64) } })).rejects.toMatchObject({
      code: "unsupported-model",
      message: expect.stringContaining("attn_q.weight is of type I8"),
    });
    await expect(load({ "blk.0.attn_norm.weight": { type: "Q8_0", bytes: new Uint8Array(68) } })).rejects.toMatchObject({
      code: "unsupported-model",
    });
    await expect(load({ "blk.0.attn_q.bias": { shape: [64], bytes: new Uint8Array(256) } })).rejects.toMatchObject({
      code: "unsupported-model",
      message: 'changed.gguf: tensor "blk.0.attn_q.bias" has no place in the architecture llama',
    });
    await expect(load({ "blk.2.attn_norm.weight": { shape: [64], bytes: new Uint8Array(256) } })).rejects.toMatchObject({
      code: "unsupported-model",
    });
  });
});

describe("weights that are no numbers", () => {
  const withNaN = (name: string) => {
    const bytes = new Uint8Array(read(name));
    new DataView(bytes.buffer).setFloat32(40, Number.NaN, true);
    return loadEngine(changed({ tensors: { [name]: { bytes } } }), { threads: 1 });
  };

  test.each(["blk.1.ffn_down.weight", "blk.0.attn_norm.weight", "output_norm.weight"])("in %s are told with file and tensor", async (name) => {
    await expect(withNaN(name)).rejects.toMatchObject({ code: "bad-model", data: { tensor: name, file: "changed.gguf" } });
  });

  test("in matrices that are multiplied as one name them all", async () => {
    await expect(withNaN("blk.0.attn_k.weight")).rejects.toMatchObject({
      code: "bad-model",
      message: expect.stringContaining("blk.0.attn_k.weight"),
    });
  });
});

describe("options", () => {
  const path = changed({});
  test.each([0, -1, 1.5, Number.NaN, 129])("a context of %d is refused: the model was trained for 128", async (contextSize) => {
    writeFileSync(path, readFileSync(changed({})));
    await expect(loadEngine(path, { contextSize })).rejects.toMatchObject({ code: "bad-context-size", data: { trainedContext: 128 } });
  });

  test.each([0, 1.5, 1000])("%d threads are refused", async (threads) => {
    await expect(loadEngine(path, { threads })).rejects.toMatchObject({ code: "bad-threads" });
  });

  test("a cache that does not fit the memory is refused with what it would take", async () => {
    const terabytes = changed({ metadata: { "llama.context_length": 16_000_000, "llama.block_count": 1000 } });
    await expect(loadEngine(terabytes, { contextSize: 16_000_000 })).rejects.toMatchObject({
      code: "not-enough-memory",
      data: { cache: 16_000_000 * 256_000 },
    });
  });

  test("the context is the trained one, or as much as a cache of 1 GiB holds", async () => {
    const whole = await loadEngine(changed({}), { threads: 1 });
    expect(whole.contextSize).toBe(128);
    whole.close();
    const deep = changed({ metadata: { "llama.context_length": 1_000_000, "llama.block_count": 1000 } });
    await expect(loadEngine(deep)).rejects.toMatchObject({ code: "bad-model", message: "changed.gguf: tensor blk.2.attn_norm.weight is missing" });
    expect(defaultContextSize({ trainedContext: 1_000_000, layers: 1000, kvHeads: 2, headSize: 16 })).toBe(Math.floor(1024 ** 3 / 256_000));
  });

  test("a signal that is already raised ends the loading", async () => {
    await expect(loadEngine(changed({}), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });

  test("a closed engine's stepper says so", async () => {
    const engine = await loadEngine(changed({}), { threads: 1 });
    const stepper = engine.stepper();
    engine.close();
    engine.close();
    await expect(stepper.feed([1])).rejects.toMatchObject({ code: "engine-closed" });
    stepper.close();
  });
});
