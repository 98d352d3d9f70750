import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { bytesSource, dequantize, type GgufValue, type GgufWritable, openGguf, writeGguf } from "@cutaway/formats";

/**
 * Writes a GGUF file again with all matrices in another type, so that both sides run the same blocks.
 * source  ggml-quants.c, quantize_row_q8_0_ref and quantize_row_q4_0_ref
 */
export function requantize(from: string, to: string, type: "Q8_0" | "Q4_0"): void {
  const file = openGguf(bytesSource(readFileSync(from)));
  const tensors = [...file.tensors.values()].map((tensor) => {
    const [inputs = 0, outputs] = tensor.shape;
    if (outputs === undefined) return { ...tensor, bytes: file.read(tensor) };
    const numbers = dequantize(tensor.type, file.read(tensor), inputs * outputs);
    return { ...tensor, type, bytes: type === "Q8_0" ? blocksOfQ8_0(numbers) : blocksOfQ4_0(numbers) };
  });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, writeGguf({ metadata: new Map([...file.metadata].map(([key, value]) => [key, typed(key, value)])), tensors }));
}

/** Which numbers are floating-point ones in the file; a whole one would else be written as an integer, which llama.cpp refuses. */
const typed = (key: string, value: GgufValue): GgufWritable =>
  typeof value === "number" && /epsilon|freq_base|factor/.test(key) ? { type: "float32", value } : value;

const blockSize = 32;

function blocksOfQ8_0(numbers: Float32Array): Uint8Array {
  const bytes = new Uint8Array((numbers.length / blockSize) * 34);
  const view = new DataView(bytes.buffer);
  for (let from = 0, at = 0; from < numbers.length; from += blockSize, at += 34) {
    const block = numbers.subarray(from, from + blockSize);
    const scale = block.reduce((most, number) => Math.max(most, Math.abs(number)), 0) / 127;
    view.setUint16(at, halfOf(scale), true);
    for (const [i, number] of block.entries()) view.setInt8(at + 2 + i, scale === 0 ? 0 : Math.round(number / scale));
  }
  return bytes;
}

function blocksOfQ4_0(numbers: Float32Array): Uint8Array {
  const bytes = new Uint8Array((numbers.length / blockSize) * 18);
  const view = new DataView(bytes.buffer);
  for (let from = 0, at = 0; from < numbers.length; from += blockSize, at += 18) {
    const block = numbers.subarray(from, from + blockSize);
    const extreme = block.reduce((most, number) => (Math.abs(number) > Math.abs(most) ? number : most), 0);
    const scale = extreme / -8;
    view.setUint16(at, halfOf(scale), true);
    const rounded = (number: number | undefined) => (scale === 0 ? 8 : Math.min(15, Math.floor((number ?? 0) / scale + 8.5)));
    for (let i = 0; i < 16; i++) bytes[at + 2 + i] = rounded(block[i]) | (rounded(block[i + 16]) << 4);
  }
  return bytes;
}

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** To the nearest half-precision number; scales of weights are neither huge nor not finite. */
function halfOf(value: number): number {
  floats[0] = value;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  if (exponent <= 0) return exponent < -10 ? sign : sign | Math.round((0x800000 | (word & 0x7fffff)) / 2 ** (14 - exponent));
  return sign | ((exponent << 10) + Math.round((word & 0x7fffff) / 0x2000));
}
