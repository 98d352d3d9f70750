import { seededRandom } from "@cutaway/core";
import { dequantize } from "@cutaway/formats";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { DecoderConfig } from "../src/engine/decoder-config.ts";
import { decoderGraph } from "../src/engine/decoder-graph.ts";
import type { DecoderWeights } from "../src/engine/decoder-weights.ts";
import { EmbeddingTable } from "../src/engine/embedding-table.ts";
import { EngineStepper } from "../src/engine/engine-stepper.ts";
import type { Matrix, MatrixType } from "../src/engine/matrix.ts";
import { OrtSession } from "../src/engine/ort-session.ts";
import type { EngineParts, GraphNetworks, KernelNetworks } from "../src/engine/passage.ts";
import { canPack, packedBytes, packMatrices } from "../src/engine/steps/packed-matrix.ts";
import { stepKernels, stepModule } from "../src/engine/steps/step-kernels.ts";
import { StepMemory } from "../src/engine/steps/step-memory.ts";
import { StepNetwork } from "../src/engine/steps/step-network.ts";
import { StepTeam } from "../src/engine/steps/step-team.ts";

const random = seededRandom(5);
const normal = () => random() + random() + random() - 1.5;
const normals = (count: number, spread = 1) => Float32Array.from({ length: count }, () => normal() * spread);

const blockBytes = { Q8_0: 34, Q4_0: 18, Q4_1: 20 } as const;
type Packed = keyof typeof blockBytes;
const packedTypes = Object.keys(blockBytes) as Packed[];

/** Random blocks of weights of about 0.1; `scale`: the bits of a half-precision number. */
function blocks(
  type: Packed,
  count: number,
  scale = () => (type === "Q8_0" ? 0x1500 : 0x2400) + Math.floor(random() * 0x200),
  number = () => random() * 256,
): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from({ length: count * blockBytes[type] }, number);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += blockBytes[type]) {
    view.setUint16(at, scale(), true);
    if (type === "Q4_1") view.setUint16(at + 2, 0xb000 + Math.floor(random() * 0x100), true); // less about the middle of the numbers
  }
  return bytes;
}

/** A matrix in blocks and the same numbers in float32. */
function twins(
  type: Packed,
  outputs: number,
  inputs: number,
  scale?: () => number,
  number?: () => number,
): { packed: Matrix; plain: Matrix<"F32">; numbers: Float32Array } {
  const bytes = blocks(type, (outputs * inputs) / 32, scale, number);
  const numbers = dequantize(type, bytes, outputs * inputs);
  const named = (of: MatrixType, read: () => Uint8Array) => ({ file: "random", name: "w", type: of, inputs, outputs, get bytes() { return read(); } }); // biome-ignore format: a matrix is read anew each time
  return {
    packed: named(type, () => bytes.slice()),
    plain: named("F32", () => new Uint8Array(numbers.slice().buffer)) as Matrix<"F32">,
    numbers,
  };
}

function newTeam(threads = 1) {
  const memory = new StepMemory();
  const team = StepTeam.over(memory, threads);
  if (!team) throw new Error("Node has the instructions");
  return { memory, team };
}

const given = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error("there is room");
  return value;
};

/** matrix · x by kernels. */
function product({ memory, team }: ReturnType<typeof newTeam>, matrices: readonly Matrix[], x: Float32Array): Float32Array {
  const packed = given(packMatrices(matrices, memory, team.kernels));
  const from = given(memory.place(x));
  const inputs = given(memory.allocate(16 + x.length * 2));
  const y = given(memory.allocate(packed.groups * 16));
  if (packed.kernel === "multiply8") team.kernels.inputsFor8(from, x.length, inputs);
  else team.kernels.inputsFor4(from, x.length, inputs);
  team.multiply(packed, inputs, y);
  return memory.floats(y, packed.groups * 4).slice();
}

/** What rounding the inputs can do to one output at most: half a step each. */
function bound(type: Packed, numbers: Float32Array, output: number, x: Float32Array): number {
  const largest = (part: Float32Array) => part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const step = type === "Q8_0" ? largest(x) / 8191 : largest(x.subarray(i - (i % 32), i - (i % 32) + 32)) / 127;
    sum += (Math.abs(numbers[output * x.length + i] as number) * step) / 2;
  }
  return sum;
}

const exact = (numbers: Float32Array, x: Float32Array, output: number) =>
  x.reduce((sum, value, i) => sum + value * (numbers[output * x.length + i] as number), 0);

describe.each(packedTypes)("products with %s", (type) => {
  test.each([
    ["random inputs", 96, () => normals(96)],
    ["one large input among small ones", 64, () => normals(64).with(17, 400)],
    ["zeros", 32, () => new Float32Array(32)],
    ["inputs near the smallest there are", 32, () => normals(32, 1e-37)],
  ])("are exact but for the rounding of inputs: %s", (_, inputs, make) => {
    const { packed, numbers } = twins(type, 12, inputs);
    const x = make();
    const y = product(newTeam(), [packed], x);
    for (const [output, value] of y.entries()) {
      const wanted = exact(numbers, x, output);
      const magnitude = x.reduce((sum, one, i) => sum + Math.abs(one * (numbers[output * inputs + i] as number)), 0);
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(bound(type, numbers, output, x) * 1.0001 + magnitude * 1e-4 + 1e-37);
    }
  });

  test("take scales of any sign and size, the subnormal ones too", () => {
    const { packed, numbers } = twins(type, 8, 64, () => (random() < 0.5 ? 0x8000 : 0) | Math.floor(random() * 0x2c00));
    const x = normals(64);
    const y = product(newTeam(), [packed], x);
    for (const [output, value] of y.entries()) {
      expect(Math.abs(value - exact(numbers, x, output))).toBeLessThanOrEqual(bound(type, numbers, output, x) * 1.0001 + 1e-4);
    }
  });

  test("of several matrices lie one after the other, and threads change no bit of them", async () => {
    const [first, second] = [twins(type, 8, 64), twins(type, 52, 64)];
    const x = normals(64);
    const alone = newTeam();
    const joined = product(alone, [first.packed, second.packed], x);
    expect(joined.slice(0, 8)).toEqual(product(alone, [first.packed], x));
    expect(joined.slice(8)).toEqual(product(alone, [second.packed], x));
    const several = newTeam(3);
    // Helpers join while these run; jobs have more shares than the one before, and fewer.
    for (let i = 0; i < 300; i++) {
      expect(product(several, [first.packed, second.packed], x)).toEqual(joined);
      expect(product(several, [first.packed], x)).toEqual(joined.slice(0, 8));
      if (i % 30 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    several.team.close();
  });

  test("refuse scales that are no numbers, by name", () => {
    const { packed } = twins(type, 4, 32, () => 0x7e00);
    const { memory, team } = newTeam();
    expect(() => packMatrices([packed], memory, team.kernels)).toThrow(/tensor w has weights that are not finite/);
  });
});

test("matrices that do not fall into groups and blocks are left to the graphs", () => {
  expect(canPack(twins("Q8_0", 6, 32).packed)).toBe(false);
  expect(canPack(twins("Q8_0", 8, 32).plain)).toBe(false);
  expect(canPack(twins("Q8_0", 8, 32).packed)).toBe(true);
});

describe("attention", () => {
  test.each([1, 2, 3, 4, 5, 31, 200])("over %i positions is softmax(q · keys · scale) · values, for every head", (count) => {
    const { memory, team } = newTeam();
    const [heads, kvHeads, size, capacity] = [6, 2, 64, 208];
    const [q, keys, values] = [normals(heads * size, 3), normals(kvHeads * capacity * size), normals(kvHeads * capacity * size)];
    // What lies past the end is never looked at.
    for (let part = 0; part < kvHeads; part++) {
      for (const cache of [keys, values]) cache.fill(Number.NaN, (part * capacity + count) * size, (part + 1) * capacity * size);
    }
    const at = { q: given(memory.place(q)), keys: given(memory.place(keys)), values: given(memory.place(values)) };
    const z = given(memory.allocate(heads * size * 4));
    const stride = Math.ceil((capacity + 4) / 16) * 64;
    const scores = given(memory.allocate(heads * stride));
    const shape = { count, size, scale: 0.2, heads, headsPerPart: heads / kvHeads, partStride: capacity * size * 4, scoresStride: stride };
    team.attend({ ...at, ...shape, scores, z });
    const found = memory.floats(z, heads * size);
    for (let head = 0; head < heads; head++) {
      const part = Math.floor(head / 3) * capacity * size;
      const row = (of: Float32Array, i: number) => of.subarray(part + i * size, part + (i + 1) * size);
      const dots = Array.from({ length: count }, (_, i) => 0.2 * row(keys, i).reduce((s, k, j) => s + k * (q[head * size + j] as number), 0));
      const top = Math.max(...dots);
      const weights = dots.map((dot) => Math.exp(dot - top));
      const total = weights.reduce((a, b) => a + b, 0);
      for (let j = 0; j < size; j++) {
        const wanted = weights.reduce((sum, weight, i) => sum + (weight / total) * (row(values, i)[j] as number), 0);
        expect(found[head * size + j]).toBeCloseTo(wanted, 5);
      }
    }
  });
});

test("memory: what is given out never overlaps, and what came back is given out again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.record({ take: fc.integer({ min: 1, max: 300_000 }) }), fc.record({ give: fc.nat() })), { maxLength: 40 }),
      (acts) => {
        const memory = new StepMemory();
        const held: { start: number; end: number }[] = [];
        for (const act of acts) {
          if ("take" in act) {
            const start = given(memory.allocate(act.take));
            const end = start + act.take;
            expect(start % 64).toBe(0);
            expect(end).toBeLessThanOrEqual(memory.shared.buffer.byteLength);
            for (const other of held) expect(start >= other.end || end <= other.start).toBe(true);
            held.push({ start, end });
          } else if (held.length > 0) memory.free((held.splice(act.give % held.length, 1)[0] as { start: number }).start);
        }
        const size = memory.shared.buffer.byteLength;
        for (const { start } of held) memory.free(start);
        expect(memory.allocate(size - 64)).toBe(64);
        expect(memory.shared.buffer.byteLength).toBe(size);
      },
    ),
    { numRuns: 60 },
  );
});

/** Relatives of Llama at the smallest size that kernels take. */
const base: DecoderConfig = {
  architecture: "random",
  layers: 2,
  width: 96,
  heads: 4,
  kvHeads: 2,
  headSize: 32,
  mlpWidth: 160,
  vocabSize: 64,
  trainedContext: 128,
  normEpsilon: 1e-5,
  activation: "silu",
  scale: 1 / Math.sqrt(32),
  embeddingScale: 1,
  windows: [undefined, undefined],
  speeds: Array(2).fill(Float64Array.from({ length: 16 }, (_, i) => 10_000 ** (-i / 16))),
  biases: { qkv: false, attentionOut: false, mlp: false },
  headNorms: false,
  normsAfter: false,
  normOffset: 0,
  tied: false,
};
const variants: [string, Partial<DecoderConfig>, DecoderWeights["pairs"]][] = [
  ["Llama, from a checkpoint", {}, "halves"],
  ["Llama, from GGUF", {}, "neighbours"],
  ["biases everywhere", { biases: { qkv: true, attentionOut: true, mlp: true } }, "halves"],
  ["heads normalised, a window", { headNorms: true, windows: [5, undefined] }, "halves"],
  [
    "Gemma 3",
    {
      activation: "gelu-tanh",
      headNorms: true,
      normsAfter: true,
      windows: [4, undefined],
      speeds: [1000, 1e6].map((far) => Float64Array.from({ length: 16 }, (_, i) => far ** (-i / 16))),
    },
    "halves",
  ],
];

describe.each(variants)("%s", (_, differences, pairs) => {
  const config = { ...base, ...differences };
  const ids = Array.from({ length: 40 }, (_, i) => (i * 29 + 7) % 64);

  test.each([...packedTypes, "mixed"] as const)("by kernels and bulk is near the same weights in float32: %s", async (kind) => {
    const { packed, plain } = randomWeights(config, pairs, kind);
    const steps = given(StepNetwork.of(packed, config, 64, 2));
    const session = (purpose: "step" | "bulk", weights: DecoderWeights) => new OrtSession(decoderGraph(purpose, config, weights, 64), { threads: 1 });
    const bulk = session("bulk", packed);
    const step = session("step", plain);
    const parts = (networks: GraphNetworks | KernelNetworks): EngineParts => {
      return { networks, config, vocabSize: 64, embeddings: plain.embeddings, contextSize: 64 };
    };
    afterAll(() => {
      steps.close();
      bulk.close();
      step.close();
    });
    const reference = new EngineStepper(parts({ step, probes: false }));
    const rows: Float32Array[] = [];
    for await (const row of reference.feedEach(ids)) rows.push(row.slice());
    const near = (found: ArrayLike<number>, position: number) => expect(apart(found, rows[position] as Float32Array)).toBeLessThan(0.1);

    const stepwise = new EngineStepper(parts({ steps, bulk }));
    for (const [position, id] of ids.entries()) near(await stepwise.feed([id]), position);
    const whole = new EngineStepper(parts({ steps, bulk }));
    near(await whole.feed(ids), 39);
    whole.truncate(20);
    near(await whole.feed(ids.slice(20, 22)), 21);
    const fork = await whole.fork();
    whole.close();
    await fork.advance(ids.slice(22, 30));
    await fork.advance(ids.slice(30, 31));
    let position = 31;
    for await (const row of fork.feedEach(ids.slice(31))) near(row, position++);
    expect(position).toBe(40);
    for (const stepper of [reference, stepwise, fork]) stepper.close();
  });
});

test("a cache for which the kernels' memory has no room lies elsewhere, and gives nearly the same", async () => {
  const { packed } = randomWeights(base, "halves", "Q8_0");
  const steps = given(StepNetwork.of(packed, base, 64, 1));
  const bulk = new OrtSession(decoderGraph("bulk", base, packed, 64), { threads: 1 });
  const parts: EngineParts = { networks: { steps, bulk }, config: base, vocabSize: 64, embeddings: packed.embeddings, contextSize: 64 };
  const inside = new EngineStepper(parts);
  for (let bytes = 2 ** 31; bytes >= 64; ) if (steps.memory.allocate(bytes) === undefined) bytes /= 2;
  const outside = new EngineStepper(parts);
  for (const id of [5, 9, 60, 3]) {
    const wanted = (await inside.feed([id])).slice();
    expect(apart(await outside.feed([id]), wanted)).toBeLessThan(0.1);
  }
  for (const part of [inside, outside, steps, bulk]) part.close();
});

/** The largest difference of two rows, as a share of the second one's spread. */
function apart(a: ArrayLike<number>, b: Float32Array): number {
  const mean = b.reduce((sum, value) => sum + value, 0) / b.length;
  const spread = Math.sqrt(b.reduce((sum, value) => sum + (value - mean) ** 2, 0) / b.length);
  return Math.max(...b.map((value, i) => Math.abs(value - (a[i] as number)))) / spread;
}

function randomWeights(
  config: DecoderConfig,
  pairs: DecoderWeights["pairs"],
  kind: Packed | "mixed",
): { packed: DecoderWeights; plain: DecoderWeights } {
  const { width, heads, kvHeads, headSize, mlpWidth, vocabSize, layers, biases } = config;
  let made = 0;
  const matrix = (outputs: number, inputs: number) => twins(kind === "mixed" ? (packedTypes[made++ % 3] as Packed) : kind, outputs, inputs);
  const norm = (size: number) => normals(size, 0.1).map((value) => value + 1);
  const some = (has: boolean, make: () => Float32Array) => (has ? make() : undefined);
  const both = Array.from({ length: layers }, () => {
    const qkv = [heads, kvHeads, kvHeads].map((count) => matrix(count * headSize, width));
    const [attentionOut, gate, up, down] = [
      matrix(width, heads * headSize),
      matrix(mlpWidth, width),
      matrix(mlpWidth, width),
      matrix(width, mlpWidth),
    ];
    const vectors = {
      attentionNorm: norm(width),
      qkvBias: some(biases.qkv, () => normals((heads + 2 * kvHeads) * headSize, 0.2)),
      headNorms: config.headNorms ? { q: norm(headSize), k: norm(headSize) } : undefined,
      attentionOutBias: some(biases.attentionOut, () => normals(width, 0.2)),
      afterAttentionNorm: some(config.normsAfter, () => norm(width)),
      mlpNorm: norm(width),
      gateUpBias: some(biases.mlp, () => normals(2 * mlpWidth, 0.2)),
      downBias: some(biases.mlp, () => normals(width, 0.2)),
      afterMlpNorm: some(config.normsAfter, () => norm(width)),
    };
    const of = (form: "packed" | "plain") => ({
      ...vectors,
      qkv: qkv.map((twin) => twin[form]),
      attentionOut: attentionOut[form],
      gateUp: [gate[form], up[form]],
      down: down[form],
    });
    return { packed: of("packed"), plain: of("plain") };
  });
  const table = normals(vocabSize * width);
  const bytes = new Uint8Array(table.buffer);
  const stored = {
    name: "embeddings",
    type: "F32" as const,
    byteLength: bytes.length,
    read: (from = 0, length = bytes.length) => bytes.slice(from, from + length),
  };
  const embeddings = new EmbeddingTable(stored, width, vocabSize);
  const unembedding = matrix(vocabSize, width);
  const outputNorm = norm(width);
  const of = (form: "packed" | "plain"): DecoderWeights => {
    return { embeddings, blocks: both.map((block) => block[form]), outputNorm, unembedding: unembedding[form], pairs };
  };
  return { packed: of("packed"), plain: of("plain") };
}

describe.each(packedTypes)("products of extremes with %s", (type) => {
  test.each([0xff, 0x80, 0x7f, 0x0f, 0xf0, 0])("hold the largest sums there are: bytes of %i throughout, all inputs alike", (byte) => {
    const { packed, numbers } = twins(type, 4, 64, undefined, () => byte);
    for (const value of [3, -3]) {
      const x = new Float32Array(64).fill(value);
      const y = product(newTeam(), [packed], x);
      for (const [output, found] of y.entries()) {
        const wanted = exact(numbers, x, output);
        expect(Math.abs(found - wanted)).toBeLessThanOrEqual(bound(type, numbers, output, x) * 1.0001 + Math.abs(wanted) * 1e-4 + 1e-5);
      }
    }
  });
});

test.each(packedTypes)("what matrices of %s take is known before they are packed", (type) => {
  const matrices = [twins(type, 8, 64), twins(type, 52, 64), twins(type, 4, 32)].map(({ packed }) => packed);
  const bytes = matrices.reduce((sum, matrix) => sum + packedBytes(matrix), 0);
  const memory = new StepMemory(bytes);
  const size = memory.shared.buffer.byteLength;
  const kernels = stepKernels(stepModule(), memory.shared);
  const ends = matrices.map((matrix) => given(packMatrices([matrix], memory, kernels)).weights);
  expect(Math.max(...ends)).toBeLessThan(bytes);
  expect(memory.shared.buffer.byteLength).toBe(size);
});
