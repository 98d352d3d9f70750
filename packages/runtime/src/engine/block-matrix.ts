import { halves } from "@cutaway/formats";
import type { Matrix, QuantisedType } from "./matrix.ts";

/** Weights as ONNX Runtime's MatMulNBits takes them: weight = (number − zero point) · scale, in blocks along the inputs. */
export interface BlockMatrix {
  bits: 4 | 8;
  /** [outputs, blocks, 16 or 32 bytes]; of two 4-bit numbers in a byte the lower half comes first. */
  numbers: Uint8Array;
  /** [outputs, blocks]. */
  scales: Float32Array;
  /** [outputs, ⌈blocks / 2⌉ bytes], two a byte; left out, it is 8 (4-bit) or 128 (8-bit) everywhere. */
  zeroPoints?: Uint8Array;
  /** So many copies of the means of the input's blocks follow the input itself, with weights of their own. */
  meansCopies: number;
}

/** Inputs in one block, which share a scale. */
export const blockSize = 32;

export function blockMatrix(matrix: Matrix<QuantisedType>): BlockMatrix {
  switch (matrix.type) {
    case "Q4_0":
      return blocksOfQ4_0(matrix);
    case "Q4_1":
      return blocksOfQ4_1(matrix);
    case "Q8_0":
      return blocksOfQ8_0(matrix);
  }
}

/** Weight = (number − 8) · scale. */
function blocksOfQ4_0({ bytes, inputs, outputs }: Matrix): BlockMatrix {
  const count = (inputs / blockSize) * outputs;
  const numbers = new Uint8Array(count * 16);
  const scales = new Float32Array(count);
  const file = viewOf(bytes);
  for (let block = 0, at = 0; block < count; block++, at += 18) {
    scales[block] = halfAt(file, at);
    copyNibbles(file, at + 2, numbers, block * 16);
  }
  return { bits: 4, numbers, scales, meansCopies: 0 };
}

/**
 * Weight = number · scale + minimum.
 * MatMulNBits takes whole zero points only, so a minimum is split: the nearest zero point from 0 to 15, and a remainder of at most half a scale,
 * which belongs to the sum of the block's inputs. The graph appends the blocks' means to the input, slot after slot, and the remainders are the
 * weights of those: a coarse 4-bit number each, and in another copy a fine one for what that leaves (under 1/180 of the largest of 32 remainders).
 *
 * A zero point of 0 and the whole minimum as remainder would be as exact in the weights, but four times as far from the model (mean KL): numbers
 * around 8 multiply the rounding errors of the 8-bit inputs, and the minimum does not take them back.
 */
function blocksOfQ4_1({ bytes, inputs, outputs }: Matrix): BlockMatrix {
  const blocks = inputs / blockSize;
  const fineStart = Math.ceil(blocks / blockSize) * blockSize; // a block of slots is all coarse or all fine: it has one scale
  const meansCopies = Math.ceil((fineStart + blocks) / blocks);
  const rowBlocks = blocks + Math.ceil((blocks * meansCopies) / blockSize);
  const pairs = Math.ceil(rowBlocks / 2);
  const numbers = new Uint8Array(rowBlocks * outputs * 16).fill(0x88);
  const scales = new Float32Array(rowBlocks * outputs);
  const zeroPoints = new Uint8Array(pairs * outputs).fill(0x88);
  const remainders = new Float64Array(blocks);
  const file = viewOf(bytes);
  for (let row = 0, at = 0; row < outputs; row++) {
    const start = row * rowBlocks;
    for (let block = 0; block < blocks; block++, at += 20) {
      const scale = halfAt(file, at);
      const minimum = halfAt(file, at + 2);
      const zeroPoint = scale === 0 ? 0 : Math.min(15, Math.max(0, Math.round(-minimum / scale)));
      scales[start + block] = scale;
      setNibble(zeroPoints, row * pairs * 2 + block, zeroPoint);
      copyNibbles(file, at + 4, numbers, (start + block) * 16);
      remainders[block] = (minimum + scale * zeroPoint) * blockSize; // of the mean, not of the sum
    }
    for (const first of [0, fineStart]) takeFromRemainders(remainders, first, numbers, scales, start + blocks);
  }
  return { bits: 4, numbers, scales, zeroPoints, meansCopies };
}

/** Rounds what is left of the remainders to 4-bit weights of the slots from `first` on (slot s holds the mean of block s modulo blocks), and takes them away. */
function takeFromRemainders(remainders: Float64Array, first: number, numbers: Uint8Array, scales: Float32Array, slotBlocks: number): void {
  const blocks = remainders.length;
  for (let from = first; from < first + blocks; from += blockSize) {
    const to = Math.min(from + blockSize, first + blocks);
    let largest = 0;
    for (let slot = from; slot < to; slot++) largest = Math.max(largest, Math.abs(remainders[slot % blocks] ?? 0));
    const scale = Math.fround(largest / 7);
    if (!(scale > 0)) continue;
    const block = slotBlocks + from / blockSize;
    scales[block] = scale;
    for (let slot = from; slot < to; slot++) {
      const remainder = remainders[slot % blocks] ?? 0;
      const number = Math.round(remainder / scale);
      remainders[slot % blocks] = remainder - number * scale;
      setNibble(numbers, block * blockSize + (slot - from), number + 8);
    }
  }
}

/** Weight = signed number · scale; here the number is unsigned and its zero point 128. */
function blocksOfQ8_0({ bytes, inputs, outputs }: Matrix): BlockMatrix {
  const count = (inputs / blockSize) * outputs;
  const numbers = new Uint8Array(count * 32);
  const scales = new Float32Array(count);
  const file = viewOf(bytes);
  for (let block = 0, at = 0, to = 0; block < count; block++, at += 34) {
    scales[block] = halfAt(file, at);
    for (let i = 2; i < 34; i++) numbers[to++] = file.getUint8(at + i) ^ 0x80;
  }
  return { bits: 8, numbers, scales, meansCopies: 0 };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const half = halves();
const halfAt = (file: DataView, at: number): number => half[file.getUint16(at, true)] ?? 0;

/** The 4-bit number at an index, counted through the bytes, the lower half of each first. */
function setNibble(bytes: Uint8Array, index: number, value: number): void {
  const byte = bytes[index >> 1] ?? 0;
  bytes[index >> 1] = index % 2 === 0 ? (byte & 0xf0) | value : (byte & 0x0f) | (value << 4);
}

/** 32 4-bit numbers: ggml keeps number i and number i + 16 in one byte, MatMulNBits number 2i and number 2i + 1. */
function copyNibbles(file: DataView, at: number, to: Uint8Array, start: number): void {
  for (let i = 0; i < 8; i++) {
    const even = file.getUint8(at + 2 * i);
    const odd = file.getUint8(at + 2 * i + 1);
    to[start + i] = (even & 0x0f) | ((odd & 0x0f) << 4);
    to[start + 8 + i] = (even >> 4) | (odd & 0xf0);
  }
}
