/** Unicode scalar values from `from` to `to`, both included. */
export type ScalarRange = readonly [from: number, to: number];

export const lastScalar = 0x10ffff;

/** All scalar values: code points without the surrogates, which no text in UTF-8 can hold. */
export const allScalars: readonly ScalarRange[] = [
  [0, 0xd7ff],
  [0xe000, lastScalar],
];

/** Sorted, apart from each other, without surrogates: the one form in which two equal sets look equal. */
export const normalRanges = (ranges: readonly ScalarRange[]): readonly ScalarRange[] => {
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (from > to) continue;
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return intersectRanges(merged, allScalars);
};

/** Of two sorted lists. */
export const intersectRanges = (a: readonly ScalarRange[], b: readonly ScalarRange[]): readonly ScalarRange[] => {
  const result: ScalarRange[] = [];
  for (let i = 0, j = 0; ; ) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return result;
    const from = Math.max(left[0], right[0]);
    const to = Math.min(left[1], right[1]);
    if (from <= to) result.push([from, to]);
    if (left[1] < right[1]) i++;
    else j++;
  }
};

/** All scalar values that a sorted list does not have. */
export const complementRanges = (ranges: readonly ScalarRange[]): readonly ScalarRange[] => {
  const gaps: ScalarRange[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= lastScalar) gaps.push([next, lastScalar]);
  return intersectRanges(gaps, allScalars);
};
