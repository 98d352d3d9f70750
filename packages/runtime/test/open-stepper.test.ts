import { readFileSync } from "node:fs";
import { isCutawayError } from "@cutaway/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { architectureOf } from "../src/architectures/index.ts";
import { loadModel } from "../src/load-model.ts";
import { type OpenEngine, openEngine } from "../src/open/open-engine.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";
import { architectures, modelFolder } from "./model-folder.ts";

/** Mistral's window makes what is left of earlier pieces matter. */
const checkpoint = openSafetensorsFolder(`${architectures}mistral`);
const longer = { ...checkpoint, config: { ...checkpoint.config, max_position_embeddings: 512 } };
const ids = Array.from({ length: 300 }, (_, at) => (at * 7 + (at >> 3)) % 48);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] as number))), 0);

describe("a stepper of the open network", () => {
  let engine: OpenEngine;
  let rows: Float32Array[];
  beforeAll(async () => {
    engine = openEngine(architectureOf("mistral", "mistral"), longer, { threads: 1 });
    const one = engine.stepper();
    rows = [];
    for (const id of ids) rows.push((await one.feed([id])).slice());
  });
  afterAll(() => {
    engine.close();
    checkpoint.close();
  });

  test("a long prompt, read in pieces, gives what single tokens give", async () => {
    const stepper = engine.stepper();
    expect(distance(await stepper.feed(ids), rows.at(-1) as Float32Array)).toBeLessThan(1e-4);
    expect(stepper.length).toBe(300);
    stepper.truncate(200);
    expect(distance(await stepper.feed([ids[200] as number]), rows[200] as Float32Array)).toBeLessThan(1e-4);
  });

  test("the logits after each token, for scoring", async () => {
    let at = 0;
    for await (const row of engine.logitsOf(ids)) expect(distance(row, rows[at++] as Float32Array)).toBeLessThan(1e-4);
    expect(at).toBe(300);
  });

  test("stopped between two pieces, nothing is fed, and it goes on as if nothing had been", async () => {
    const stepper = engine.stepper();
    await stepper.feed(ids.slice(0, 5));
    const stop = new AbortController();
    const feeding = stepper.feed(ids.slice(5), stop.signal);
    stop.abort();
    await expect(feeding).rejects.toMatchObject({ name: "AbortError" });
    expect(stepper.length).toBe(5);
    expect(distance(await stepper.feed(ids.slice(5, 9)), rows[8] as Float32Array)).toBeLessThan(1e-4);
  });

  test("holds as many positions as were asked for, and says what is wrong with a feed before anything is fed", async () => {
    const stepper = engine.stepper(16);
    expect(stepper.capacity).toBe(16);
    await stepper.feed(ids.slice(0, 10));
    const codes = [];
    for (const wrong of [
      () => stepper.feed(ids.slice(0, 7)),
      () => stepper.feed([48]),
      () => stepper.feed([-1]),
      () => stepper.feed([1.5]),
      () => stepper.feed([]),
    ])
      codes.push(await wrong().then(String, (error) => isCutawayError(error) && error.code));
    expect(codes).toEqual(["context-full", "unknown-token", "unknown-token", "unknown-token", "nothing-to-feed"]);
    expect(() => stepper.truncate(11)).toThrow(/10 tokens are fed/);
    expect(stepper.length).toBe(10);
    const fork = await stepper.fork();
    stepper.close();
    await expect(stepper.feed([1])).rejects.toMatchObject({ code: "stepper-closed" });
    expect(distance(await fork.feed([ids[10] as number]), rows[10] as Float32Array)).toBeLessThan(1e-4);
  });

  test("a context beyond what the model was trained for is refused", () => {
    expect(() => openEngine(architectureOf("mistral", "mistral"), longer, { contextSize: 513 })).toThrow(/trained for 512/);
    expect(() => openEngine(architectureOf("mistral", "mistral"), longer, { threads: 0 })).toThrow(/0 threads/);
  });
});

/** The weights of a file in 16 bits, and the same rounded weights in 32. */
function rounded(type: "BF16" | "F16"): { short: Uint8Array; long: Uint8Array } {
  const long = new Uint8Array(readFileSync(`${architectures}gpt2/model.safetensors`));
  const start = 8 + Number(new DataView(long.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(long.subarray(8, start))) as Record<string, { dtype: string; data_offsets: [number, number] }>;
  const view = new DataView(long.buffer, start);
  const short = new DataView(new ArrayBuffer((long.length - start) / 2));
  for (let at = 0; at < view.byteLength; at += 4) {
    if (type === "BF16") {
      view.setUint32(at, view.getUint32(at, true) & 0xffff0000, true);
      short.setUint16(at / 2, view.getUint32(at, true) >>> 16, true);
    } else {
      short.setFloat16(at / 2, view.getFloat32(at, true), true);
      view.setFloat32(at, short.getFloat16(at / 2, true), true);
    }
  }
  for (const [name, tensor] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensor.dtype = type;
    tensor.data_offsets = [tensor.data_offsets[0] / 2, tensor.data_offsets[1] / 2];
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + short.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(new Uint8Array(short.buffer), 8 + text.length);
  return { short: file, long };
}

test.each(["BF16", "F16"] as const)("weights of %s are read as the numbers they are", async (type) => {
  const { short, long } = rounded(type);
  const scores = [];
  for (const bytes of [short, long]) {
    const folder = modelFolder("gpt2", { files: { "model.safetensors": bytes } });
    const model = await loadModel({ path: folder.path, threads: 1 });
    expect(model.info.weights.quantization).toBe(bytes === short ? type : "F32");
    scores.push(await model.score([5, 9, 30, 2, 7]));
    model.close();
    folder.remove();
  }
  expect(scores[0]).toEqual(scores[1]);
});
