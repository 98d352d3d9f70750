import { iq4Numbers } from "@cutaway/formats";
import type { QuantisedType } from "../matrix.ts";
import type { GroupLayout } from "./grouped-blocks.ts";

/**
 * The types whose numbers or scales MatMulNBits does not take as they lie in the file. Each keeps its own precision: 5 and 6 bits stand in 8,
 * 2 and 3 bits in 4.
 * source  ggml-quants.c, dequantize_row_*; the formats are described beside the decoders in packages/formats
 */
export const groupLayouts: Readonly<Record<Exclude<QuantisedType, "Q4_0" | "Q4_1" | "Q8_0">, GroupLayout>> = {
  Q5_0: {
    bits: 8,
    blockSize: 32,
    read(bytes, at, _group, half, into) {
      into.scale = halfAt(bytes, at, half);
      fiveBits(bytes, at + 2, into.numbers, -16);
    },
  },
  Q5_1: {
    bits: 8,
    blockSize: 32,
    spread: 8,
    read(bytes, at, _group, half, into) {
      into.scale = halfAt(bytes, at, half);
      into.minimum = halfAt(bytes, at + 2, half);
      fiveBits(bytes, at + 4, into.numbers, 0);
    },
  },
  Q2_K: {
    bits: 4,
    blockSize: 16,
    spread: 4,
    read(bytes, at, group, half, into) {
      const scales = bytes[at + group] as number;
      into.scale = halfAt(bytes, at + 80, half) * (scales & 15);
      into.minimum = -halfAt(bytes, at + 82, half) * (scales >> 4);
      twoBits(bytes, at + 16, group, into.numbers);
    },
  },
  Q3_K: {
    bits: 4,
    blockSize: 16,
    read(bytes, at, group, half, into) {
      const nibbles = bytes[at + 96 + (group & 7)] as number;
      const low = group < 8 ? nibbles & 15 : nibbles >> 4;
      const high = ((bytes[at + 104 + (group & 3)] as number) >> (2 * (group >> 2))) & 3;
      into.scale = halfAt(bytes, at + 108, half) * ((low | (high << 4)) - 32);
      twoBits(bytes, at + 32, group, into.numbers);
      const thirds = at + (group & 1) * 16;
      for (let i = 0; i < 16; i++) {
        const third = ((bytes[thirds + i] as number) >> (group >> 1)) & 1;
        into.numbers[i] = (into.numbers[i] as number) - (third ? 0 : 4);
      }
    },
  },
  Q4_K: {
    bits: 4,
    blockSize: 32,
    spread: 1,
    read(bytes, at, group, half, into) {
      into.scale = halfAt(bytes, at, half) * sixBits(bytes, at + 4, group, 0);
      into.minimum = -halfAt(bytes, at + 2, half) * sixBits(bytes, at + 4, group, 4);
      const from = at + 16 + 32 * (group >> 1);
      const shift = (group & 1) * 4;
      for (let i = 0; i < 32; i++) into.numbers[i] = ((bytes[from + i] as number) >> shift) & 15;
    },
  },
  Q5_K: {
    bits: 8,
    blockSize: 32,
    spread: 8,
    read(bytes, at, group, half, into) {
      into.scale = halfAt(bytes, at, half) * sixBits(bytes, at + 4, group, 0);
      into.minimum = -halfAt(bytes, at + 2, half) * sixBits(bytes, at + 4, group, 4);
      const from = at + 48 + 32 * (group >> 1);
      const shift = (group & 1) * 4;
      for (let i = 0; i < 32; i++) {
        const fifth = ((bytes[at + 16 + i] as number) >> group) & 1;
        into.numbers[i] = (((bytes[from + i] as number) >> shift) & 15) | (fifth << 4);
      }
    },
  },
  Q6_K: {
    bits: 8,
    blockSize: 16,
    read(bytes, at, group, half, into) {
      into.scale = halfAt(bytes, at + 208, half) * signed(bytes[at + 192 + group] as number);
      const part = group >> 3;
      const quarter = (group >> 1) & 3;
      const low = at + 64 * part + 32 * (quarter & 1) + 16 * (group & 1);
      const high = at + 128 + 32 * part + 16 * (group & 1);
      for (let i = 0; i < 16; i++) {
        const nibble = ((bytes[low + i] as number) >> (4 * (quarter >> 1))) & 15;
        into.numbers[i] = (nibble | ((((bytes[high + i] as number) >> (2 * quarter)) & 3) << 4)) - 32;
      }
    },
  },
  IQ4_NL: {
    bits: 8,
    blockSize: 32,
    read(bytes, at, _group, half, into) {
      into.scale = halfAt(bytes, at, half);
      for (let i = 0; i < 16; i++) {
        const pair = bytes[at + 2 + i] as number;
        into.numbers[i] = iq4Numbers[pair & 15] as number;
        into.numbers[16 + i] = iq4Numbers[pair >> 4] as number;
      }
    },
  },
};

const signed = (byte: number): number => (byte << 24) >> 24;

const halfAt = (bytes: Uint8Array, at: number, half: Float32Array): number =>
  half[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;

/** 32 fifth bits, then 16 bytes of nibbles; the low ones are the first half. */
function fiveBits(bytes: Uint8Array, at: number, numbers: Int16Array, shift: number): void {
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 4 + i] as number;
    const low = ((bytes[at + (i >> 3)] as number) >> (i & 7)) & 1;
    const high = ((bytes[at + 2 + (i >> 3)] as number) >> (i & 7)) & 1;
    numbers[i] = ((pair & 15) | (low << 4)) + shift;
    numbers[16 + i] = ((pair >> 4) | (high << 4)) + shift;
  }
}

/** The 16 numbers of a group: four groups of 32 elements share 32 bytes, two bits each. */
function twoBits(bytes: Uint8Array, at: number, group: number, numbers: Int16Array): void {
  const from = at + 32 * (group >> 3) + 16 * (group & 1);
  for (let i = 0; i < 16; i++) numbers[i] = ((bytes[from + i] as number) >> (group & 6)) & 3;
}

/** The scale (`offset` 0) or minimum (4) of a group: four in the low bits of the first bytes each, the rest put together from nibbles and top bits. */
function sixBits(bytes: Uint8Array, at: number, group: number, offset: 0 | 4): number {
  if (group < 4) return (bytes[at + group + offset] as number) & 63;
  const nibble = ((bytes[at + group + 4] as number) >> offset) & 15;
  return nibble | (((bytes[at + group - 4 + offset] as number) >> 6) << 4);
}
