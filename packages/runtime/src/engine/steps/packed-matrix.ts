import { giveBack, type Matrix, requireFinite } from "../matrix.ts";
import type { StepKernels } from "./step-kernels.ts";
import { alignment, type StepMemory } from "./step-memory.ts";

/** Weights as kernels take them (steps.wat): four outputs side by side, blocks of 32 inputs. */
export interface PackedMatrix {
  kernel: "multiply8" | "multiply4" | "multiply4WithMinima";
  /** Addresses; the sums of outputs' weights only with 8 bits. */
  weights: number;
  scales: number;
  sums: number;
  /** Of four outputs. */
  groups: number;
  /** Of 32 inputs. */
  blocks: number;
}

/** By type of the file's blocks: their bytes, and where scale (and minimum) and numbers begin. */
const layouts = {
  Q8_0: { kernel: "multiply8", bytes: 34, scales: [0], numbers: 2, words: 8 },
  Q4_0: { kernel: "multiply4", bytes: 18, scales: [0], numbers: 2, words: 4 },
  Q4_1: { kernel: "multiply4WithMinima", bytes: 20, scales: [0, 2], numbers: 4, words: 4 },
} as const;
type PackedType = keyof typeof layouts;

/** Whether matrices can be packed as one: the same type of blocks, and outputs by fours. */
export const canPack = (matrix: Matrix): boolean => Object.hasOwn(layouts, matrix.type) && matrix.outputs % 4 === 0 && matrix.inputs % 32 === 0;

/** What a matrix that can be packed takes in memory, at most: its numbers and scales as in the file, the sums of its outputs, and what aligning them takes. */
export const packedBytes = ({ type, outputs, inputs }: Matrix): number =>
  outputs * ((inputs / 32) * layouts[type as PackedType].bytes + 4) + 3 * alignment;

/**
 * Packs matrices of one type and the same inputs, their outputs one after the other; numbers and scales are the file's own, to the bit.
 * Undefined where the memory does not suffice. @throws `bad-model` for a scale that is no finite number
 */
export function packMatrices(matrices: readonly Matrix[], memory: StepMemory, kernels: StepKernels): PackedMatrix | undefined {
  const [{ type, inputs } = { type: "F32", inputs: 0 }] = matrices;
  const { kernel, scales: scalePlaces, words, ...layout } = layouts[type as PackedType];
  const outputs = matrices.reduce((sum, matrix) => sum + matrix.outputs, 0);
  const blocks = inputs / 32;
  const weights = memory.allocate(outputs * blocks * words * 4);
  const scales = memory.allocate(outputs * blocks * scalePlaces.length * 2);
  const sums = kernel === "multiply8" ? memory.allocate(outputs * 4) : 0;
  if (weights === undefined || scales === undefined || sums === undefined) return undefined;
  const numbersTo = new Uint32Array(memory.shared.buffer, weights, outputs * blocks * words);
  const scalesTo = new Uint16Array(memory.shared.buffer, scales, outputs * blocks * scalePlaces.length);
  let first = 0;
  for (const matrix of matrices) {
    const { bytes } = matrix;
    const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let areFinite = true;
    for (let output = 0, at = 0; output < matrix.outputs; output++) {
      const group = (first + output) >> 2;
      const lane = (first + output) & 3;
      for (let block = 0; block < blocks; block++, at += layout.bytes) {
        const to = group * blocks + block;
        for (let word = 0; word < words; word++) {
          numbersTo[(to * words + word) * 4 + lane] = file.getUint32(at + layout.numbers + word * 4, true);
        }
        for (let place = 0; place < scalePlaces.length; place++) {
          const half = file.getUint16(at + (scalePlaces[place] as number), true);
          if ((half & 0x7c00) === 0x7c00) areFinite = false;
          scalesTo[(to * scalePlaces.length + place) * 4 + lane] = half;
        }
      }
    }
    requireFinite(areFinite, [matrix]);
    first += matrix.outputs;
    giveBack(bytes);
  }
  const packed = { kernel, weights, scales, sums, groups: outputs / 4, blocks };
  if (kernel === "multiply8") return sumOutputs(packed, memory, kernels) ? packed : undefined;
  return packed;
}

/** The sums of outputs' weights: their product with inputs of 1, which is what 0 high and 1 low bits are where the scale is 2^112 of them. */
function sumOutputs(matrix: PackedMatrix, memory: StepMemory, kernels: StepKernels): boolean {
  const { weights, scales, sums, groups, blocks } = matrix;
  const ones = memory.allocate(16 + blocks * 64);
  if (ones === undefined) return false;
  memory.floats(ones, 4).set([2 ** 112, 0, 0, 0]);
  const inputs = new Uint8Array(memory.shared.buffer, ones + 16, blocks * 64);
  for (let i = 0; i < inputs.length; i++) inputs[i] = (i >> 5) & 1;
  memory.floats(sums, groups * 4).fill(0);
  kernels.multiply8(weights, scales, sums, groups, blocks, ones, sums);
  memory.free(ones);
  return true;
}
