import { grown } from "./grown.ts";

/**
 * Pairs of symbols, numbered in the order in which they are first seen, with a count each. Pairs are never taken out. Symbols are below 2^23.
 * The pairs of the text as it is are found by hashing. A merge that makes a new token brings only new pairs, which stand together by that token:
 * they need no hashing, and the few that are asked for later, by a merge that makes an old token again, are looked up among those of the younger symbol.
 */
export class PairTable {
  size = 0;
  lefts: Int32Array;
  rights: Int32Array;
  counts: Float64Array;
  /** By left × 2^23 + right, of the pairs that are hashed. */
  readonly #hashed = new Map<number, number>();
  /** Symbols from here on are tokens of merges; by symbol, the first pair that came with it. */
  readonly #firstToken: number;
  readonly #firstPair: number[] = [];

  /** `symbols`: how many there are before the first merge; `expected`: about how many pairs there will be. */
  constructor(symbols: number, expected: number) {
    this.#firstToken = symbols;
    const capacity = Math.max(1 << 12, Math.min(expected, 1 << 22));
    this.lefts = new Int32Array(capacity);
    this.rights = new Int32Array(capacity);
    this.counts = new Float64Array(capacity);
  }

  /** The pairs that are added from now on belong to a new token, which has the next id. */
  beginToken(): void {
    this.#firstPair.push(this.size);
  }

  /** A pair that is certainly not here yet: with the newest token. */
  add(left: number, right: number): number {
    const pair = this.size++;
    if (pair === this.lefts.length) this.#grow();
    this.lefts[pair] = left;
    this.rights[pair] = right;
    return pair;
  }

  /** The number of any pair; a new one has the count 0. */
  of(left: number, right: number): number {
    const key = left * 0x800000 + right;
    const known = this.#hashed.get(key) ?? this.#amongTokens(left, right);
    if (known >= 0) return known;
    const pair = this.add(left, right);
    this.#hashed.set(key, pair);
    return pair;
  }

  #amongTokens(left: number, right: number): number {
    const token = Math.max(left, right) - this.#firstToken;
    if (token < 0) return -1;
    const end = this.#firstPair[token + 1] ?? this.size;
    for (let pair = this.#firstPair[token] as number; pair < end; pair++) if (this.lefts[pair] === left && this.rights[pair] === right) return pair;
    return -1;
  }

  #grow(): void {
    const capacity = 2 * this.lefts.length;
    this.lefts = grown(this.lefts, new Int32Array(capacity));
    this.rights = grown(this.rights, new Int32Array(capacity));
    this.counts = grown(this.counts, new Float64Array(capacity));
  }
}
