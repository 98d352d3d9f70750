import { halves, tensorTypes } from "@cutaway/formats";
import type { Matrix, QuantisedType } from "../matrix.ts";
import type { BlockMatrix } from "./block-matrix.ts";
import { takeFromRemainders } from "./means-weights.ts";
import { setNibble } from "./nibbles.ts";

/** One group of weights as a file's block holds it: weight = number · scale + minimum. */
export interface Group {
  /** Of signed numbers (no minimum), or from 0 on. [inputs of a group] */
  numbers: Int16Array;
  scale: number;
  minimum: number;
}

/** How a type's groups become blocks. */
export interface GroupLayout {
  bits: 4 | 8;
  /** Inputs in a group, and in the block that it becomes. */
  blockSize: 16 | 32;
  /**
   * Only of types with minima: numbers are multiplied by it and scales divided, as far as the bits have room, so that zero points, which are
   * whole numbers, come that much nearer to the minima.
   */
  spread?: number;
  /** Reads the group of that number in the file's block that starts at `at`. */
  read(bytes: Uint8Array, at: number, group: number, half: Float32Array, into: Group): void;
}

/**
 * Signed numbers keep their scale, and the zero point is the middle. Minima are split as Q4_1's are (`blocksOfQ4_1` says why): the nearest zero
 * point, and a remainder that becomes a weight of the block's mean; in 4 bits twice, coarse and fine, in 8 bits once.
 */
export function groupedBlocks({ type, bytes, inputs, outputs }: Matrix<QuantisedType>, layout: GroupLayout): BlockMatrix {
  const { bits, blockSize, spread } = layout;
  const file = tensorTypes[type];
  const groupsPerBlock = file.elements / blockSize;
  const blocks = inputs / blockSize;
  const copies = spread === undefined ? 0 : bits === 8 ? 1 : 2;
  // A block of slots is all coarse or all fine: it has one scale.
  const starts = Array.from({ length: copies }, (_, copy) => copy * Math.ceil(blocks / blockSize) * blockSize);
  const meansCopies = copies === 0 ? 0 : Math.ceil(((starts.at(-1) ?? 0) + blocks) / blocks);
  const rowBlocks = blocks + Math.ceil((blocks * meansCopies) / blockSize);
  const middle = bits === 4 ? 8 : 128;
  const most = bits === 4 ? 15 : 255;
  const empty = bits === 4 ? 0x88 : 0x80;
  const numbers = new Uint8Array((rowBlocks * outputs * blockSize * bits) / 8).fill(empty);
  const scales = new Float32Array(rowBlocks * outputs);
  const pairs = Math.ceil(rowBlocks / 2);
  const zeroPoints = spread === undefined ? undefined : new Uint8Array(outputs * (bits === 4 ? pairs : rowBlocks)).fill(empty);
  const remainders = new Float64Array(blocks);
  const group: Group = { numbers: new Int16Array(blockSize), scale: 0, minimum: 0 };
  const half = halves();
  for (let row = 0, at = 0; row < outputs; row++) {
    const start = row * rowBlocks;
    for (let block = 0; block < blocks; block++) {
      const part = block % groupsPerBlock;
      layout.read(bytes, at, part, half, group);
      if (part === groupsPerBlock - 1) at += file.bytes;
      let scale = group.scale;
      let factor = 1;
      let shift = middle;
      if (zeroPoints && spread !== undefined) {
        scale = Math.fround(scale / spread);
        factor = spread;
        shift = 0;
        const zeroPoint = scale === 0 ? 0 : Math.min(most, Math.max(0, Math.round(-group.minimum / scale)));
        if (bits === 4) setNibble(zeroPoints, row * pairs * 2 + block, zeroPoint);
        else zeroPoints[start + block] = zeroPoint;
        remainders[block] = (group.minimum + scale * zeroPoint) * blockSize; // of the mean, not of the sum
      }
      scales[start + block] = scale;
      const to = (start + block) * blockSize;
      if (bits === 8) for (let i = 0; i < blockSize; i++) numbers[to + i] = (group.numbers[i] as number) * factor + shift;
      else {
        for (let i = 0; i < blockSize; i += 2) {
          const low = (group.numbers[i] as number) * factor + shift;
          numbers[(to + i) >> 1] = low | (((group.numbers[i + 1] as number) * factor + shift) << 4);
        }
      }
    }
    for (const first of starts) takeFromRemainders(remainders, first, { bits, blockSize, numbers, scales }, start + blocks);
  }
  return { bits, blockSize, numbers, scales, ...(zeroPoints && { zeroPoints }), meansCopies };
}
