import { ProbeLimit } from "./probe-limit.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The rank of a pair that does not merge: above every real one. */
export const noRank = 0x7fff_ffff;

/** What merging a pair of tokens gives: how early it happens (lower first), and the token it makes. */
export interface PairRules {
  /** `noRank` where the pair does not merge. */
  rankOf(left: number, right: number): number;
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

const memoBits = 18;

/** Remembers the pairs seen last: most text uses few of them again and again. */
export class PairMemo {
  readonly #rules: PairRules;
  /** Four words a slot: left + 1, right, rank, unused. */
  readonly #slots = new Int32Array(4 << memoBits);

  constructor(rules: PairRules) {
    this.#rules = rules;
  }

  rankOf(left: number, right: number): number {
    const slots = this.#slots;
    const slot = (pairHash(left, right) & ((1 << memoBits) - 1)) << 2;
    if (slots[slot] === left + 1 && slots[slot + 1] === right) return slots[slot + 2] as number;
    const rank = this.#rules.rankOf(left, right);
    slots[slot] = left + 1;
    slots[slot + 1] = right;
    slots[slot + 2] = rank;
    return rank;
  }

  merged(rank: number): number {
    return this.#rules.merged(rank);
  }
}

function pairHash(left: number, right: number): number {
  const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
