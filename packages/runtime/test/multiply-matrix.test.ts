import { dequantize, tensorTypes } from "@cutaway/formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BlockMatrix, blockMatrix } from "../src/engine/blocks/block-matrix.ts";
import { GraphBuilder } from "../src/engine/graph-builder.ts";
import type { Matrix, MatrixType, QuantisedType } from "../src/engine/matrix.ts";
import { type Arithmetic, multiply } from "../src/engine/multiply-matrix.ts";
import { OrtSession } from "../src/engine/ort-session.ts";
import { ortTensor } from "../src/engine/ort-tensor.ts";

/** Where in a block the scale, and the minimum's scale, stand as half-precision numbers. */
const scalesOf: Record<QuantisedType, { scale: number; minimum?: number }> = {
  Q4_0: { scale: 0 },
  Q4_1: { scale: 0, minimum: 2 },
  Q5_0: { scale: 0 },
  Q5_1: { scale: 0, minimum: 2 },
  Q8_0: { scale: 0 },
  Q2_K: { scale: 80, minimum: 82 },
  Q3_K: { scale: 108 },
  Q4_K: { scale: 0, minimum: 2 },
  Q5_K: { scale: 0, minimum: 2 },
  Q6_K: { scale: 208 },
  IQ4_NL: { scale: 0 },
};
const quantised = Object.keys(scalesOf) as QuantisedType[];

/** Numbers between -1 and 1 that only depend on the seed. */
function* noise(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield (state / 2 ** 31 - 1) * 0.999;
  }
}

/** Random weights of a type: random numbers, and scales and minima as real files have them. */
function randomMatrix(type: MatrixType, inputs: number, outputs: number, seed: number): Matrix {
  const { elements, bytes: blockBytes } = tensorTypes[type];
  const bytes = new Uint8Array((inputs / elements) * outputs * blockBytes);
  const view = new DataView(bytes.buffer);
  const random = noise(seed);
  for (let at = 0; at < bytes.length; at += blockBytes) {
    if (type === "F32") view.setFloat32(at, random.next().value, true);
    else if (elements === 1)
      view.setUint16(at, (random.next().value > 0 ? 0x3000 : 0xb000) + Math.floor(Math.abs(random.next().value) * 0x3ff), true);
    else {
      for (let i = 0; i < blockBytes; i++) bytes[at + i] = Math.floor((random.next().value + 1) * 128);
      const scale = 0x2000 + Math.floor(Math.abs(random.next().value) * 0x7ff); // 2^-7 to 2^-5
      const places = scalesOf[type as QuantisedType];
      view.setUint16(at + places.scale, scale, true);
      if (type === "Q4_1" || type === "Q5_1") {
        const times = type === "Q4_1" ? 0x0a00 : 0x0e00; // around -6 and -12 scales
        view.setUint16(at + 2, 0x8000 + scale + times + Math.floor(random.next().value * 0x3ff), true);
      } else if (places.minimum !== undefined) {
        const times = { Q2_K: 0x0400, Q4_K: 0x0a00, Q5_K: 0x0e00 }[type as string] ?? 0; // 2 to 12 scales, taken away
        view.setUint16(at + places.minimum, scale + times + Math.floor(random.next().value * 0x3ff), true);
      }
    }
  }
  return { file: "m.gguf", name: "w", type, inputs, outputs, bytes };
}

function product(matrices: Matrix[], x: Float32Array, tokens: number): Float64Array {
  const inputs = x.length / tokens;
  const total = matrices.reduce((sum, { outputs }) => sum + outputs, 0);
  const y = new Float64Array(tokens * total);
  let first = 0;
  for (const { type, outputs, bytes } of matrices) {
    const weights = dequantize(type, bytes, inputs * outputs);
    for (let token = 0; token < tokens; token++) {
      for (let output = 0; output < outputs; output++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++) sum += (weights[output * inputs + i] ?? 0) * (x[token * inputs + i] ?? 0);
        y[token * total + first + output] = sum;
      }
    }
    first += outputs;
  }
  return y;
}

function multiplied(matrices: Matrix[], x: Float32Array, tokens: number, arithmetic: Arithmetic): Float32Array {
  const inputs = x.length / tokens;
  const outputs = matrices.reduce((sum, matrix) => sum + matrix.outputs, 0);
  const g = new GraphBuilder("test");
  const input = g.input("x", "float32", [1, "tokens", inputs]);
  g.output(multiply(g, "y", input, matrices, arithmetic), "float32", [1, "tokens", outputs]);
  const session = new OrtSession(g.finish(), { threads: 1 });
  const [from, to] = [ortTensor("float32", [1, tokens, inputs]), ortTensor("float32", [1, tokens, outputs])];
  from.data.set(x);
  session.binding({ x: from }, { y: to }).run();
  for (const tensor of [from, to]) tensor.release();
  session.close();
  return to.data.slice();
}

/** Root mean square of the differences, as a share of the values'. */
function relativeError(values: ArrayLike<number>, exact: Float64Array): number {
  expect(values.length).toBe(exact.length);
  let difference = 0;
  let size = 0;
  for (const [i, value] of exact.entries()) {
    difference += ((values[i] ?? Number.NaN) - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(difference / size);
}

const inputsOf = (tokens: number, inputs: number): Float32Array => {
  const random = noise(5);
  return Float32Array.from({ length: tokens * inputs }, () => random.next().value);
};

describe("a product with weights of every type is that of the weights dequantised", () => {
  for (const inputs of [32, 96, 256, 1056, 1280]) {
    const types = quantised.filter((type) => inputs % tensorTypes[type].elements === 0);
    test.each(types)(`%s, ${inputs} inputs: rounded inputs for steps, finer ones for prompts`, (type) => {
      const matrix = randomMatrix(type, inputs, 40, 7);
      const x = inputsOf(3, inputs);
      const exact = product([matrix], x, 3);
      expect(relativeError(multiplied([matrix], x, 3, "blocks"), exact)).toBeLessThan(0.01);
      expect(relativeError(multiplied([matrix], x, 3, "rows"), exact)).toBeLessThan(0.02);
    });
  }

  test.each<MatrixType>(["F32", "F16", "BF16"])("%s: exactly, up to float32's rounding", (type) => {
    const matrix = randomMatrix(type, 48, 40, 9);
    const x = inputsOf(3, 48);
    expect(relativeError(multiplied([matrix], x, 3, "blocks"), product([matrix], x, 3))).toBeLessThan(1e-6);
  });

  test("matrices of different types stand side by side", () => {
    const matrices = [randomMatrix("Q4_1", 64, 16, 1), randomMatrix("Q8_0", 64, 8, 2), randomMatrix("F32", 64, 24, 3)];
    const x = inputsOf(2, 64);
    expect(relativeError(multiplied(matrices, x, 2, "blocks"), product(matrices, x, 2))).toBeLessThan(0.01);
  });

  test("matrices of different types and one form are multiplied as one", () => {
    const matrices = [randomMatrix("Q5_0", 64, 16, 1), randomMatrix("Q8_0", 64, 8, 2), randomMatrix("IQ4_NL", 64, 24, 3)];
    const x = inputsOf(2, 64);
    for (const arithmetic of ["blocks", "rows"] as const) {
      expect(relativeError(multiplied(matrices, x, 2, arithmetic), product(matrices, x, 2))).toBeLessThan(0.02);
    }
  });

  test.each(quantised)("%s with a scale that is no number is refused by the tensor's name", (type) => {
    const matrix = randomMatrix(type, tensorTypes[type].elements, 2, 4);
    new DataView(matrix.bytes.buffer).setUint16(scalesOf[type].scale, 0x7e00, true);
    for (const arithmetic of ["blocks", "rows"] as const) {
      expect(() => multiplied([matrix], inputsOf(1, matrix.inputs), 1, arithmetic)).toThrow(
        "m.gguf: tensor w has weights that are not finite numbers",
      );
    }
  });

  test("inputs of very different size keep their small ones in a prompt", () => {
    const matrix = randomMatrix("Q4_1", 64, 40, 4);
    const x = inputsOf(2, 64);
    for (let i = 0; i < 64; i++) x[i] = (x[i] ?? 0) * 300;
    const exact = product([matrix], x, 2);
    const y = multiplied([matrix], x, 2, "rows");
    expect(relativeError(y.subarray(40), exact.subarray(40))).toBeLessThan(0.02);
  });
});

describe("blocks", () => {
  /** The weights that the blocks stand for, those of the means shared out among the inputs that they are means of. */
  function weightsOf(blocks: BlockMatrix, inputs: number, outputs: number): Float64Array {
    const { bits, blockSize, numbers, scales, zeroPoints, meansCopies } = blocks;
    const rowBlocks = scales.length / outputs;
    const at = (bytes: Uint8Array, index: number) => (bits === 8 ? bytes[index] : (bytes[index >> 1] as number) >> ((index & 1) * 4)) as number;
    const number = (bytes: Uint8Array, index: number) => at(bytes, index) & (bits === 8 ? 255 : 15);
    const rowZeroPoints = bits === 8 ? rowBlocks : Math.ceil(rowBlocks / 2) * 2;
    const weight = (row: number, k: number) => {
      const block = Math.floor(k / blockSize);
      const zeroPoint = zeroPoints ? number(zeroPoints, row * rowZeroPoints + block) : bits === 8 ? 128 : 8;
      return (number(numbers, row * rowBlocks * blockSize + k) - zeroPoint) * (scales[row * rowBlocks + block] ?? Number.NaN);
    };
    const groups = inputs / blockSize;
    const weights = new Float64Array(inputs * outputs);
    for (let row = 0; row < outputs; row++) {
      const extra = new Float64Array(groups);
      for (let slot = 0; slot < groups * meansCopies; slot++)
        extra[slot % groups] = (extra[slot % groups] ?? 0) + weight(row, inputs + slot) / blockSize;
      for (let k = 0; k < inputs; k++) weights[row * inputs + k] = weight(row, k) + (extra[Math.floor(k / blockSize)] ?? 0);
    }
    return weights;
  }

  test("hold Q4_1's weights: number, zero point, and the remainder of the minimum in the means' slots", () => {
    const sizes = { blocks: fc.integer({ min: 1, max: 70 }), seed: fc.integer({ min: 1, max: 1e6 }) };
    fc.assert(
      fc.property(fc.record(sizes), ({ blocks, seed }) => {
        const matrix = randomMatrix("Q4_1", blocks * 32, 3, seed) as Matrix<"Q4_1">;
        const exact = dequantize("Q4_1", matrix.bytes, blocks * 32 * 3);
        const { numbers, scales, zeroPoints = new Uint8Array(), meansCopies } = blockMatrix(matrix);
        const rowBlocks = scales.length / 3;
        const nibble = (bytes: Uint8Array, index: number) => ((bytes[index >> 1] ?? 0) >> ((index & 1) * 4)) & 15;
        const weight = (row: number, k: number) => {
          const block = row * rowBlocks + (k >> 5);
          const zeroPoint = nibble(zeroPoints, row * Math.ceil(rowBlocks / 2) * 2 + (k >> 5));
          return (nibble(numbers, row * rowBlocks * 32 + k) - zeroPoint) * (scales[block] ?? Number.NaN);
        };
        for (let row = 0; row < 3; row++) {
          const extra = new Float64Array(blocks);
          for (let slot = 0; slot < blocks * meansCopies; slot++)
            extra[slot % blocks] = (extra[slot % blocks] ?? 0) + weight(row, blocks * 32 + slot) / 32;
          for (let k = 0; k < blocks * 32; k++) {
            const scale = 2 ** -5; // no scale of `randomMatrix` is larger
            const difference = weight(row, k) + (extra[k >> 5] ?? 0) - (exact[row * blocks * 32 + k] ?? 0);
            expect(Math.abs(difference)).toBeLessThan(scale / 300);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(quantised)("hold %s's weights; minima as zero points, and what those leave in the means' slots", (type) => {
    const { elements } = tensorTypes[type];
    const sizes = { blocks: fc.integer({ min: 1, max: elements === 32 ? 70 : 9 }), seed: fc.integer({ min: 1, max: 1e6 }) };
    fc.assert(
      fc.property(fc.record(sizes), ({ blocks, seed }) => {
        const inputs = blocks * elements;
        const matrix = randomMatrix(type, inputs, 3, seed) as Matrix<QuantisedType>;
        const exact = dequantize(type, matrix.bytes, inputs * 3);
        const largest = exact.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
        // Of random minima the remainders may be as large as the largest weight; in 4 bits 1/196 of them is lost at most, in 8 bits 1/254.
        const lost = matrix.type === "Q2_K" || matrix.type === "Q4_K" || matrix.type === "Q4_1" ? 1 / 190 : 1 / 250;
        const hasMeans = blockMatrix(matrix).meansCopies > 0;
        for (const [at, weight] of weightsOf(blockMatrix(matrix), inputs, 3).entries()) {
          expect(Math.abs(weight - (exact[at] as number))).toBeLessThan(hasMeans ? largest * lost : largest * 1e-6);
        }
      }),
      { numRuns: 40 },
    );
  });
});
