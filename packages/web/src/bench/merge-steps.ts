import type { TraceMerge, TraceSymbol } from "@cutaway/core";

/** Neighbouring symbols that have become one: `from` to `to` are indexes of the symbols that merging began with. */
export interface MergedPart {
  from: number;
  to: number;
  bytes: Uint8Array;
}

/** One merge: the part it made, and the other parts as they were then. */
export interface MergeStep extends MergedPart {
  rank: number;
  /** Where the right half begins. */
  middle: number;
  result: number;
  others: MergedPart[];
}

/** Follows merges over the symbols that they began with. at  index in the list of symbols as it is before each merge */
export function mergeSteps(symbols: readonly TraceSymbol[], merges: readonly TraceMerge[]): MergeStep[] {
  const parts: MergedPart[] = symbols.map(({ bytes }, i) => ({ from: i, to: i + 1, bytes }));
  return merges.map(({ rank, at, result }) => {
    const left = parts[at];
    const right = parts[at + 1];
    if (!left || !right) throw new RangeError(`merge at ${at} of ${parts.length} symbols`);
    const bytes = new Uint8Array(left.bytes.length + right.bytes.length);
    bytes.set(left.bytes);
    bytes.set(right.bytes, left.bytes.length);
    parts.splice(at, 2, { from: left.from, to: right.to, bytes });
    return { rank, from: left.from, middle: left.to, to: right.to, result, bytes, others: parts.filter((_, i) => i !== at) };
  });
}
