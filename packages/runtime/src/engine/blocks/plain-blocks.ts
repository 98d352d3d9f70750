import { halves } from "@cutaway/formats";
import type { Matrix } from "../matrix.ts";
import type { BlockMatrix } from "./block-matrix.ts";
import { takeFromRemainders } from "./means-weights.ts";
import { setNibble } from "./nibbles.ts";

/** The types whose blocks are MatMulNBits' own, or nearly so: 32 inputs, one scale. */
const blockSize = 32;

/** Weight = (number − 8) · scale. */
export function blocksOfQ4_0({ bytes, inputs, outputs }: Matrix): BlockMatrix {
  const count = (inputs / blockSize) * outputs;
  const numbers = new Uint8Array(count * 16);
  const scales = new Float32Array(count);
  const file = viewOf(bytes);
  for (let block = 0, at = 0; block < count; block++, at += 18) {
    scales[block] = halfAt(file, at);
    copyNibbles(file, at + 2, numbers, block * 16);
  }
  return { bits: 4, blockSize, numbers, scales, meansCopies: 0 };
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
export function blocksOfQ4_1({ bytes, inputs, outputs }: Matrix): BlockMatrix {
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
    for (const first of [0, fineStart]) takeFromRemainders(remainders, first, { bits: 4, blockSize, numbers, scales }, start + blocks);
  }
  return { bits: 4, blockSize, numbers, scales, zeroPoints, meansCopies };
}

/** Weight = signed number · scale; here the number is unsigned and its zero point 128. */
export function blocksOfQ8_0({ bytes, inputs, outputs }: Matrix): BlockMatrix {
  const count = (inputs / blockSize) * outputs;
  const numbers = new Uint8Array(count * 32);
  const scales = new Float32Array(count);
  const file = viewOf(bytes);
  for (let block = 0, at = 0, to = 0; block < count; block++, at += 34) {
    scales[block] = halfAt(file, at);
    for (let i = 2; i < 34; i++) numbers[to++] = file.getUint8(at + i) ^ 0x80;
  }
  return { bits: 8, blockSize, numbers, scales, meansCopies: 0 };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const half = halves();
const halfAt = (file: DataView, at: number): number => half[file.getUint16(at, true)] ?? 0;

/** 32 4-bit numbers: ggml keeps number i and number i + 16 in one byte, MatMulNBits number 2i and number 2i + 1. */
function copyNibbles(file: DataView, at: number, to: Uint8Array, start: number): void {
  for (let i = 0; i < 8; i++) {
    const even = file.getUint8(at + 2 * i);
    const odd = file.getUint8(at + 2 * i + 1);
    to[start + i] = (even & 0x0f) | ((odd & 0x0f) << 4);
    to[start + 8 + i] = (even >> 4) | (odd & 0xf0);
  }
}
