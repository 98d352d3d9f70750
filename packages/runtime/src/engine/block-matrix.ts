import { halfFloats } from "./half-floats.ts";
import type { Matrix } from "./matrix.ts";

/** Weights as ONNX Runtime's MatMulNBits takes them: weight = (number − zero point) · scale, and for Q4_1 plus the block's remainder. */
export interface BlockMatrix {
  bits: 4 | 8;
  /** [outputs, blocks, 16 or 32 bytes]; of two 4-bit numbers in a byte the lower half comes first. */
  numbers: Uint8Array;
  /** [outputs, blocks]. */
  scales: Float32Array;
  /** [outputs, ⌈blocks / 2⌉ bytes], two a byte; left out, it is 8 (4-bit) or 128 (8-bit) everywhere. */
  zeroPoints?: Uint8Array;
  /** [blocks, outputs]: what is left of a block's minimum beyond its zero point. */
  remainders?: Float32Array;
}

/** Inputs in one block, which share a scale. */
export const blockSize = 32;

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
  return { bits: 4, numbers, scales };
}

/**
 * Weight = number · scale + minimum.
 * MatMulNBits takes whole zero points only, so the minimum is split: the nearest zero point from 0 to 15, and a remainder of at most half a
 * scale, to be multiplied with the block's sum of inputs. A zero point of 0 and the whole minimum as remainder would be as exact in the weights, but
 * numbers around 8 multiply the rounding errors of the 8-bit inputs, and the minimum, multiplied with exact inputs, no longer takes them back.
 */
export function blocksOfQ4_1({ bytes, inputs, outputs }: Matrix): BlockMatrix {
  const blocks = inputs / blockSize;
  const pairs = Math.ceil(blocks / 2);
  const numbers = new Uint8Array(blocks * outputs * 16);
  const scales = new Float32Array(blocks * outputs);
  const zeroPoints = new Uint8Array(pairs * outputs);
  const remainders = new Float32Array(blocks * outputs);
  const file = viewOf(bytes);
  for (let row = 0, index = 0, at = 0; row < outputs; row++) {
    let lower = 0;
    for (let block = 0; block < blocks; block++, index++, at += 20) {
      const scale = halfAt(file, at);
      const minimum = halfAt(file, at + 2);
      const zeroPoint = scale === 0 ? 0 : Math.min(15, Math.max(0, Math.round(-minimum / scale)));
      scales[index] = scale;
      remainders[block * outputs + row] = minimum + scale * zeroPoint;
      lower = block % 2 === 0 ? zeroPoint : lower | (zeroPoint << 4);
      zeroPoints[row * pairs + (block >> 1)] = lower;
      copyNibbles(file, at + 4, numbers, index * 16);
    }
  }
  return { bits: 4, numbers, scales, zeroPoints, remainders };
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
  return { bits: 8, numbers, scales };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const halfAt = (file: DataView, at: number): number => halfFloats[file.getUint16(at, true)] ?? 0;

/** 32 4-bit numbers: ggml keeps number i and number i + 16 in one byte, MatMulNBits number 2i and number 2i + 1. */
function copyNibbles(file: DataView, at: number, to: Uint8Array, start: number): void {
  for (let i = 0; i < 8; i++) {
    const even = file.getUint8(at + 2 * i);
    const odd = file.getUint8(at + 2 * i + 1);
    to[start + i] = (even & 0x0f) | ((odd & 0x0f) << 4);
    to[start + 8 + i] = (even >> 4) | (odd & 0xf0);
  }
}
