import { readFileSync } from "node:fs";
import { isCutawayError, seededRandom } from "@cutaway/core";
import { bytesSource, openGguf, writeGguf } from "@cutaway/formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RawGguf } from "./raw-gguf.ts";

const sample = new Uint8Array(readFileSync(new URL("../fixtures/python.gguf", import.meta.url)));

/** The message of the `bad-gguf` that opening ends with; any other error goes through. */
function refusal(bytes: Uint8Array): string {
  try {
    openGguf(bytesSource(bytes));
  } catch (error) {
    if (isCutawayError(error) && error.code === "bad-gguf") return error.message;
    throw error;
  }
  return "nothing refused";
}

const raw = () => new RawGguf();
const huge = 2n ** 64n - 1n;

test.each<[says: RegExp, bytes: Uint8Array]>([
  [/file ends inside the magic number: 4 bytes are needed, 0 are left \(at byte 0\)/, new Uint8Array()],
  [/does not start with GGUF/, raw().u8(0x67, 0x67, 0x6d, 0x6c).zeros(60).bytes()],
  [/version 1; versions 2 and 3 are read \(at byte 4\)/, raw().header(0, 0, 1).bytes()],
  [/version 4/, raw().header(0, 0, 4).bytes()],
  [/big-endian/, raw().header(0, 0, 0x0300_0000).bytes()],
  [/number of tensors is 18446744073709551615, more than 100000 \(at byte 8\)/, raw().header(huge, 0).bytes()],
  [/number of metadata entries is 10001/, raw().header(0, 10_001).bytes()],
  [/length of a string is 65536, more than 65535/, raw().header(0, 1).u64(65_536).zeros(70_000).bytes()],
  [/"a" has the unknown type 13/, raw().header(0, 1).text("a").u32(13).zeros(8).bytes()],
  [/"a" is a boolean of value 2/, raw().header(0, 1).text("a").u32(7).u8(2).bytes()],
  [/length of a string is 18446744073709551615/, raw().header(0, 1).text("a").u32(8).u64(huge).bytes()],
  [/"a": 100 bytes are needed, 3 are left/, raw().header(0, 1).text("a").u32(8).u64(100).zeros(3).bytes()],
  [/metadata "a" is not valid UTF-8 \(at byte 45\)/, raw().header(0, 1).text("a").u32(8).u64(2).u8(0xc3, 0x28).bytes()],
  [/key of metadata entry 0 is not valid UTF-8/, raw().header(0, 1).u64(1).u8(0xff).u32(4).u32(1).bytes()],
  [/key "a" occurs twice/, raw().header(0, 2).text("a").u32(4).u32(1).text("a").u32(4).u32(1).bytes()],
  [/"a" is 8388609, more than/, raw().header(0, 1).text("a").u32(9).u32(0).u64(8_388_609).bytes()],
  [/"a" claims 1000 elements, more than the 12 bytes left/, raw().header(0, 1).text("a").u32(9).u32(8).u64(1000).zeros(12).bytes()],
  [/"a" claims 8000000 elements/, raw().header(0, 1).text("a").u32(9).u32(12).u64(8_000_000).zeros(12).bytes()],
  [/the elements of .*"a" has the unknown type 99/, raw().header(0, 1).text("a").u32(9).u32(99).u64(0).bytes()],
  [/holds arrays more than 4 deep/, nested(5)],
  [/an element of metadata "a" is not valid UTF-8/, strings([0xc4], [0xa0])],
  [/an element of metadata "a" is not valid UTF-8/, strings([0x61], [0xed, 0xa0, 0x80])],
  [/an element of metadata "a" is not valid UTF-8/, strings([0xe2, 0x82], [0x61])],
  [/general.alignment is 24; it must be a power of two/, withAlignment(24)],
  [/general.alignment is 0/, withAlignment(0)],
  [/general.alignment is 2097152/, withAlignment(2_097_152)],
  [/general.alignment is x/, raw().header(0, 1).text("general.alignment").u32(8).text("x").bytes()],
  [/"t" has 5 dimensions, more than 4/, tensors(["t", [1, 1, 1, 1, 1], 0, 0])],
  [/dimension 1 of tensor "t" is 0/, tensors(["t", [4, 0], 0, 0])],
  [/dimension 0 of tensor "t" is 18446744073709551615/, tensors(["t", [huge], 0, 0])],
  [/"t" of shape \[4294967296, 4294967296, …\] is larger than any file/, tensors(["t", [2n ** 32n, 2n ** 32n], 0, 0])],
  [/"t" of shape \[9007199254740991\] is larger than any file/, tensors(["t", [2n ** 53n - 1n], 0, 0])],
  [/"t" has rows of 31 elements, which blocks of 32 \(Q4_0\) cannot hold/, tensors(["t", [31, 32], 2, 0])],
  [/"t" has the unknown type 4 /, tensors(["t", [32], 4, 0])],
  [/offset of tensor "t", 4, is not a multiple of the alignment 32/, tensors(["t", [1], 0, 4])],
  [/offset of tensor "t" is 18446744073709551584, more than/, tensors(["t", [1], 0, huge - 31n])],
  [/tensor "t" ends at byte 1125899906842692, the file at/, tensors(["t", [1], 0, 2n ** 50n])],
  [/tensor "t" occurs twice/, tensors(["t", [1], 0, 0], ["t", [1], 0, 32])],
  [/tensors "t" and "u" overlap/, tensors(["t", [16], 0, 0], ["u", [1], 0, 32])],
  [/tensors "t" and "u" overlap/, tensors(["t", [1], 0, 0], ["u", [1], 0, 0])],
  [/length of a string is 257, more than 256/, tensors(["t".repeat(257), [1], 0, 0])],
])("%s", (says, bytes) => {
  expect(refusal(bytes)).toMatch(says);
});

function nested(depth: number): Uint8Array {
  const file = raw().header(0, 1).text("a").u32(9);
  for (let level = 1; level < depth; level++) file.u32(9).u64(1);
  return file.u32(4).u64(0).zeros(64).bytes();
}

test("arrays four deep are read", () => {
  expect(openGguf(bytesSource(nested(4))).metadata.get("a")).toEqual([[[new Uint32Array()]]]);
});

function strings(...list: number[][]): Uint8Array {
  const file = raw().header(0, 1).text("a").u32(9).u32(8).u64(list.length);
  for (const bytes of list) file.u64(bytes.length).u8(...bytes);
  return file.bytes();
}

function withAlignment(value: number): Uint8Array {
  return raw().header(0, 1).text("general.alignment").u32(4).u32(value).bytes();
}

function tensors(...list: Parameters<RawGguf["tensor"]>[]): Uint8Array {
  const file = raw().header(list.length, 0);
  for (const tensor of list) file.tensor(...tensor);
  return file.zeros(200).bytes();
}

test("time and memory follow the bytes there are, not the counts they claim", () => {
  const empties = raw().header(0, 1).text("a").u32(9).u32(9).u64(100_000);
  for (let index = 0; index < 100_000; index++) empties.u32(8).u64(0);
  const list = openGguf(bytesSource(empties.bytes())).metadata.get("a") as unknown[];
  expect([list.length, list[99_999]]).toEqual([100_000, []]);
});

test("names from the prototype are names like any other", () => {
  const file = openGguf(
    bytesSource(writeGguf({ metadata: [["__proto__", 7]], tensors: [{ name: "constructor", type: "F32", shape: [1], bytes: new Uint8Array(4) }] })),
  );
  expect([...file.metadata.keys(), ...file.tensors.keys()]).toEqual(["__proto__", "constructor"]);
});

test("a file cut anywhere is refused, and says where it ends", () => {
  for (let length = 0; length < sample.length - 32; length++)
    expect(refusal(sample.subarray(0, length))).toMatch(/ends|bytes left can hold|the file at/);
});

test("a file changed anywhere is opened or refused, and nothing else happens", () => {
  const random = seededRandom(3);
  let opened = 0;
  const rounds = 5_000;
  for (let round = 0; round < rounds; round++) {
    const bytes = sample.slice();
    for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
      const at = Math.floor(random() * bytes.length);
      bytes[at] = random() < 0.5 ? Math.floor(random() * 256) : random() < 0.5 ? 255 : (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
    }
    if (refusal(bytes) === "nothing refused") opened++;
  }
  expect(opened).toBeGreaterThan(rounds / 20);
  expect(opened).toBeLessThan(rounds);
});

describe("strings of an array are cut apart where the file says", () => {
  test("whatever they hold, also across the borders of the batches in which they are decoded", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.integer({ min: 1, max: 400 }), (texts, times) => {
        const list = Array.from({ length: times }, () => texts).flat();
        const bytes = writeGguf({ metadata: [["a", list]], tensors: [] });
        expect(openGguf(bytesSource(bytes)).metadata.get("a")).toEqual(list);
      }),
      { numRuns: 40 },
    );
  });

  test("by the ten thousand, and longer than a batch", () => {
    const list = [...Array.from({ length: 20_000 }, (_, index) => `Ġ${index}é`), "é".repeat(400_000), "", "x"];
    expect(openGguf(bytesSource(writeGguf({ metadata: [["a", list]], tensors: [] }))).metadata.get("a")).toEqual(list);
  });
});
