import { fileURLToPath } from "node:url";
import type { InsideToken, TokenId } from "@cutaway/core";
import { logSoftmax } from "@cutaway/sampling";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ablate } from "../src/inspect/ablation.ts";
import { probeModel } from "../src/inspect/ask-inside.ts";
import { changesOf, type RowChange } from "../src/inspect/changes.ts";
import { deleteUnits } from "../src/inspect/deletion.ts";
import { type OpenModel, openInside, openModelInside, type Reading } from "../src/inspect/open-model.ts";
import { patch } from "../src/inspect/patching.ts";
import { layerHooks, readHooks } from "../src/inspect/read-hooks.ts";
import { refuseLongReading } from "../src/inspect/refuse-long-reading.ts";
import { sweep } from "../src/inspect/sweep.ts";
import { logitsAt } from "../src/inspect/target.ts";
import type { Checkpoint } from "../src/weights/checkpoint.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";

const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const ids = [3, 17, 5, 41, 0, 22];
const other = [3, 9, 5, 12, 31, 22];
const source = [7, 8, 30, 2];
const target = { position: 5, token: 11, against: 4 };
const readings = (model: OpenModel): [Reading, Reading] =>
  model.architecture.kind === "encoder-decoder"
    ? [
        { ids, source },
        { ids: other, source },
      ]
    : [{ ids }, { ids: other }];
const asTokens = (list: readonly number[]): InsideToken[] => list.map((id) => ({ id: id as TokenId, bytes: new Uint8Array(), segment: "user" }));

/** The checkpoint with the columns of each layer's output projection that read one head set to 0: the head says nothing. */
function withoutHead(checkpoint: Checkpoint, tensor: string, head: number, headSize: number, isTransposed: boolean): Checkpoint {
  return {
    ...checkpoint,
    floats(name) {
      const weights = checkpoint.floats(name).slice();
      if (name !== tensor) return weights;
      const [rows = 0, columns = 0] = checkpoint.tensors.get(name)?.shape ?? [];
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const input = isTransposed ? row : column;
          if (Math.floor(input / headSize) === head) weights[row * columns + column] = 0;
        }
      }
      return weights;
    },
  };
}

const outputOf: Record<string, string> = {
  gpt2: "transformer.h.1.attn.c_proj.weight",
  llama: "model.layers.1.self_attn.o_proj.weight",
  qwen3: "model.layers.1.self_attn.o_proj.weight",
  mixtral: "model.layers.1.self_attn.o_proj.weight",
  gemma3: "model.layers.1.self_attn.o_proj.weight",
  t5: "decoder.block.1.layer.0.SelfAttention.o.weight",
};

describe.each(["gpt2", "llama", "qwen3", "mixtral", "gemma3", "t5"])("%s", (name) => {
  const model = openModelInside(`${folder}${name}`);
  const [clean, corrupted] = readings(model);
  const hooks = ["hook_resid_pre", "hook_attn_out", "hook_mlp_out", "attn.hook_z"].flatMap((hook) => layerHooks(model, hook));

  test("what no row changes stays as it is, to the last bit", () => {
    const unchanged = logitsAt(model, clean, 5);
    const { plan, given } = changesOf(model, clean, hooks, [[]], true);
    const { outputs } = model.run({ key: "unchanged", plan: { changes: plan }, asked: [5], outputs: (_, logits) => ({ logits }) }, clean, given);
    expect(outputs.logits?.data).toEqual(unchanged);
  });

  test("reading values changes nothing, to the last bit", () => {
    const { logits, values } = probeModel(
      model,
      { reading: clean, tokens: asTokens(ids) },
      [{ hook: hooks[0] as string }, { hook: hooks.at(-1) as string }],
      [],
    );
    expect(logits).toEqual(logitsAt(model, clean, 5));
    expect(values.map(({ hook }) => hook)).toEqual([hooks[0], hooks.at(-1)]);
  });

  test("a head taken away is a head whose weights are 0", async () => {
    const { cells } = await ablate(model, clean, target, { of: "heads" });
    const checkpoint = openSafetensorsFolder(`${folder}${name}`);
    const { headSize, heads } = model.dimensions;
    for (let head = 0; head < heads; head++) {
      const without = openInside(withoutHead(checkpoint, outputOf[name] as string, head, headSize, name === "gpt2"), 1);
      const expected = logSoftmax(logitsAt(without, clean, 5))[11] as number;
      const cell = cells.find((one) => one.layer === 1 && one.head === head);
      expect(cell?.outcome.logprob).toBeCloseTo(expected, 4);
    }
  });

  test("with the mean in its place a value is its mean over the tokens", async () => {
    const hook = layerHooks(model, "hook_mlp_out")[0] as string;
    const before = readHooks(model, clean, [hook]).get(hook) as { data: Float32Array };
    const { values } = probeModel(model, { reading: clean, tokens: asTokens(ids) }, [{ hook }], [{ hook, set: "mean", positions: [2] }]);
    const width = model.dimensions.width;
    const [after] = values;
    for (let i = 0; i < width; i++) {
      const mean = ids.reduce((sum, _, token) => sum + (before.data[token * width + i] as number), 0) / ids.length;
      expect(after?.data[2 * width + i]).toBeCloseTo(mean, 5);
      expect(after?.data[3 * width + i]).toBe(before.data[3 * width + i]);
    }
  });

  test("all of the other text's stream carried over gives the other text's answer; none of it, the text's own", async () => {
    const hook = layerHooks(model, "hook_resid_pre")[0] as string;
    const plus = readHooks(model, clean, [hook]).get(hook);
    const rows: RowChange[][] = [[], plus ? [{ hook, plus }] : []];
    const [none, all] = await sweep(model, corrupted, target, rows, { key: "all", hooks: [hook], what: "" });
    const difference = (reading: Reading) => {
      const logits = logitsAt(model, reading, 5);
      return (logits[11] as number) - (logits[4] as number);
    };
    expect(none?.difference).toBeCloseTo(difference(corrupted), 4);
    expect(all?.difference).toBeCloseTo(difference(clean), 4);
  });

  test("carrying over what is the same in both texts does nothing", async () => {
    const found = await patch(model, { clean, corrupted }, target, { of: "resid_pre" });
    const first = found.cells.filter(({ layer }) => layer === 0);
    // Positions whose token is the same in both texts have the same embedding: carrying it over does nothing.
    for (const { position, difference } of first)
      if (ids[position as number] === other[position as number]) expect(difference).toBeCloseTo(found.corrupted, 4);
    expect(found.cells.every(({ effect }) => Number.isFinite(effect))).toBe(true);
  });

  test("every row of every pattern adds up to 1", () => {
    const patterns = readHooks(model, clean, layerHooks(model, "attn.hook_pattern"));
    for (const { shape, data } of patterns.values()) {
      const keys = shape.at(-1) as number;
      for (let row = 0; row < data.length; row += keys)
        expect(data.subarray(row, row + keys).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
  });
});

const llama = openModelInside(`${folder}llama`);

test("any rows of changes, in any batch, are what each is by itself", async () => {
  const hooks = ["hook_attn_out", "attn.hook_z"].flatMap((hook) => layerHooks(llama, hook));
  const change = fc.record(
    {
      hook: fc.constantFrom(...hooks),
      positions: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1 }),
      times: fc.double({ min: -1, max: 2, noNaN: true }),
    },
    { requiredKeys: ["hook", "times"] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 3 }), { minLength: 1, maxLength: 4 }), async (drawn) => {
      const rows = drawn.map((row) => [...new Map(row.map((one) => [one.hook, one])).values()]);
      const options = { key: "rows", hooks, what: "" };
      const together = await sweep(llama, { ids }, target, rows, options);
      for (const [at, row] of rows.entries()) {
        const [alone] = await sweep(llama, { ids }, target, [row], options);
        expect(together[at]?.logprob).toBeCloseTo(alone?.logprob as number, 4);
      }
    }),
    { numRuns: 25 },
  );
});

test("a prompt without a part is read as if it had never been there", async () => {
  const { base, units } = await deleteUnits(llama, { ids }, 11, [
    { start: 1, end: 3 },
    { start: 0, end: 1 },
    { start: 3, end: 5 },
  ]);
  expect(base.logprob).toBeCloseTo(logSoftmax(logitsAt(llama, { ids }, 5))[11] as number, 5);
  for (const [at, kept] of [
    [3, 41, 0, 22],
    [17, 5, 41, 0, 22],
    [3, 17, 5, 22],
  ].entries()) {
    expect(units[at]?.logprob).toBeCloseTo(logSoftmax(logitsAt(llama, { ids: kept }, kept.length - 1))[11] as number, 4);
    expect(units[at]?.divergence).toBeGreaterThan(0);
  }
});

test("what cannot be changed is refused, with what can", () => {
  const at =
    (hook: string, more = {}) =>
    () =>
      probeModel(llama, { reading: { ids }, tokens: asTokens(ids) }, [], [{ hook, set: "zero", ...more }]);
  expect(at("blocks.0.attn.hook_pattern")).toThrow(expect.objectContaining({ code: "unchangeable-hook" }));
  expect(at("blocks.0.attn.hook_nothing")).toThrow(expect.objectContaining({ code: "unknown-hook" }));
  expect(at("blocks.0.hook_mlp_out", { heads: [0] })).toThrow(expect.objectContaining({ code: "option-without-effect" }));
  expect(at("blocks.0.attn.hook_z", { heads: [4] })).toThrow(expect.objectContaining({ code: "out-of-range" }));
  expect(at("blocks.*.hook_mlp_out", { positions: [6] })).toThrow(expect.objectContaining({ code: "out-of-range" }));
});

test("texts that differ in length are not patched", async () => {
  await expect(patch(llama, { clean: { ids }, corrupted: { ids: [1, 2] } }, target, { of: "z" })).rejects.toMatchObject({
    code: "texts-differ-in-length",
  });
  await expect(patch(llama, { clean: { ids }, corrupted: { ids } }, target, { of: "z" })).rejects.toMatchObject({ code: "no-difference" });
});

test("a text too long to be traced back is refused before memory is taken", () => {
  const long = { ids: new Array<number>(3000).fill(1) };
  expect(() => refuseLongReading(llama, long, 100e6)).toThrow(
    expect.objectContaining({ code: "not-enough-memory", message: expect.stringContaining("3000 tokens") }),
  );
  expect(() => refuseLongReading(llama, { ids }, 100e6)).not.toThrow();
});
