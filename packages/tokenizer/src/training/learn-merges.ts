import { MergeQueue } from "./merge-queue.ts";
import { PairPlaces } from "./pair-places.ts";
import { PairTable } from "./pair-table.ts";
import type { Segments } from "./segments.ts";
import type { Steps } from "./steps.ts";

export interface MergeRules {
  /** Merging ends when the vocabulary has this many tokens. */
  vocabSize: number;
  /** A pair that occurs less often is not merged. */
  minFrequency: number;
  /** Tokens of merges have fewer characters than this; two single characters may always merge. */
  maxTokenLength: number;
  /** What a token that continues a word begins with (`##`); it does not count as part of what the token says. */
  continuationPrefix: string;
}

/** A merge in the order in which it was made. */
export interface LearnedMerge {
  left: number;
  right: number;
  /** Tokens of the vocabulary after it: the merge may make a token that another merge has made before. */
  size: number;
}

/**
 * Learns merges: again and again the most frequent pair of neighbouring symbols becomes one. Only places where the pair stands are looked at.
 * `tokens` is the vocabulary so far by id, each once; the tokens of the merges are added to it.
 * source  Sennrich, Haddow & Birch 2016, "Neural Machine Translation of Rare Words with Subword Units", arXiv 1508.07909, section 3.2; the order of
 * merges, how overlapping pairs ("aaa") count, and what becomes of a pair that comes up twice are those of huggingface/tokenizers 0.23.
 */
export function* learnMerges(segments: Segments, tokens: string[], rules: MergeRules): Steps<LearnedMerge[]> {
  const { vocabSize, minFrequency, maxTokenLength, continuationPrefix } = rules;
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const lengths = tokens.map((token) => [...joined("", token, continuationPrefix)].length);
  const merges: LearnedMerge[] = [];
  const pairs = new PairTable(segments.symbols.length >> 1);
  const queue = new MergeQueue(pairs);
  const merger = new Merger(segments, pairs, queue, Math.max(vocabSize, tokens.length));
  merger.countPairs();
  while (tokens.length < vocabSize && queue.settle()) {
    const pair = queue.topPair;
    const count = pairs.counts[pair] as number;
    if (count < 1 || count < minFrequency) break;
    const left = pairs.lefts[pair] as number;
    const right = pairs.rights[pair] as number;
    const token = joined(tokens[left] as string, tokens[right] as string, continuationPrefix);
    let id = idOf.get(token);
    const isNew = id === undefined;
    if (id === undefined) {
      id = tokens.push(token) - 1;
      idOf.set(token, id);
      lengths.push((lengths[left] as number) + (lengths[right] as number));
    }
    merges.push({ left, right, size: tokens.length });
    merger.merge(pair, id, isNew, lengths, maxTokenLength);
    if ((merges.length & 0x3f) === 0) yield { phase: "merge", done: tokens.length, of: vocabSize };
  }
  return merges;
}

function joined(left: string, right: string, prefix: string): string {
  return left + (prefix !== "" && right.startsWith(prefix) ? right.slice(prefix.length) : right);
}

/** Keeps the pairs' counts and places while segments change. */
class Merger {
  readonly #segments: Segments;
  readonly #pairs: PairTable;
  readonly #queue: MergeQueue;
  readonly #places: PairPlaces;
  /** The number of the pair that each symbol makes with the one behind it; -1: there is none, or its token would be too long. */
  readonly #pairAt: Int32Array;
  /** In this merge, by the other symbol: the pair with the merge's token on its right, and on its left. Below `#firstPair` they are of merges before. */
  readonly #withRight: Int32Array;
  readonly #withLeft: Int32Array;
  #firstPair = 0;
  #isNew = false;

  constructor(segments: Segments, pairs: PairTable, queue: MergeQueue, vocabSize: number) {
    this.#segments = segments;
    this.#pairs = pairs;
    this.#queue = queue;
    this.#places = new PairPlaces(pairs, queue);
    this.#pairAt = new Int32Array(segments.symbols.length).fill(-1);
    this.#withRight = new Int32Array(vocabSize).fill(-1);
    this.#withLeft = new Int32Array(vocabSize).fill(-1);
  }

  countPairs(): void {
    const { symbols, starts, lengths, weights } = this.#segments;
    for (let segment = 0; segment < this.#segments.size; segment++) {
      const start = starts[segment] as number;
      const last = start + (lengths[segment] as number) - 1;
      const weight = weights[segment] as number;
      for (let at = start; at <= last; at++) {
        const beyond = at < last ? (symbols[at + 1] as number) : this.#segments.symbolAfter(segment);
        if (beyond < 0) continue;
        const pair = this.#pairs.of(symbols[at] as number, beyond);
        this.#places.arise(pair, weight, segment);
        this.#pairAt[at] = pair;
      }
    }
    this.#places.flush();
  }

  /** Takes the top of the queue, and makes `id` of its two symbols wherever they stand. `isNew`: no pair with `id` is known yet. */
  merge(pair: number, id: number, isNew: boolean, lengthOf: readonly number[], maxLength: number): void {
    this.#firstPair = this.#pairs.size;
    this.#isNew = isNew;
    for (let node = this.#queue.pop(); node >= 0; node = this.#places.takeNext(node)) {
      this.#mergeIn(this.#places.placeAt(node), pair, id, lengthOf, maxLength);
    }
    this.#places.flush();
  }

  #mergeIn(segment: number, pair: number, id: number, lengthOf: readonly number[], maxLength: number): void {
    const segments = this.#segments;
    const { symbols } = segments;
    const pairAt = this.#pairAt;
    const start = segments.starts[segment] as number;
    const end = start + (segments.lengths[segment] as number);
    let from = start;
    while (from < end && pairAt[from] !== pair) from++;
    if (from === end) return;
    const weight = segments.weights[segment] as number;
    let to = from;
    while (from < end) {
      const here = pairAt[from] as number;
      if (here !== pair) {
        symbols[to] = symbols[from] as number;
        pairAt[to++] = here;
        from++;
        continue;
      }
      let rightAt = from + 1;
      if (rightAt === end) {
        rightAt = segments.starts[segments.after[segment] as number] as number;
        segments.takeSymbolAfter(segment);
      }
      from += 2;
      const inside = to > start;
      const previousAt = inside ? to - 1 : segments.placeBefore(segment);
      if (previousAt >= 0) {
        const previous = symbols[previousAt] as number;
        this.#places.vanish(pairAt[previousAt] as number, weight);
        const fits = (lengthOf[previous] as number) + (lengthOf[id] as number) < maxLength;
        const before = fits ? this.#pairBefore(previous, id) : -1;
        if (fits) this.#places.arise(before, weight, inside ? segment : (segments.before[segment] as number));
        pairAt[previousAt] = before;
      }
      const beyond = from < end ? (symbols[from] as number) : segments.symbolAfter(segment);
      let behind = -1;
      if (beyond >= 0) {
        this.#places.vanish(pairAt[rightAt] as number, weight);
        if ((lengthOf[beyond] as number) + (lengthOf[id] as number) < maxLength) {
          behind = this.#pairBehind(id, beyond);
          this.#places.arise(behind, weight, segment);
        }
      }
      symbols[to] = id;
      pairAt[to++] = behind;
    }
    segments.lengths[segment] = to - start;
  }

  #pairBefore(previous: number, id: number): number {
    if (previous === id) return this.#pairBehind(id, id);
    const known = this.#withRight[previous] as number;
    if (known >= this.#firstPair) return known;
    const pair = this.#isNew ? this.#pairs.add(previous, id) : this.#pairs.of(previous, id);
    this.#withRight[previous] = pair;
    return pair;
  }

  #pairBehind(id: number, beyond: number): number {
    const known = this.#withLeft[beyond] as number;
    if (known >= this.#firstPair) return known;
    const pair = this.#isNew ? this.#pairs.add(id, beyond) : this.#pairs.of(id, beyond);
    this.#withLeft[beyond] = pair;
    return pair;
  }
}
