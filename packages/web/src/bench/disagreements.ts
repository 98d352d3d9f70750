import type { PackedTokens } from "../api/tokenizers.ts";

/** Where two segmentations of one text differ: 1 for each token inside such a place, and how many places there are. */
export interface Disagreements {
  a: Uint8Array;
  b: Uint8Array;
  places: number;
}

type Ranges = Pick<PackedTokens, "starts" | "ends">;

/**
 * Walks both from one common border to the next; between two of them, both have one token that covers the same, or they disagree.
 * Tokens that share a character belong together. O(tokens of both).
 */
export function disagreementsOf(a: Ranges, b: Ranges): Disagreements {
  const out: Disagreements = { a: new Uint8Array(a.starts.length), b: new Uint8Array(b.starts.length), places: 0 };
  let i = 0;
  let j = 0;
  while (i < a.ends.length || j < b.ends.length) {
    const from = { i, j };
    let endA = -1;
    let endB = -1;
    do {
      if (endA <= endB && i < a.ends.length) {
        endA = Math.max(endA, a.ends[i] as number);
        i = groupEnd(a, i, endA);
        endA = Math.max(endA, a.ends[i - 1] as number);
      } else if (j < b.ends.length) {
        endB = Math.max(endB, b.ends[j] as number);
        j = groupEnd(b, j, endB);
        endB = Math.max(endB, b.ends[j - 1] as number);
      } else break;
    } while (endA !== endB);
    if (i - from.i === 1 && j - from.j === 1 && a.starts[from.i] === b.starts[from.j]) continue;
    out.a.fill(1, from.i, i);
    out.b.fill(1, from.j, j);
    out.places++;
  }
  return out;
}

/** Index after the tokens that begin before `end`, which token `first` reaches. */
function groupEnd({ starts, ends }: Ranges, first: number, end: number): number {
  let next = first + 1;
  let reach = end;
  while (next < starts.length && (starts[next] as number) < reach) {
    reach = Math.max(reach, ends[next] as number);
    next++;
  }
  return next;
}
