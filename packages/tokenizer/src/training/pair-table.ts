/**
 * Pairs of symbols, numbered in the order in which they are first seen, with a count each. Open addressing; pairs are never taken out.
 * Symbols are below 2^23.
 */
export class PairTable {
  size = 0;
  lefts: Int32Array;
  rights: Int32Array;
  counts: Float64Array;
  /** Three words an entry: left + 1 (0 is free), right, the pair's number; one word is spare. */
  #entries: Int32Array;
  #mask: number;

  /** `expected`: about how many pairs there will be. */
  constructor(expected: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(1 << 12, Math.min(expected, 1 << 20))));
    this.lefts = new Int32Array(capacity);
    this.rights = new Int32Array(capacity);
    this.counts = new Float64Array(capacity);
    this.#entries = new Int32Array(8 * capacity);
    this.#mask = 2 * capacity - 1;
  }

  /** The number of a pair; a new one has the count 0. */
  of(left: number, right: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    for (let slot = hashPair(left, right) & mask; ; slot = (slot + 1) & mask) {
      const entry = slot << 2;
      const found = entries[entry] as number;
      if (found === left + 1 && entries[entry + 1] === right) return entries[entry + 2] as number;
      if (found === 0) return this.#append(entry, left, right);
    }
  }

  /** The number of a pair that is certainly not here yet. */
  add(left: number, right: number): number {
    let slot = hashPair(left, right) & this.#mask;
    while (this.#entries[slot << 2] !== 0) slot = (slot + 1) & this.#mask;
    return this.#append(slot << 2, left, right);
  }

  #append(entry: number, left: number, right: number): number {
    const pair = this.size++;
    if (pair === this.lefts.length) {
      this.lefts = grown(this.lefts, new Int32Array(2 * pair));
      this.rights = grown(this.rights, new Int32Array(2 * pair));
      this.counts = grown(this.counts, new Float64Array(2 * pair));
    }
    this.lefts[pair] = left;
    this.rights[pair] = right;
    this.#entries[entry] = left + 1;
    this.#entries[entry + 1] = right;
    this.#entries[entry + 2] = pair;
    if (2 * this.size > this.#mask) this.#grow();
    return pair;
  }

  #grow(): void {
    const capacity = 2 * (this.#mask + 1);
    const entries = new Int32Array(4 * capacity);
    const mask = capacity - 1;
    for (let pair = 0; pair < this.size; pair++) {
      const left = this.lefts[pair] as number;
      const right = this.rights[pair] as number;
      let slot = hashPair(left, right) & mask;
      while (entries[slot << 2] !== 0) slot = (slot + 1) & mask;
      entries[slot << 2] = left + 1;
      entries[(slot << 2) + 1] = right;
      entries[(slot << 2) + 2] = pair;
    }
    this.#entries = entries;
    this.#mask = mask;
  }
}

function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left ^ Math.imul(right, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function grown<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
