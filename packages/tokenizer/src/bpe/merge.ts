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
  for (let at = 0; at + 1 < count; at++) ranks[at] = pairs.rankOf(symbols[at] as number, symbols[at + 1] as number);
  return mergeShort(symbols, count, pairs, undefined, 0, firsts);
}

/** The same for the bytes [start, end), whose tokens `symbols` holds. */
export function mergeBytes(text: Utf8Buffer, start: number, end: number, symbols: Int32Array, pairs: PairMemo, bytePairs: BytePairRanks): number {
  const count = end - start;
  const { bytes, view } = text;
  if (count > shortPiece) return mergeLong(symbols, count, pairs, { view, start });
  for (let at = start + 1; at < end; at++) ranks[at - start - 1] = bytePairs.rankOf(bytes[at - 1] as number, bytes[at] as number);
  return mergeShort(symbols, count, pairs, view, start);
}

/** Of the pair that each symbol begins; a symbol that was merged into the one before it begins none. */
const ranks = new Int32Array(shortPiece);
/** A linked list over places: a merge keeps the left place and drops the right one. */
const following = new Int32Array(shortPiece);
const previous = new Int32Array(shortPiece);

/** Where the text is at hand, each symbol is one byte of it before it merges, the first at `start`. */
function mergeShort(symbols: Int32Array, count: number, pairs: PairMemo, view?: DataView, start = 0, firsts?: Int32Array): number {
  for (let at = 0; at < count; at++) {
    following[at] = at + 1;
    previous[at] = at - 1;
  }
  if (count > 0) ranks[count - 1] = noRank;
  for (;;) {
    // Places that are gone are looked at too: that is quicker than to follow the list.
    let lowest = noRank;
    let at = 0;
    for (let place = 0; place < count; place++) {
      const rank = ranks[place] as number;
      if (rank < lowest) {
        lowest = rank;
        at = place;
      }
    }
    if (lowest === noRank) break;
    const symbol = pairs.merged(lowest);
    const right = following[at] as number;
    const beyond = following[right] as number;
    symbols[at] = symbol;
    following[at] = beyond;
    ranks[right] = noRank;
    if (beyond < count) {
      previous[beyond] = at;
      ranks[at] = pairs.rankOf(symbol, symbols[beyond] as number, view, start + at, (following[beyond] as number) - at);
    } else {
      ranks[at] = noRank;
    }
    const left = previous[at] as number;
    if (left >= 0) ranks[left] = pairs.rankOf(symbols[left] as number, symbol, view, start + left, beyond - left);
  }
  let kept = 0;
  for (let at = 0; at < count; at = following[at] as number) {
    if (firsts) firsts[kept] = at;
    symbols[kept++] = symbols[at] as number;
  }
  if (firsts) firsts[kept] = count;
  return kept;
}
