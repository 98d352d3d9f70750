import { readFileSync } from "node:fs";
import { type ByteSource, bytesSource, dequantize, type GgufTensor, openGguf } from "@cutaway/formats";
import { expect, test } from "vitest";

/** Made by tools/golden/gguf-quants.py with llama.cpp's own gguf package. */
const bytes = new Uint8Array(readFileSync(new URL("../fixtures/python.gguf", import.meta.url)));

test("a file that llama.cpp's own writer made: every kind of metadata value", () => {
  const { version, alignment, metadata } = openGguf(bytesSource(bytes));
  expect([version, alignment]).toEqual([3, 32]);
  expect([...metadata]).toEqual([
    ["general.architecture", "llama"],
    ["a.uint8", 200],
    ["a.int8", -100],
    ["a.uint16", 60000],
    ["a.int16", -30000],
    ["a.uint32", 4000000000],
    ["a.int32", -2000000000],
    ["a.uint64", Number.MAX_SAFE_INTEGER],
    ["a.uint64.large", 2n ** 63n + 1n],
    ["a.int64", -(2n ** 63n)],
    ["a.float32", Math.fround(0.1)],
    ["a.float64", 0.1],
    ["a.bool", true],
    ["a.string", "naïve 😀"],
    ["a.strings", ["", "Ġthe", "日本", "\ufeffx", "😀"]],
    ["a.int32s", new Int32Array([1, -2, 3])],
    ["a.float32s", new Float32Array([0.5, -1.5])],
    ["a.bools", [true, false]],
  ]);
});

test("its tensors: innermost dimension first, and the data where the file has it", () => {
  const file = openGguf(bytesSource(bytes));
  expect([...file.tensors.values()].map(({ name, type, shape, byteLength }) => [name, type, shape, byteLength])).toEqual([
    ["matrix", "F32", [3, 2], 24],
    ["halves", "F16", [3], 6],
    ["blocks", "Q8_0", [32, 2], 68],
  ]);
  const numbers = (name: string) => {
    const tensor = file.tensors.get(name) as GgufTensor;
    return dequantize(
      tensor.type,
      file.read(tensor),
      tensor.shape.reduce((product, dimension) => product * dimension),
    );
  };
  expect([...numbers("matrix")]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...numbers("halves")]).toEqual([1, 0.5, -2]);
  expect(Math.max(...numbers("blocks").map((value, index) => Math.abs(value - (-1 + (2 * index) / 63))))).toBeLessThan(0.005);
});

test("opening reads the header, and a tensor's bytes only when they are asked for", () => {
  const reads: [offset: number, length: number][] = [];
  const header = bytes.length;
  const padded = {
    size: header + 4_000_000,
    read: (offset: number, length: number) => new Uint8Array(length).map((_, index) => bytes[offset + index] ?? 0),
  };
  const source: ByteSource = {
    size: padded.size,
    read(offset, length) {
      reads.push([offset, length]);
      return padded.read(offset, length);
    },
  };
  const file = openGguf(source);
  expect(reads.reduce((total, [, length]) => total + length, 0)).toBeLessThan(300_000);
  const before = reads.length;
  const blocks = file.tensors.get("blocks") as GgufTensor;
  file.read(blocks);
  expect(reads.slice(before)).toEqual([[blocks.offset, 68]]);
});

test("a source that gives fewer bytes than asked for ends as an error, not as zeros", () => {
  const file = openGguf(bytesSource(bytes));
  const shrinking: ByteSource = { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + Math.min(length, 10)) };
  expect(() => openGguf(shrinking)).toThrow(/only 10 of 928 bytes could be read/);
  const matrix = file.tensors.get("matrix") as GgufTensor;
  expect(() => file.read({ ...matrix, offset: bytes.length - 4 })).toThrow(/only 4 of the 24 bytes of tensor "matrix"/);
});
