import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, openSafetensors } from "@cutaway/formats";
import { afterAll, describe, expect, test } from "vitest";
import { loadEngine } from "../src/engine/load-engine.ts";

/** Tiny random networks with heads of 16 numbers, as the fast engine takes them, judged by Hugging Face transformers (`tools/golden/architectures.py`). */
const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const names = ["gemma3", "qwen3", ...readdirSync(folder).filter((name) => name.endsWith("-wide"))];

function golden(name: string): { ids: number[]; logits: Float32Array } {
  const file = openSafetensors(bytesSource(readFileSync(`${folder}${name}/golden.safetensors`)));
  const read = (tensor: string) => {
    const info = file.tensors.get(tensor);
    if (!info) throw new Error(`${name} has no ${tensor}`);
    return new Uint8Array(file.read(info)).buffer;
  };
  return { ids: Array.from(new BigInt64Array(read("ids")), Number), logits: new Float32Array(read("logits")) };
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
