import { mergeLong } from "./merge-long.ts";
import { type BytePairRanks, noRank, type PairMemo } from "./pair-ranks.ts";
import type { Utf8Buffer } from "./utf8-buffer.ts";

/** Symbols up to this many are merged by looking for the lowest rank again each time; above, by a heap. */
export const shortPiece = 96;

/**
 * Byte pair encoding of one piece: merges the pair of lowest rank, the leftmost of equals, until none is left.
 * Works in place on `symbols[0 … count)` and returns how many symbols remain there; into `firsts`, where that is given, which of the symbols before each
 * of them begins with, and behind the last their number.
 * Time n² for short pieces, in proportion to n for long ones.
 */
export function mergeSymbols(symbols: Int32Array, count: number, pairs: PairMemo, firsts?: Int32Array): number {
  if (count > shortPiece) return mergeLong(symbols, count, pairs, undefined, firsts);
  for (let at = 0; at < count; at++) {
    if (at + 1 < count) ranks[at] = pairs.rankOf(symbols[at] as number, symbols[at + 1] as number);
    places[at] = at;
  }
  places[count] = count;
  const kept = mergeShort(symbols, count, pairs);
  if (firsts) for (let at = 0; at <= kept; at++) firsts[at] = places[at] as number;
  return kept;
}

/** The same for the bytes [start, end), whose tokens `symbols` holds. */
export function mergeBytes(text: Utf8Buffer, start: number, end: number, symbols: Int32Array, pairs: PairMemo, bytePairs: BytePairRanks): number {
  const count = end - start;
  const { bytes, view } = text;
  if (count > shortPiece) return mergeLong(symbols, count, pairs, { view, start });
  places[0] = start;
  for (let at = start + 1; at < end; at++) {
    ranks[at - start - 1] = bytePairs.rankOf(bytes[at - 1] as number, bytes[at] as number);
    places[at - start] = at;
  }
  places[count] = end;
  return mergeShort(symbols, count, pairs, view);
}

/** Of each symbol and the next. */
const ranks = new Int32Array(shortPiece);
/** Of each symbol where its text begins, and behind the last where it ends. */
const places = new Int32Array(shortPiece + 1);

/**
 * All pairs of the lowest rank are merged in one pass from left to right. That is the order of one merge at a time, as long as no new pair has a
 * lower rank yet: then the pass merges no more, and the search begins anew.
 */
function mergeShort(symbols: Int32Array, count: number, pairs: PairMemo, view?: DataView): number {
  let last = count - 1;
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
    let merging = true;
    let afterMerge = false;
    let to = place;
    for (let from = place; from <= last; ) {
      const merges = merging && from < last && ranks[from] === lowest;
      const symbol = merges ? merged : (symbols[from] as number);
      const start = places[from] as number;
      if (to > 0) {
        if (merges || afterMerge) {
          const before = places[to - 1] as number;
          // Were this pair to merge only now, the merged symbol before it would have met its left symbol first.
          if (merges && afterMerge && pairs.rankOf(merged, symbols[from] as number, view, before, (places[from + 1] as number) - before) < lowest) {
            merging = false;
            continue;
          }
          const rank = pairs.rankOf(symbols[to - 1] as number, symbol, view, before, (places[from + (merges ? 2 : 1)] as number) - before);
          ranks[to - 1] = rank;
          if (rank < lowest) merging = false;
        } else {
          ranks[to - 1] = ranks[from - 1] as number;
        }
      }
      places[to] = start;
      symbols[to++] = symbol;
      from += merges ? 2 : 1;
      afterMerge = merges;
    }
    places[to] = places[last + 1] as number;
    last = to - 1;
  }
  return last + 1;
}
