import { grown } from "./grown.ts";
import type { PairTable } from "./pair-table.ts";

/**
 * Candidates for the next merge: the pair with the highest count, of equals the one whose symbols have the lower ids, left before right.
 * Lazy: a candidate keeps the count that it had when it was put in, and finds its true place only when it comes up. A pair may stand here more than
 * once, with other places, if merges bring it up again.
 * source  the order is that of huggingface/tokenizers 0.23, models/bpe/trainer.rs
 */
export class MergeQueue {
  size = 0;
  readonly #pairs: PairTable;
  #counts = new Float64Array(1 << 12);
  /** Of equal counts the lower goes first: left × 2^23 + right. */
  #ties = new Float64Array(1 << 12);
  #pairOf = new Int32Array(1 << 12);
  #listOf = new Int32Array(1 << 12);

  constructor(pairs: PairTable) {
    this.#pairs = pairs;
  }

  /** `list` is where the pair's places begin. */
  push(pair: number, list: number): void {
    if (this.size === this.#counts.length) this.#grow();
    const count = this.#pairs.counts[pair] as number;
    const tie = (this.#pairs.lefts[pair] as number) * 0x800000 + (this.#pairs.rights[pair] as number);
    const counts = this.#counts;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const other = counts[parent] as number;
      if (count < other || (count === other && tie >= (this.#ties[parent] as number))) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, count, tie, pair, list);
  }

  /** Brings the candidate with the truly highest count to the top; false where none is left. */
  settle(): boolean {
    while (this.size > 0) {
      const pair = this.#pairOf[0] as number;
      const count = this.#pairs.counts[pair] as number;
      if (count === this.#counts[0]) return true;
      this.#sink(count, this.#ties[0] as number, pair, this.#listOf[0] as number);
    }
    return false;
  }

  get topPair(): number {
    return this.#pairOf[0] as number;
  }

  /** Takes the top out, and gives its list of places. */
  pop(): number {
    const list = this.#listOf[0] as number;
    const last = --this.size;
    if (last > 0) this.#sink(this.#counts[last] as number, this.#ties[last] as number, this.#pairOf[last] as number, this.#listOf[last] as number);
    return list;
  }

  /** From the top down, four children to a parent. */
  #sink(count: number, tie: number, pair: number, list: number): void {
    const counts = this.#counts;
    const ties = this.#ties;
    const { size } = this;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      const end = Math.min(first + 4, size);
      let best = first;
      let bestCount = counts[first] as number;
      for (let child = first + 1; child < end; child++) {
        const childCount = counts[child] as number;
        if (childCount < bestCount || (childCount === bestCount && (ties[child] as number) >= (ties[best] as number))) continue;
        best = child;
        bestCount = childCount;
      }
      if (bestCount < count || (bestCount === count && (ties[best] as number) >= tie)) break;
      this.#move(best, at);
      at = best;
    }
    this.#put(at, count, tie, pair, list);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#counts[from] as number, this.#ties[from] as number, this.#pairOf[from] as number, this.#listOf[from] as number);
  }

  #put(at: number, count: number, tie: number, pair: number, list: number): void {
    this.#counts[at] = count;
    this.#ties[at] = tie;
    this.#pairOf[at] = pair;
    this.#listOf[at] = list;
  }

  #grow(): void {
    const capacity = 2 * this.#counts.length;
    this.#counts = grown(this.#counts, new Float64Array(capacity));
    this.#ties = grown(this.#ties, new Float64Array(capacity));
    this.#pairOf = grown(this.#pairOf, new Int32Array(capacity));
    this.#listOf = grown(this.#listOf, new Int32Array(capacity));
  }
}
