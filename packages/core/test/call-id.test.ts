import { expect, test } from "vitest";
import { callIdTime, isCallId, newCallId, seededRandom } from "../src/index.ts";

test("carries its time, sorts by it, and is never made twice", () => {
  const random = seededRandom(1);
  const ids = Array.from({ length: 1000 }, (_, i) => newCallId(1_790_000_000_000 + i, random));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.map(callIdTime)).toEqual(ids.map((_, i) => 1_790_000_000_000 + i));
  expect(ids.every(isCallId)).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => newCallId(5))).size).toBe(1000);
});

test("equals the example of the ULID specification in its time part", () => {
  expect(newCallId(1469918176385, () => 0).slice(0, 10)).toBe("01ARYZ6S41");
});

test.each(["", "latest", "01ARZ3NDEKTSV4RRFFQ69G5FA", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAI"])(
  "%j is no id",
  (text) => expect(isCallId(text)).toBe(false),
);
