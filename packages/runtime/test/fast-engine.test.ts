import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesSource, type GgufWritable, openSafetensors, writeGguf } from "@cutaway/formats";
import { afterAll, describe, expect, test } from "vitest";
import { loadEngine } from "../src/engine/load-engine.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";

/** Tiny random networks with heads of 16 numbers, as the fast engine takes them, judged by Hugging Face transformers (`tools/golden/architectures.py`). */
const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const names = ["gemma3", "gemma3-images", "qwen3", ...readdirSync(folder).filter((name) => name.endsWith("-wide"))];

function golden(name: string) {
  const file = openSafetensors(bytesSource(readFileSync(`${folder}${name}/golden.safetensors`)));
  const read = (tensor: string) => {
    const info = file.tensors.get(tensor);
    if (!info) throw new Error(`${name} has no ${tensor}`);
    return new Uint8Array(file.read(info)).buffer;
  };
  const values = (tensor: string) => new Float32Array(read(tensor));
  return { ids: Array.from(new BigInt64Array(read("ids")), Number), logits: values("logits"), values };
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
};

test("every relative of Llama is among them", () => {
  expect(names.toSorted()).toEqual(["gemma3", "gemma3-images", "llama3-wide", "mistral-wide", "qwen2-wide", "qwen3"]);
});

describe.each(names)("%s on the fast engine", async (name) => {
  const { ids, logits } = golden(name);
  const vocab = logits.length / ids.length;
  const row = (position: number) => logits.subarray(position * vocab, (position + 1) * vocab);
  const engine = await loadEngine(`${folder}${name}`, { threads: 1 });
  afterAll(() => engine.close());

  test("its logits are those of transformers at every position, fed at once", async () => {
    let position = 0;
    for await (const found of engine.logitsOf(ids)) expect(distance(found, row(position++))).toBeLessThan(1e-4);
    expect(position).toBe(ids.length);
  });

  test("and fed token by token, in parts, truncated and forked", async () => {
    const stepper = engine.stepper();
    for (const [position, id] of ids.entries()) expect(distance(await stepper.feed([id]), row(position))).toBeLessThan(1e-4);
    stepper.truncate(3);
    const fork = await stepper.fork();
    expect(distance(await fork.feed(ids.slice(3, 9)), row(8))).toBeLessThan(1e-4);
    expect(distance(await stepper.feed(ids.slice(3)), row(13))).toBeLessThan(1e-4);
    expect(distance(await fork.feed(ids.slice(9)), row(13))).toBeLessThan(1e-4);
    stepper.close();
    fork.close();
  });
});

/** The file's names of a checkpoint's parts, as llama.cpp's converter gives them. */
const ggufParts: Record<string, string> = {
  "model.embed_tokens": "token_embd",
  "model.norm": "output_norm",
  lm_head: "output",
  input_layernorm: "attn_norm",
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  "self_attn.q_norm": "attn_q_norm",
  "self_attn.k_norm": "attn_k_norm",
  post_attention_layernorm: "ffn_norm",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
};

/** A checkpoint as the GGUF file that it converts to, where the converter keeps rows and norms as they are. */
function asGguf(name: string, architecture: string): string {
  const checkpoint = openSafetensorsFolder(`${folder}${name}`);
  const tensors = [...checkpoint.tensors].map(([tensor, { shape }]) => {
    const [, layer, part = "", kind] = /^(?:model\.layers\.(\d+)\.)?(.*)\.(weight|bias)$/.exec(tensor) ?? [];
    const place = `${layer === undefined ? "" : `blk.${layer}.`}${ggufParts[part]}.${kind}`;
    return { name: place, type: "F32" as const, shape: shape.toReversed(), bytes: new Uint8Array(checkpoint.floats(tensor).buffer) };
  });
  const { config } = checkpoint;
  const heads = config.num_attention_heads as number;
  const metadata = new Map<string, GgufWritable>([["general.architecture", architecture]]);
  const set = (key: string, value: unknown, isFloat = false) =>
    metadata.set(`${architecture}.${key}`, isFloat ? { type: "float32", value: value as number } : (value as number));
  set("block_count", config.num_hidden_layers);
  set("embedding_length", config.hidden_size);
  set("attention.head_count", heads);
  set("attention.head_count_kv", config.num_key_value_heads);
  set("attention.key_length", config.head_dim ?? (config.hidden_size as number) / heads);
  set("feed_forward_length", config.intermediate_size);
  set("attention.layer_norm_rms_epsilon", config.rms_norm_eps, true);
  set("rope.freq_base", 10_000, true);
  set("context_length", config.max_position_embeddings);
  const path = join(temporary, `${name}.gguf`);
  writeFileSync(path, writeGguf({ metadata, tensors }));
  checkpoint.close();
  return path;
}

const temporary = mkdtempSync(join(tmpdir(), "cutaway-fast-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

test("a GGUF file of Qwen 3 gives the logits of the checkpoint it was made from", async () => {
  const { ids, logits } = golden("qwen3");
  const engine = await loadEngine(asGguf("qwen3", "qwen3"), { threads: 1 });
  const stepper = engine.stepper();
  expect(engine.architecture).toBe("qwen3");
  expect(distance(await stepper.feed(ids), logits.subarray(-48))).toBeLessThan(1e-4);
  stepper.close();
  engine.close();
});

test.each(["gpt2", "mixtral", "bert", "t5", "llama"])("%s is refused by name, for the open networks to take it", async (name) => {
  await expect(loadEngine(`${folder}${name}`)).rejects.toMatchObject({
    code: "unsupported-model",
    message: expect.stringContaining(name === "llama" ? "multiples of 16" : `"${name}"`),
  });
});

describe.each(["gemma3", "qwen3", "qwen2-wide"])("probes of %s on the fast engine", async (name) => {
  const { ids, values } = golden(name);
  const engine = await loadEngine(`${folder}${name}`, { threads: 1, probes: true });
  afterAll(() => engine.close());
  const { layers } = engine.config;
  const ofBlocks = (part: string) => Array.from({ length: layers }, (_, layer) => `blocks.${layer}.${part}`);
  const hooks = ["hook_resid_pre", "hook_resid_mid", "hook_resid_post", "hook_attn_out", "hook_mlp_out", "attn.hook_pattern"].flatMap(ofBlocks);

  test("residual streams and patterns are those of transformers; parts add up", async () => {
    const stepper = engine.stepper();
    const found = (await stepper.feedProbed(ids, hooks)).values;
    const at = (hook: string) => found.get(hook)?.data ?? new Float32Array();
    for (let layer = 0; layer < layers; layer++) {
      expect(distance(at(`blocks.${layer}.hook_resid_pre`), values(`hidden.${layer}`))).toBeLessThan(1e-4);
      expect(distance(at(`blocks.${layer}.attn.hook_pattern`), values(`attention.${layer}`))).toBeLessThan(1e-4);
      const sum = (a: Float32Array, b: Float32Array) => a.map((value, i) => value + (b[i] as number));
      const middle = sum(at(`blocks.${layer}.hook_resid_pre`), at(`blocks.${layer}.hook_attn_out`));
      expect(distance(at(`blocks.${layer}.hook_resid_mid`), middle)).toBeLessThan(1e-5);
      expect(distance(at(`blocks.${layer}.hook_resid_post`), sum(middle, at(`blocks.${layer}.hook_mlp_out`)))).toBeLessThan(1e-5);
    }
    stepper.close();
  });

  test("logits with and without them are the same to the last bit, and those of the graph without probes", async () => {
    const plain = await loadEngine(`${folder}${name}`, { threads: 1 });
    const [probed, quiet, without] = [engine.stepper(), engine.stepper(), plain.stepper()];
    for (const id of ids) {
      const { logits, values: found } = await probed.feedProbed([id], hooks);
      expect(found.get("blocks.0.attn.hook_pattern")?.shape).toEqual([1, engine.config.heads, 1, probed.length]);
      const expected = (await quiet.feed([id])).slice();
      expect(logits).toEqual(expected);
      expect(distance(await without.feed([id]), expected)).toBeLessThan(1e-4);
    }
    for (const stepper of [probed, quiet, without]) stepper.close();
    plain.close();
  });

  test("a hook that it does not have, and an engine without probes, are told", async () => {
    const stepper = engine.stepper();
    await expect(stepper.feedProbed(ids, ["blocks.99.hook_resid_pre"])).rejects.toMatchObject({ code: "unknown-hook" });
    expect(stepper.length).toBe(0);
    stepper.close();
  });
});
