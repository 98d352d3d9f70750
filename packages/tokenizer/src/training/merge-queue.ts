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
  #pairOf = new Int32Array(1 << 12);
  #listOf = new Int32Array(1 << 12);

  constructor(pairs: PairTable) {
    this.#pairs = pairs;
  }

  /** `list` is where the pair's places begin. */
  push(pair: number, list: number): void {
    if (this.size === this.#counts.length) this.#grow();
    const count = this.#pairs.counts[pair] as number;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (!this.#before(count, pair, this.#counts[parent] as number, this.#pairOf[parent] as number)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, count, pair, list);
  }

  /** Brings the candidate with the truly highest count to the top; false where none is left. */
  settle(): boolean {
    while (this.size > 0) {
      const pair = this.#pairOf[0] as number;
      const count = this.#pairs.counts[pair] as number;
      if (count === this.#counts[0]) return true;
      this.#sink(count, pair, this.#listOf[0] as number);
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
    if (last > 0) this.#sink(this.#counts[last] as number, this.#pairOf[last] as number, this.#listOf[last] as number);
    return list;
  }

  /** From the top down, four children to a parent. */
  #sink(count: number, pair: number, list: number): void {
    const counts = this.#counts;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= this.size) break;
      const end = Math.min(first + 4, this.size);
      let best = first;
      for (let child = first + 1; child < end; child++) {
        if (this.#before(counts[child] as number, this.#pairOf[child] as number, counts[best] as number, this.#pairOf[best] as number)) best = child;
      }
      if (!this.#before(counts[best] as number, this.#pairOf[best] as number, count, pair)) break;
      this.#move(best, at);
      at = best;
    }
    this.#put(at, count, pair, list);
  }

  #before(count: number, pair: number, otherCount: number, otherPair: number): boolean {
    if (count !== otherCount) return count > otherCount;
    const { lefts, rights } = this.#pairs;
    const left = lefts[pair] as number;
    const otherLeft = lefts[otherPair] as number;
    return left !== otherLeft ? left < otherLeft : (rights[pair] as number) < (rights[otherPair] as number);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#counts[from] as number, this.#pairOf[from] as number, this.#listOf[from] as number);
  }

  #put(at: number, count: number, pair: number, list: number): void {
    this.#counts[at] = count;
    this.#pairOf[at] = pair;
    this.#listOf[at] = list;
  }

  #grow(): void {
    const capacity = 2 * this.#counts.length;
    const counts = new Float64Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
    const pairOf = new Int32Array(capacity);
    pairOf.set(this.#pairOf);
    this.#pairOf = pairOf;
    const listOf = new Int32Array(capacity);
    listOf.set(this.#listOf);
    this.#listOf = listOf;
  }
}
