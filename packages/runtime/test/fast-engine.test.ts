import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, openSafetensors } from "@cutaway/formats";
import { afterAll, describe, expect, test } from "vitest";
import { loadEngine } from "../src/engine/load-engine.ts";

/** Tiny random networks with heads of 16 numbers, as the fast engine takes them, judged by Hugging Face transformers (`tools/golden/architectures.py`). */
const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const names = ["gemma3", "qwen3", ...readdirSync(folder).filter((name) => name.endsWith("-wide"))];

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
  expect(names.toSorted()).toEqual(["gemma3", "llama3-wide", "mistral-wide", "qwen2-wide", "qwen3"]);
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
