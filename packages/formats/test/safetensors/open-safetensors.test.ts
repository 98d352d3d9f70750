import { isCutawayError, seededRandom } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { bytesSource, openSafetensors } from "../../src/index.ts";

const encoder = new TextEncoder();

/** A file of this header, as it stands, before this data. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = encoder.encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const open = (bytes: Uint8Array) => openSafetensors(bytesSource(bytes));
const tensor = (dtype: unknown, shape: unknown, ...offsets: unknown[]) => ({ dtype, shape, data_offsets: offsets });

/** One of each kind, in an order of their own, with an empty one and a single number. */
const data = Uint8Array.from({ length: 64 }, (_, at) => at * 3);
const sound = {
  __metadata__: { format: "pt" },
  b: tensor("F32", [2, 3], 8, 32),
  a: tensor("BF16", [4], 0, 8),
  scalar: tensor("F64", [], 32, 40),
  empty: tensor("F16", [0, 7], 40, 40),
  flags: tensor("BOOL", [24], 40, 64),
};

describe("a sound file", () => {
  test("has its tensors, where they lie, and its metadata", () => {
    const { tensors, metadata, read } = open(fileOf(sound, data));
    expect([...tensors.keys()].sort()).toEqual(["a", "b", "empty", "flags", "scalar"]);
    expect(tensors.get("b")).toMatchObject({ name: "b", type: "F32", shape: [2, 3], byteLength: 24 });
    expect([...metadata]).toEqual([["format", "pt"]]);
    for (const [name, { data_offsets: offsets }] of Object.entries(sound).filter((entry) => entry[0] !== "__metadata__") as [
      string,
      { data_offsets: number[] },
    ][]) {
      expect(read(tensors.get(name) as never), name).toEqual(data.slice(...offsets));
    }
  });
  test("may have spaces after its header, as the library pads it", () => {
    expect(open(fileOf(`${JSON.stringify(sound)}     `, data)).tensors.size).toBe(5);
  });
  test("may be empty", () => {
    expect(open(fileOf({})).tensors.size).toBe(0);
  });
  test("names of any letters, also of what every object has", () => {
    expect(
      open(
        fileOf('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"constructor":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', data),
      ).tensors.size,
    ).toBe(2);
  });
});

describe("what is refused, and what the error says", () => {
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /shorter than its header's length/],
    ["seven bytes", new Uint8Array(7), /shorter than its header's length/],
    ["a header longer than the file", fileOf(sound, data).subarray(0, 40), /its header is said to have \d+ bytes, the file has 40/],
    ["a header of 2^63 bytes", Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0x80, 123, 125]), /its header is said to have 9223372036854776000 bytes/],
    ["no JSON", fileOf("{"), /its header is not JSON/],
    ["a list", fileOf("[]"), /its header is not a JSON object/],
    ["no UTF-8", fileOf("{}").with(8, 0xff), /its header is not JSON/],
    ["an unknown type", fileOf({ x: tensor("F8_E9", [1], 0, 1) }, data), /tensor "x" is of type "F8_E9"; known are F64, F32/],
    ["no type", fileOf({ x: { shape: [1], data_offsets: [0, 1] } }, data), /tensor "x" is of type undefined/],
    ["a type that every object has", fileOf({ x: tensor("toString", [1], 0, 1) }, data), /tensor "x" is of type "toString"/],
    ["a number for a tensor", fileOf({ x: 5 }, data), /tensor "x"/],
    ["a negative size", fileOf({ x: tensor("U8", [-1], 0, 1) }, data), /tensor "x" has no usable shape/],
    ["a broken size", fileOf({ x: tensor("U8", [1.5], 0, 1) }, data), /tensor "x" has no usable shape/],
    ["a shape of a thousand axes", fileOf({ x: tensor("U8", Array(1000).fill(1), 0, 1) }, data), /tensor "x" has no usable shape/],
    ["sizes whose product overflows", fileOf({ x: tensor("F32", [2 ** 40, 2 ** 40, 0.5], 0, 1) }, data), /tensor "x" has no usable shape/],
    [
      "a product that is not a number of bytes",
      fileOf({ x: tensor("F32", [2 ** 50, 2 ** 50, 2 ** 50], 0, 1) }, data),
      /tensor "x" has 1 bytes, and its shape/,
    ],
    ["one byte too few", fileOf({ x: tensor("F32", [2], 0, 7) }, data), /tensor "x" has 7 bytes, and its shape \[2\] of F32 takes 8/],
    ["beyond the end", fileOf({ x: tensor("U8", [1], 64, 65) }, data), /tensor "x" does not lie inside the file/],
    ["backwards", fileOf({ x: tensor("U8", [1], 2, 1) }, data), /tensor "x" does not lie inside the file/],
    ["no offsets", fileOf({ x: { dtype: "U8", shape: [1] } }, data), /tensor "x" does not lie inside the file/],
    ["an overlap", fileOf({ x: tensor("U8", [8], 0, 8), y: tensor("U8", [8], 7, 15) }, data), /tensors "x" and "y" overlap/],
    ["the same place twice", fileOf({ x: tensor("U8", [8], 0, 8), y: tensor("U8", [8], 0, 8) }, data), /tensors "x" and "y" overlap/],
  ])("%s", (_, bytes, says) => {
    expect(() => open(bytes)).toThrow(says);
    try {
      open(bytes);
    } catch (error) {
      expect(isCutawayError(error) && error.code).toBe("bad-safetensors");
    }
  });

  test("a file that became shorter after it was opened", () => {
    const bytes = fileOf(sound, data);
    let size = bytes.length;
    const { tensors, read } = openSafetensors({ size, read: (from, length) => bytes.subarray(from, Math.min(size, from + length)) });
    size -= 30;
    expect(() => read(tensors.get("flags") as never)).toThrow(/only 0 of the 24 bytes of tensor "flags" could be read/);
  });

  test("a name of a million letters is cut in the message", () => {
    expect(() => open(fileOf({ ["n".repeat(1e6)]: tensor("?", [1], 0, 1) }, data))).toThrow(/^.{1,500}$/s);
  });

  test("many tensors that overlap are found without comparing each with each", () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`t${at}`, tensor("U8", [0], 0, 0)]));
    const before = performance.now();
    expect(open(fileOf(many)).tensors.size).toBe(50_000);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

test("whatever a file is changed to, it opens or is refused by name; what opens can be read to the last byte", () => {
  const random = seededRandom(20261127);
  const whole = fileOf(sound, data);
  const below = (count: number) => Math.floor(random() * count);
  const headerLength = Number(new DataView(whole.buffer).getBigUint64(0, true));
  const digits = encoder.encode('0123456789-.e[]{},:"');
  const outcomes = { opened: 0, refused: 0 };
  for (let round = 0; round < 20_000; round++) {
    let bytes = whole.slice();
    for (let change = 0; change <= below(3); change++) {
      const kind = below(4);
      if (kind === 0) bytes[below(bytes.length)] = below(256);
      else if (kind === 1) bytes[8 + below(headerLength)] = digits[below(digits.length)] as number;
      else if (kind === 2) bytes = bytes.slice(0, below(bytes.length + 1));
      else bytes[below(8)] = below(256);
      if (bytes.length === 0) break;
    }
    try {
      const { tensors, read } = open(bytes);
      for (const one of tensors.values()) expect(read(one).length).toBe(one.byteLength);
      outcomes.opened++;
    } catch (error) {
      if (!isCutawayError(error) || error.code !== "bad-safetensors") throw new Error(`round ${round}`, { cause: error });
      outcomes.refused++;
    }
  }
  expect(outcomes.opened).toBeGreaterThan(500);
  expect(outcomes.refused).toBeGreaterThan(5000);
});
