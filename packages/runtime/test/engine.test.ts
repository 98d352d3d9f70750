import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesSource, dequantize, openGguf, writeGguf } from "@cutaway/formats";
import { afterAll, describe, expect, test } from "vitest";
import { loadEngine } from "../src/engine/load-engine.ts";
import { failed } from "../src/engine/ort-library.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const golden = JSON.parse(readFileSync(fixture("tiny-llama.json"), "utf8")) as { ids: number[]; logits: number[][] };
const { ids } = golden;

const engine = await loadEngine(fixture("tiny-llama.gguf"), { threads: 1 });
afterAll(() => engine.close());

/** The largest difference between two rows of logits. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}

describe("a tiny random Llama in float32", () => {
  test("its logits are those of Hugging Face transformers at every position", async () => {
    const rows: Float32Array[] = [];
    for await (const row of engine.logitsOf(ids)) rows.push(row.slice());
    expect(rows).toHaveLength(ids.length);
    for (const [position, row] of rows.entries()) expect(distance(row, golden.logits[position] ?? [])).toBeLessThan(1e-4);
  });

  test("fed token by token over the cache, it gives the logits of a full recomputation", async () => {
    const stepper = engine.stepper();
    for (const [position, id] of ids.entries()) {
      const logits = await stepper.feed([id]);
      expect(distance(logits, golden.logits[position] ?? [])).toBeLessThan(1e-4);
      const fresh = engine.stepper();
      expect(distance(logits, await fresh.feed(ids.slice(0, position + 1)))).toBeLessThan(1e-4);
      fresh.close();
    }
    expect(stepper.length).toBe(ids.length);
    stepper.close();
  });

  test("a prompt fed in parts is the prompt fed whole", async () => {
    const stepper = engine.stepper();
    await stepper.feed(ids.slice(0, 7));
    await stepper.feed(ids.slice(7, 8));
    const logits = await stepper.feed(ids.slice(8));
    expect(distance(logits, golden.logits.at(-1) ?? [])).toBeLessThan(1e-4);
    stepper.close();
  });
});

describe("a stepper", () => {
  test("truncated and fed anew, it gives what a fresh one gives", async () => {
    const stepper = engine.stepper();
    await stepper.feed(ids.slice(0, 6));
    await stepper.feed([63, 62, 61, 60]);
    stepper.truncate(6);
    expect(stepper.length).toBe(6);
    expect(distance(await stepper.feed(ids.slice(6)), golden.logits.at(-1) ?? [])).toBeLessThan(1e-4);
    stepper.truncate(0);
    expect(distance(await stepper.feed(ids.slice(0, 1)), golden.logits[0] ?? [])).toBeLessThan(1e-4);
    stepper.close();
  });

  test("its forks go their own ways, and outlive it", async () => {
    const trunk = engine.stepper();
    await trunk.feed(ids.slice(0, 10));
    const branch = await trunk.fork();
    expect(branch.length).toBe(10);
    await trunk.feed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const logits = (await branch.feed(ids.slice(10))).slice();
    expect(distance(logits, golden.logits.at(-1) ?? [])).toBeLessThan(1e-4);
    trunk.truncate(10);
    const again = await trunk.feed(ids.slice(10));
    expect(distance(logits, again)).toBeLessThan(1e-6);
    trunk.close();
    branch.truncate(19);
    expect(distance(await branch.feed(ids.slice(19)), logits)).toBeLessThan(1e-4);
    branch.close();
  });

  test("feeds nothing when the tokens do not all fit", async () => {
    const small = await loadEngine(fixture("tiny-llama.gguf"), { threads: 1, contextSize: 12 });
    const stepper = small.stepper();
    expect(stepper.capacity).toBe(12);
    await stepper.feed(ids.slice(0, 10));
    await expect(stepper.feed(ids.slice(10, 13))).rejects.toMatchObject({ code: "context-full", data: { length: 10, added: 3, capacity: 12 } });
    expect(stepper.length).toBe(10);
    expect(distance(await stepper.feed(ids.slice(10, 12)), golden.logits[11] ?? [])).toBeLessThan(1e-4);
    stepper.close();
    small.close();
  });

  test("refuses tokens that the model does not have, and feeds nothing then", async () => {
    const stepper = engine.stepper();
    for (const bad of [64, -1, 1.5, Number.NaN]) {
      await expect(stepper.feed([1, bad])).rejects.toMatchObject({ code: "unknown-token" });
    }
    await expect(stepper.feed([])).rejects.toMatchObject({ code: "nothing-to-feed" });
    expect(stepper.length).toBe(0);
    expect(() => stepper.truncate(1)).toThrow("0 tokens are fed");
    stepper.close();
    await expect(stepper.feed([1])).rejects.toMatchObject({ code: "stepper-closed" });
  });

  test("ends a prompt where the signal asks, with nothing fed", async () => {
    const stepper = engine.stepper();
    await expect(stepper.feed(ids, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(stepper.length).toBe(0);
    stepper.close();
  });
});

describe("a quantised Llama", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-engine-"));
  const paths = quantisedTwins();
  const [small, large] = await Promise.all([paths.quantised, paths.dequantised].map((path) => loadEngine(path, { threads: 1 })));
  if (!small || !large) throw new Error("both load");
  afterAll(() => {
    small.close();
    large.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const prompt = Array.from({ length: 90 }, (_, i) => (i * 29 + 7) % 64);

  /** The tiny Llama with random Q4_1 matrices, and the same weights in float32. */
  function quantisedTwins() {
    const file = openGguf(bytesSource(readFileSync(fixture("tiny-llama.gguf"))));
    const twins = [...file.tensors.values()].map((tensor) => {
      const [inputs = 0, outputs] = tensor.shape;
      if (outputs === undefined) return [tensor, tensor].map((t) => ({ ...t, bytes: file.read(t) }));
      const bytes = new Uint8Array((inputs / 32) * outputs * 20);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < bytes.length; i++) bytes[i] = Math.imul(i + tensor.offset, 2_654_435_761) >>> 23;
      for (let at = 0; at < bytes.length; at += 20) {
        view.setUint16(at, 0x2600 + (at % 1000), true); // about 1/40
        view.setUint16(at + 2, 0xb200 + (at % 777), true); // about -1/5
      }
      const floats = dequantize("Q4_1", bytes, inputs * outputs);
      return [
        { ...tensor, type: "Q4_1" as const, bytes },
        { ...tensor, type: "F32" as const, bytes: new Uint8Array(floats.buffer) },
      ];
    });
    const write = (name: string, which: 0 | 1) => {
      const tensors = twins.flatMap((pair) => pair[which] ?? []);
      writeFileSync(join(folder, name), writeGguf({ metadata: file.metadata, tensors }));
      return join(folder, name);
    };
    return { quantised: write("q4_1.gguf", 0), dequantised: write("f32.gguf", 1) };
  }

  /** The difference of two rows, as a share of the second one's spread. */
  const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    const values = Array.from(b);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return distance(a, b) / Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };

  test("read as a prompt, as steps, or in both ways, is near the same weights in float32", async () => {
    const exact = large.stepper();
    const reference = (await exact.feed(prompt)).slice();
    const [whole, stepwise, mixed] = [small.stepper(), small.stepper(), small.stepper()];
    expect(apart(await whole.feed(prompt), reference)).toBeLessThan(0.1);
    let last = new Float32Array();
    for (const id of prompt) last = (await stepwise.feed([id])).slice();
    expect(apart(last, reference)).toBeLessThan(0.1);
    await mixed.advance(prompt.slice(0, 60));
    expect(mixed.length).toBe(60);
    await mixed.advance(prompt.slice(60, 70));
    expect(apart(await mixed.feed(prompt.slice(70)), reference)).toBeLessThan(0.1);
    for (const stepper of [exact, whole, stepwise, mixed]) stepper.close();
  });

  test("a prompt that does not fit feeds nothing, nor does one that is stopped", async () => {
    const stepper = small.stepper();
    await stepper.advance(prompt);
    await expect(stepper.advance(prompt)).rejects.toMatchObject({ code: "context-full" });
    await expect(stepper.advance([1], AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(stepper.length).toBe(90);
    stepper.close();
  });
});

test("memory that cannot be had is no defect, and is told with what to do", () => {
  const message = "Failed to load model with error: std::bad_alloc";
  expect(failed("CreateSessionFromArray", message)).toMatchObject({
    code: "not-enough-memory",
    kind: "usage",
    fix: expect.stringContaining("--context-size"),
  });
  expect(failed("Run", "Invalid input shape")).toMatchObject({ code: "onnx-runtime-failed", kind: "internal" });
});
