import { ProbeLimit } from "./probe-limit.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The rank of a pair that does not merge: above every real one. */
export const noRank = 0x7fff_ffff;

/** What merging a pair of tokens gives: how early it happens (lower first), and the token it makes. */
export interface PairRules {
  /** `noRank` where the pair does not merge. */
  rankOf(left: number, right: number): number;
  /** The same where the text of both is at hand: `length` bytes at `start`. */
  rankInText?(view: DataView, start: number, length: number): number;
  /** The token that the merge of this rank makes. */
  merged(rank: number): number;
}

/** tiktoken's rule: two tokens merge if their bytes together are a token, and its id is the rank. */
export function rulesOfRanks(vocabulary: Vocabulary): PairRules {
  return {
    rankOf(left, right) {
      const id = vocabulary.findJoined(left, right);
      return id < 0 ? noRank : id;
    },
    rankInText(view, start, length) {
      const id = vocabulary.find(view, start, length);
      return id < 0 ? noRank : id;
    },
    merged: (rank) => rank,
  };
}

/** A merge list: `left[i]` and `right[i]` become `made[i]`, earlier entries first; of a pair that is listed twice the last entry counts. */
export function rulesOfMerges(left: Int32Array, right: Int32Array, made: Int32Array): PairRules {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, left.length * 2))));
  const mask = slots.length - 1;
  const slotOf = (a: number, b: number, limit?: ProbeLimit): number => {
    let slot = pairHash(a, b) & mask;
    for (;;) {
      const rank = (slots[slot] as number) - 1;
      if (rank < 0 || (left[rank] === a && right[rank] === b)) return slot;
      slot = (slot + 1) & mask;
      limit?.probe();
    }
  };
  const limit = new ProbeLimit(left.length);
  for (let rank = 0; rank < left.length; rank++) slots[slotOf(left[rank] as number, right[rank] as number, limit)] = rank + 1;
  return {
    rankOf(a, b) {
      const rank = (slots[slotOf(a, b)] as number) - 1;
      return rank < 0 ? noRank : rank;
    },
    merged: (rank) => made[rank] as number,
  };
}

const memoBits = 16;
const memoMask = (1 << memoBits) - 1;

/** Remembers the pairs seen last: most text uses few of them again and again. */
export class PairMemo {
  readonly #rules: PairRules;
  /**
   * Two words a slot: the pair's tag, and its rank with all bits flipped, so that 0 is a free slot. The tag holds `right` and the low 9 bits of
   * `left`; with the slot, which holds the others, it is the pair. Ids have up to 23 bits.
   */
  readonly #slots = new Int32Array(2 << memoBits);

  constructor(rules: PairRules) {
    this.#rules = rules;
  }

  /** The text of both, `length` bytes at `start` of `view`, saves a look at what their bytes are. */
  rankOf(left: number, right: number, view?: DataView, start = 0, length = 0): number {
    const slots = this.#slots;
    const tag = (right << 9) | (left & 0x1ff);
    const slot = (((Math.imul(tag, 0x9e3779b1) >>> (32 - memoBits)) ^ (left >>> 9)) & memoMask) << 1;
    if (slots[slot] === tag && slots[slot + 1] !== 0) return ~(slots[slot + 1] as number);
    const rank = view && this.#rules.rankInText ? this.#rules.rankInText(view, start, length) : this.#rules.rankOf(left, right);
    slots[slot] = tag;
    slots[slot + 1] = ~rank;
    return rank;
  }

  merged(rank: number): number {
    return this.#rules.merged(rank);
  }

  /** Whether tokens merge by their text alone: `rulesOfRanks`. */
  get isByText(): boolean {
    return this.#rules.rankInText !== undefined;
  }
}

/** The ranks of pairs of bytes, with which every merge begins: by the two bytes, found when first asked for. */
export class BytePairRanks {
  readonly #pairs: PairMemo;
  readonly #byteIds: Int32Array;
  /** Flipped, so that 0 is one that is not known yet. */
  readonly #ranks = new Int32Array(1 << 16);

  constructor(pairs: PairMemo, byteIds: Int32Array) {
    this.#pairs = pairs;
    this.#byteIds = byteIds;
  }

  /** Both bytes must have tokens. */
  rankOf(left: number, right: number): number {
    const known = this.#ranks[(left << 8) | right] as number;
    if (known !== 0) return ~known;
    const rank = this.#pairs.rankOf(this.#byteIds[left] as number, this.#byteIds[right] as number);
    this.#ranks[(left << 8) | right] = ~rank;
    return rank;
  }
}

function pairHash(left: number, right: number): number {
  const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
