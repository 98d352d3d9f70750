import { isCutawayError } from "@cutaway/core";
import { bytesSource, type GgufTensorData, type GgufWritable, openGguf, writeGguf } from "@cutaway/formats";
import fc from "fast-check";
import { expect, test } from "vitest";

test("what is written is what is read, in order", () => {
  const metadata: [string, GgufWritable][] = [
    ["general.architecture", "llama"],
    ["zero", 0],
    ["largest uint32", 0xffff_ffff],
    ["smallest int32", -0x8000_0000],
    ["uint64", 2 ** 40],
    ["int64", -(2 ** 40)],
    ["large", 2n ** 63n],
    ["half", 0.5],
    ["flag", false],
    ["texts", ["a", "", "é"]],
    ["flags", [true, false]],
    ["lists", [new Uint8Array([1]), ["x"], []]],
    ["bytes", new Uint8Array([1, 2])],
    ["words", new BigUint64Array([1n, 2n ** 64n - 1n])],
    ["doubles", new Float64Array([0.1])],
  ];
  const tensors: GgufTensorData[] = [
    { name: "a", type: "F32", shape: [3], bytes: new Uint8Array(12).fill(1) },
    { name: "b", type: "Q4_1", shape: [32, 2], bytes: new Uint8Array(40).fill(2) },
    { name: "c", type: "F16", shape: [], bytes: new Uint8Array(2).fill(3) },
  ];
  const file = openGguf(bytesSource(writeGguf({ metadata, tensors })));
  expect([...file.metadata]).toEqual(metadata);
  expect(
    [...file.tensors.values()].map((tensor) => ({ name: tensor.name, type: tensor.type, shape: tensor.shape, bytes: file.read(tensor) })),
  ).toEqual(tensors);
  expect([...file.tensors.values()].map(({ offset }) => offset % 32)).toEqual([0, 0, 0]);
});

/** The type numbers of the file's values, from the bytes. */
test("numbers take the width that was asked for", () => {
  const typeAfter = (value: GgufWritable) => writeGguf({ metadata: [["k", value]], tensors: [] })[24 + 8 + 1];
  expect([1, -1, 2 ** 40, -(2 ** 40), 0.5].map(typeAfter)).toEqual([4, 5, 10, 11, 6]);
  expect(
    (["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "uint64", "int64", "float64"] as const).map((type) =>
      typeAfter({ type, value: 7 }),
    ),
  ).toEqual([0, 1, 2, 3, 4, 5, 6, 10, 11, 12]);
  const file = openGguf(bytesSource(writeGguf({ metadata: [["base", { type: "float32", value: 10000 }]], tensors: [] })));
  expect(file.metadata.get("base")).toBe(10000);
});

test("the alignment of the metadata is honoured", () => {
  const bytes = writeGguf({
    metadata: [["general.alignment", 4096]],
    tensors: ["a", "b"].map((name) => ({ name, type: "F32", shape: [1], bytes: new Uint8Array(4) })),
  });
  expect([...openGguf(bytesSource(bytes)).tensors.values()].map(({ offset }) => offset)).toEqual([4096, 8192]);
});

test("any tensors keep their bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 4, maxLength: 300 }), { maxLength: 12 }), (list) => {
      const tensors = list.map((bytes, index) => ({ name: `t${index}`, type: "I8" as const, shape: [bytes.length], bytes }));
      const file = openGguf(bytesSource(writeGguf({ metadata: [], tensors })));
      expect([...file.tensors.values()].map((tensor) => [...file.read(tensor)])).toEqual(list.map((bytes) => [...bytes]));
    }),
  );
});

test("what has no place in a GGUF file is refused", () => {
  const refused = (value: GgufWritable) => {
    try {
      writeGguf({ metadata: [["k", value]], tensors: [] });
    } catch (error) {
      if (isCutawayError(error) && error.code === "bad-gguf-content") return error.message;
      throw error;
    }
    return undefined;
  };
  expect(refused([1, 2])).toContain("numbers are given as a typed array");
  expect(refused(["a", true])).toContain("an array holds strings, booleans or arrays");
  expect(refused(2n ** 64n)).toContain("does not fit 64 bits");
  expect(refused({ type: "uint8", value: 256 })).toContain("256 is not a uint8");
  expect(refused({ type: "int32", value: 0.5 })).toContain("0.5 is not a int32");
  const tensor = { name: "t", type: "Q8_0", shape: [32], bytes: new Uint8Array(33) } as const;
  expect(() => writeGguf({ metadata: [], tensors: [{ ...tensor, shape: [...tensor.shape] }] })).toThrow("[32] of Q8_0 takes 34 bytes, 33 are given");
  expect(() => writeGguf({ metadata: [], tensors: [{ ...tensor, shape: [16, 2] }] })).toThrow("rows of 16 elements do not fill blocks of 32");
});
