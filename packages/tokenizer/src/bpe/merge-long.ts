import { MergeWindow, type OnMerge, type SymbolBytes } from "./merge-window.ts";
import type { PairMemo } from "./pair-ranks.ts";

/** Symbols that are merged at a time: what merging touches stays in the processor's cache, however long the text. */
const windowSymbols = 1 << 11;
/** Symbols at the end of a window whose tokens may be others once what follows is known. */
const unsettled = 1 << 8;

const window = new MergeWindow();

/**
 * As `mergeSymbols`, for many: time in proportion to their number, as good as always.
 *
 * Two texts that stand side by side have the tokens of each by itself unless a merge crosses the place between them. Whether one does is decided by
 * the last token of the first and the first of the second alone: all other merges leave these two as they are, and come as they would without them.
 * So each window begins with the last token that the one before has settled. If it finds this token again, no merge crosses the place before it, and the
 * window's tokens are those of the whole. If not (no published vocabulary has shown it), the whole is merged at once.
 */
export function mergeLong(symbols: Int32Array, count: number, pairs: PairMemo, bytes?: SymbolBytes, firsts?: Int32Array): number {
  const given = count > windowSymbols ? symbols.slice(0, count) : symbols;
  let kept = 0;
  let size = windowSymbols;
  // The token that the next window must find again, and its symbols.
  let last = -1;
  let width = 0;
  for (let from = 0; from < count; ) {
    const to = Math.min(from + size, count);
    const found = window.merge(given, from, to, pairs, bytes);
    if (from > 0 && (window.symbols[0] !== last || window.firsts[1] !== width)) return mergeWhole(symbols, given, count, pairs, bytes, firsts);
    let settled = found;
    if (to < count) {
      while (settled > 0 && (window.firsts[settled] as number) > to - from - unsettled) settled--;
      if (settled < 2) {
        size *= 2;
        continue;
      }
      settled--;
    }
    for (let at = 0; at < settled; at++) {
      if (firsts) firsts[kept] = from + (window.firsts[at] as number);
      symbols[kept++] = window.symbols[at] as number;
    }
    if (to === count) break;
    last = window.symbols[settled] as number;
    width = (window.firsts[settled + 1] as number) - (window.firsts[settled] as number);
    from += window.firsts[settled] as number;
    size = windowSymbols;
  }
  if (firsts) firsts[kept] = count;
  return kept;
}

function mergeWhole(symbols: Int32Array, given: Int32Array, count: number, pairs: PairMemo, bytes?: SymbolBytes, firsts?: Int32Array): number {
  const kept = window.merge(given, 0, count, pairs, bytes);
  symbols.set(window.symbols.subarray(0, kept));
  firsts?.set(window.firsts.subarray(0, kept + 1));
  return kept;
}

/** All merges of the symbols one by one, as `onMerge` hears of them. */
export function mergeInOrder(symbols: Int32Array, pairs: PairMemo, onMerge: OnMerge): void {
  window.merge(symbols, 0, symbols.length, pairs, undefined, onMerge);
}
