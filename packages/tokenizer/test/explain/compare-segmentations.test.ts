import { expect, test } from "vitest";
import { compareSegmentations } from "../../src/explain/compare-segmentations.ts";

const segmentation = (...ranges: [start: number, end: number][]) => ({
  tokens: {
    ids: Uint32Array.from(ranges, (_, i) => i),
    starts: Uint32Array.from(ranges, ([start]) => start),
    ends: Uint32Array.from(ranges, ([, end]) => end),
  },
  lengthOf: () => 1,
});

test("a family that leaves spaces out agrees with one that puts them before words", () => {
  const spaced = segmentation([0, 3], [3, 7], [7, 11]); // "the| cat| sat"
  const bare = segmentation([0, 3], [4, 7], [8, 11]);
  expect(compareSegmentations(spaced, bare, 11)).toEqual([]);
  expect(compareSegmentations(bare, spaced, 12)).toEqual([]); // and a space at the end
  const split = segmentation([0, 3], [4, 6], [6, 7], [8, 11]);
  expect(compareSegmentations(spaced, split, 11)).toEqual([{ a: { start: 1, end: 2 }, b: { start: 1, end: 3 } }]);
});

test("texts without tokens, and tokens of nothing", () => {
  expect(compareSegmentations(segmentation(), segmentation(), 3)).toEqual([]);
  expect(compareSegmentations(segmentation([0, 3]), segmentation(), 3)).toHaveLength(1);
  const marked = segmentation([0, 0], [0, 3], [3, 3]); // BOS and EOS
  expect(compareSegmentations(marked, marked, 3)).toEqual([]);
});
