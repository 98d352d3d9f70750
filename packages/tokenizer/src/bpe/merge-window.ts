import { MinHeap } from "./min-heap.ts";
import { noRank, type PairMemo } from "./pair-ranks.ts";

/** Where the bytes of symbols are, each of which is one byte before it merges: the first at `start`. */
export interface SymbolBytes {
  view: DataView;
  start: number;
}

/** Hears of each merge before it is made: of the symbols at the places `at` and `right`. */
export type OnMerge = (rank: number, at: number, right: number, symbols: Int32Array) => void;

/** A heap entry is one exact number: rank × 2³² + place, so that the smallest is the lowest rank and of equals the leftmost. */
const placeLimit = 2 ** 32;
/** Room for more symbols than this is given back. */
const keptRoom = 1 << 14;

/** Byte pair encoding of some symbols by a heap, in memory that is used again. Time n log n. */
export class MergeWindow {
  /** Those that are left after `merge`, and which of the given ones each begins with; behind the last, the number of those given. */
  symbols = new Int32Array(0);
  firsts = new Int32Array(1);
  /** A linked list over places: a merge keeps the left place and drops the right one. */
  #following = new Int32Array(0);
  #previous = new Int32Array(0);
  #rankAt = new Int32Array(0);
  #heap = new MinHeap(0);

  /** Merges the symbols [from, to) of `given`, and returns how many are left. `bytes` are those of `given` from its beginning. */
  merge(given: Int32Array, from: number, to: number, pairs: PairMemo, bytes?: SymbolBytes, onMerge?: OnMerge): number {
    const count = to - from;
    this.#reserve(count);
    const symbols = this.symbols;
    const following = this.#following;
    const previous = this.#previous;
    const rankAt = this.#rankAt;
    const heap = this.#heap;
    const view = bytes?.view;
    const start = (bytes?.start ?? 0) + from;
    for (let at = 0; at < count; at++) symbols[at] = given[from + at] as number;
    heap.size = 0;
    for (let at = 0; at < count; at++) {
      following[at] = at + 1;
      previous[at] = at - 1;
      const rank = at + 1 < count ? pairs.rankOf(symbols[at] as number, symbols[at + 1] as number, view, start + at, 2) : noRank;
      rankAt[at] = rank;
      if (rank !== noRank) heap.append(rank * placeLimit + at);
    }
    heap.order();
    while (heap.size > 0) {
      const entry = heap.pop();
      const rank = Math.floor(entry / placeLimit);
      const at = entry - rank * placeLimit;
      // Entries of pairs that have changed since stay in the heap and no longer agree.
      if (rankAt[at] !== rank) continue;
      const right = following[at] as number;
      const beyond = following[right] as number;
      onMerge?.(rank, at, right, symbols);
      const symbol = pairs.merged(rank);
      symbols[at] = symbol;
      rankAt[right] = noRank;
      following[at] = beyond;
      let changed = noRank;
      if (beyond < count) {
        previous[beyond] = at;
        changed = pairs.rankOf(symbol, symbols[beyond] as number, view, start + at, (following[beyond] as number) - at);
        if (changed !== noRank) heap.push(changed * placeLimit + at);
      }
      rankAt[at] = changed;
      const left = previous[at] as number;
      if (left < 0) continue;
      changed = pairs.rankOf(symbols[left] as number, symbol, view, start + left, beyond - left);
      rankAt[left] = changed;
      if (changed !== noRank) heap.push(changed * placeLimit + left);
    }
    let left = 0;
    for (let at = 0; at < count; at = following[at] as number) {
      this.firsts[left] = at;
      symbols[left++] = symbols[at] as number;
    }
    this.firsts[left] = count;
    return left;
  }

  #reserve(count: number): void {
    const room = this.symbols.length;
    if (count <= room && (room <= keptRoom || count > keptRoom)) return;
    const size = count > keptRoom ? count : Math.min(keptRoom, 2 * count);
    this.symbols = new Int32Array(size);
    this.firsts = new Int32Array(size + 1);
    this.#following = new Int32Array(size);
    this.#previous = new Int32Array(size);
    this.#rankAt = new Int32Array(size);
    this.#heap = new MinHeap(2 * size);
  }
}
