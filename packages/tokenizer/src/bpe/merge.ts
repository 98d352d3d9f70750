import { MinHeap } from "./min-heap.ts";
import { noRank, type PairMemo } from "./pair-ranks.ts";

/** Symbols up to this many are merged by looking for the smallest rank again each time; above, by a heap. */
const shortPiece = 96;

/**
 * Byte pair encoding of one piece: merges the pair of lowest rank, the leftmost of equals, until none is left.
 * Works in place on `symbols[0 … count)` and returns how many symbols remain there.
 * Time n² for short pieces, n log n for long ones.
 */
export function mergeSymbols(symbols: Int32Array, count: number, pairs: PairMemo): number {
  return count <= shortPiece ? mergeShort(symbols, count, pairs) : mergeLong(symbols, count, pairs);
}

const ranks = new Int32Array(shortPiece);

function mergeShort(symbols: Int32Array, count: number, pairs: PairMemo): number {
  let last = count - 1;
  for (let at = 0; at < last; at++) ranks[at] = pairs.rankOf(symbols[at] as number, symbols[at + 1] as number);
  while (last > 0) {
    let lowest = noRank;
    let place = 0;
    for (let at = 0; at < last; at++) {
      const rank = ranks[at] as number;
      if (rank < lowest) {
        lowest = rank;
        place = at;
      }
    }
    if (lowest === noRank) break;
    const merged = pairs.merged(lowest);
    symbols[place] = merged;
    for (let at = place + 1; at < last; at++) {
      symbols[at] = symbols[at + 1] as number;
      ranks[at] = ranks[at + 1] as number;
    }
    last--;
    if (place > 0) ranks[place - 1] = pairs.rankOf(symbols[place - 1] as number, merged);
    if (place < last) ranks[place] = pairs.rankOf(merged, symbols[place + 1] as number);
  }
  return last + 1;
}

/** A heap entry is one exact number: rank × 2³² + place, so that the smallest is the lowest rank and of equals the leftmost. */
const placeLimit = 2 ** 32;

/** As `mergeSymbols`, always by the heap. `onMerge` hears of each merge before it is made: of the symbols at the places `at` and `right`. */
export function mergeLong(symbols: Int32Array, count: number, pairs: PairMemo, onMerge?: (rank: number, at: number, right: number) => void): number {
  // A linked list over places: a merge keeps the left place and drops the right one.
  const following = new Int32Array(count);
  const previous = new Int32Array(count);
  const rankAt = new Int32Array(count);
  const heap = new MinHeap(count);
  for (let at = 0; at < count; at++) {
    following[at] = at + 1;
    previous[at] = at - 1;
    const rank = at + 1 < count ? pairs.rankOf(symbols[at] as number, symbols[at + 1] as number) : noRank;
    rankAt[at] = rank;
    if (rank !== noRank) heap.append(rank * placeLimit + at);
  }
  heap.order();

  const pairChanged = (at: number) => {
    const right = following[at] as number;
    const rank = right < count ? pairs.rankOf(symbols[at] as number, symbols[right] as number) : noRank;
    rankAt[at] = rank;
    if (rank !== noRank) heap.push(rank * placeLimit + at);
  };

  while (heap.size > 0) {
    const entry = heap.pop();
    const rank = Math.floor(entry / placeLimit);
    const at = entry - rank * placeLimit;
    // Entries of pairs that have changed since stay in the heap and no longer agree.
    if (rankAt[at] !== rank) continue;
    const right = following[at] as number;
    const beyond = following[right] as number;
    onMerge?.(rank, at, right);
    symbols[at] = pairs.merged(rank);
    rankAt[right] = noRank;
    following[at] = beyond;
    if (beyond < count) previous[beyond] = at;
    pairChanged(at);
    const left = previous[at] as number;
    if (left >= 0) pairChanged(left);
  }

  let kept = 0;
  for (let at = 0; at < count; at = following[at] as number) symbols[kept++] = symbols[at] as number;
  return kept;
}
