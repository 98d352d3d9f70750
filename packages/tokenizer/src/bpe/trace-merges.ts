import type { TokenId, TokenSearch, TraceMerge, TraceSymbol } from "@cutaway/core";
import type { BytePairModel } from "./byte-pair-encoder.ts";
import { mergeInOrder } from "./merge-long.ts";
import type { PairMemo } from "./pair-ranks.ts";
import type { Utf8Buffer } from "./utf8-buffer.ts";

/** How the piece [start, end) of `text` becomes tokens: every merge in the order in which it is made. Time n log n. */
export function traceMerges(model: BytePairModel, text: Utf8Buffer, start: number, end: number): TokenSearch {
  if (model.wholePieces && model.vocabulary.find(text.view, start, end - start) >= 0) {
    return { by: "whole-piece" };
  }
  const symbols: TraceSymbol[] = [];
  const merges: TraceMerge[] = [];
  // Runs of bytes that have tokens merge; what stands for the others stays as it is between them.
  let run: number[] = [];
  let firstOfRun = 0;
  let settled = 0;
  const endRun = () => {
    const made = mergesOf(model.pairs, run, firstOfRun - settled);
    merges.push(...made);
    settled += made.length;
    run = [];
  };
  for (let at = start; at < end; at++) {
    const id = model.byteIds[text.bytes[at] as number] as number;
    if (id < 0) {
      if (!model.unknown) continue;
      endRun();
      const from = at;
      while (model.unknown.fuse && at + 1 < end && model.byteIds[text.bytes[at + 1] as number] === -1) at++;
      symbols.push({ id: model.unknown.id as TokenId, bytes: text.bytes.slice(from, at + 1) });
      continue;
    }
    if (run.length === 0) firstOfRun = symbols.length;
    run.push(id);
    symbols.push({ id: id as TokenId, bytes: text.bytes.slice(at, at + 1) });
  }
  endRun();
  return { by: "merges", symbols, merges };
}

/** The merges of one run of symbols, of which the first stands at `offset` in the list of all. */
export function mergesOf(pairs: PairMemo, run: ArrayLike<number>, offset: number): TraceMerge[] {
  const merges: TraceMerge[] = [];
  const gone = new PrefixCounts(run.length);
  mergeInOrder(Int32Array.from(run), pairs, (rank, at, right, symbols) => {
    const [leftId, rightId] = [symbols[at] as TokenId, symbols[right] as TokenId];
    merges.push({ rank, at: offset + at - gone.before(at), left: leftId, right: rightId, result: pairs.merged(rank) as TokenId });
    gone.add(right);
  });
  return merges;
}

/** How many places before a given one have been counted; a Fenwick tree. */
export class PrefixCounts {
  readonly #sums: Int32Array;

  constructor(places: number) {
    this.#sums = new Int32Array(places + 1);
  }

  add(place: number): void {
    for (let at = place + 1; at < this.#sums.length; at += at & -at) this.#sums[at] = (this.#sums[at] as number) + 1;
  }

  before(place: number): number {
    let sum = 0;
    for (let at = place; at > 0; at -= at & -at) sum += this.#sums[at] as number;
    return sum;
  }
}
