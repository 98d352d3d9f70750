import { readFileSync } from "node:fs";
import { isCutawayError } from "@cutaway/core";
import { dequantizable, dequantize, type GgufTensorType, tensorTypes } from "@cutaway/formats";
import { describe, expect, test } from "vitest";

/** Made by tools/golden/gguf-quants.py with llama.cpp's own gguf package. */
const golden: { types: Record<string, { bytes: string; values: string }> } = JSON.parse(
  readFileSync(new URL("../fixtures/gguf-quants.json", import.meta.url), "utf8"),
);

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

describe.each(Object.entries(golden.types))("%s", (name, { bytes, values }) => {
  const type = name as GgufTensorType;
  const expected = new Float32Array(fromHex(values).buffer);

  test("gives the reference's numbers, bit for bit", () => {
    expect(dequantize(type, fromHex(bytes), expected.length)).toEqual(expected);
  });

  test("reads from a view that starts anywhere", () => {
    const shifted = new Uint8Array(bytes.length / 2 + 3);
    shifted.set(fromHex(bytes), 3);
    expect(dequantize(type, shifted.subarray(3), expected.length)).toEqual(expected);
  });
});

test("every type that is said to be read, except the plain F32, has golden values", () => {
  expect([...Object.keys(golden.types), "F32"].toSorted()).toEqual([...dequantizable].toSorted());
});

test("F32, and every half-precision number", () => {
  const numbers = new Float32Array([0, -0, 1.5, Number.POSITIVE_INFINITY, Number.NaN, 1e-40]);
  expect(dequantize("F32", new Uint8Array(numbers.buffer), 6)).toEqual(numbers);
  const bits = Uint16Array.from({ length: 0x1_0000 }, (_, index) => index);
  const halves = dequantize("F16", new Uint8Array(bits.buffer), bits.length);
  const view = new DataView(bits.buffer) as DataView & { getFloat16(at: number, little: boolean): number };
  expect(halves).toEqual(Float32Array.from(bits, (_, index) => view.getFloat16(2 * index, true)));
});

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (isCutawayError(error)) return error.code;
    throw error;
  }
  return "nothing thrown";
};

test("bytes that are not the blocks of the count are refused, and so are types that are not read", () => {
  expect(codeOf(() => dequantize("Q4_0", new Uint8Array(18), 31))).toBe("bad-tensor-bytes");
  expect(codeOf(() => dequantize("Q4_0", new Uint8Array(17), 32))).toBe("bad-tensor-bytes");
  expect(codeOf(() => dequantize("F32", new Uint8Array(8), 1))).toBe("bad-tensor-bytes");
  const { elements, bytes } = tensorTypes.IQ4_XS;
  expect(codeOf(() => dequantize("IQ4_XS", new Uint8Array(bytes), elements))).toBe("unsupported-tensor-type");
});
