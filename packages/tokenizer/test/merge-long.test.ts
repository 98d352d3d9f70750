import { seededRandom } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { mergeSymbols } from "../src/bpe/merge.ts";
import { mergeInOrder } from "../src/bpe/merge-long.ts";
import { PairMemo, rulesOfMerges } from "../src/bpe/pair-ranks.ts";

/** Many symbols are merged window by window: the same tokens, at the same places, as when each merge is the best of all. */

interface Merge {
  left: number;
  right: number;
  made: number;
}

const memoOf = (merges: readonly Merge[]) =>
  new PairMemo(
    rulesOfMerges(
      Int32Array.from(merges, ({ left }) => left),
      Int32Array.from(merges, ({ right }) => right),
      Int32Array.from(merges, ({ made }) => made),
    ),
  );

interface Tokens {
  ids: number[];
  firsts: number[];
}

function atOnce(symbols: Int32Array, pairs: PairMemo): Tokens {
  const ids = new Map([...symbols].map((id, at) => [at, id]));
  mergeInOrder(symbols, pairs, (rank, at, right) => {
    ids.set(at, pairs.merged(rank));
    ids.delete(right);
  });
  return { ids: [...ids.values()], firsts: [...ids.keys(), symbols.length] };
}

function inWindows(symbols: Int32Array, pairs: PairMemo): Tokens {
  const merged = symbols.slice();
  const firsts = new Int32Array(symbols.length + 1);
  const count = mergeSymbols(merged, symbols.length, pairs, firsts);
  return { ids: [...merged.subarray(0, count)], firsts: [...firsts.subarray(0, count + 1)] };
}

/** Over three letters: dense in overlaps and in runs, where orders differ. Later merges may come before those that make their parts. */
function randomMerges(seed: number, count: number): Merge[] {
  const random = seededRandom(seed);
  const merges = Array.from({ length: count }, (_, made): Merge => {
    const below = 3 + made;
    return { left: Math.floor(random() * below), right: Math.floor(random() * below), made: below };
  });
  return seed % 2 === 0 ? merges : merges.toSorted(() => random() - 0.5);
}

function randomSymbols(seed: number, length: number): Int32Array {
  const random = seededRandom(seed);
  const period = Array.from({ length: 1 + Math.floor(random() * 9) }, () => Math.floor(random() * 3));
  const isPeriodic = seed % 3 === 0;
  return Int32Array.from({ length }, (_, at) => (isPeriodic ? (period[at % period.length] as number) : Math.floor(random() * 3)));
}

describe.each([10, 60, 500])("%i random merges", (count) => {
  test.each([97, 2047, 2048, 2049, 3000, 9000])("%i symbols", (length) => {
    for (let seed = 1; seed <= 6; seed++) {
      const pairs = memoOf(randomMerges(seed, count));
      const symbols = randomSymbols(seed, length);
      expect(inWindows(symbols, pairs)).toEqual(atOnce(symbols, pairs));
    }
  });
});

test("a token that is longer than a window", () => {
  const merges = Array.from({ length: 13 }, (_, made) => ({ left: made, right: made, made: made + 1 }));
  const pairs = memoOf(merges);
  for (const length of [8191, 8192, 50_000]) {
    const symbols = new Int32Array(length);
    expect(inWindows(symbols, pairs)).toEqual(atOnce(symbols, pairs));
  }
});

test("where the last symbol decides about the first", () => {
  // Each pair merges before the one to its left: whether the number of symbols is odd decides which ones merge.
  for (const length of [5000, 5001]) {
    const symbols = Int32Array.from({ length }, (_, at) => at);
    const merges = Array.from({ length: length - 1 }, (_, at) => ({ left: at, right: at + 1, made: length + at }));
    const pairs = memoOf(merges.toReversed());
    const tokens = inWindows(symbols, pairs);
    expect(tokens).toEqual(atOnce(symbols, pairs));
    expect(tokens.firsts[1]).toBe(length % 2 === 0 ? 2 : 1);
  }
});
