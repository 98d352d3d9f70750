import { MergeQueue } from "./merge-queue.ts";
import { PairPlaces } from "./pair-places.ts";
import { PairTable } from "./pair-table.ts";
import { headerWords, type Segments, symbolWords } from "./segments.ts";
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
  const pairs = new PairTable(tokens.length, segments.cells.length >> 2);
  const queue = new MergeQueue(pairs);
  const merger = new Merger(segments, pairs, queue, Math.max(vocabSize, tokens.length));
  merger.countPairs(tokens.length);
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
    this.#withRight = new Int32Array(vocabSize);
    this.#withLeft = new Int32Array(vocabSize);
  }

  /** Counts the pairs of the text as it is, of symbols below `symbols`. */
  countPairs(symbols: number): void {
    const { cells } = this.#segments;
    const pairOf = new PairNumbers(this.#pairs, symbols);
    for (let segment = 0; segment < this.#segments.length; ) {
      const start = segment + headerWords;
      const end = start + symbolWords * (cells[segment] as number);
      const weight = this.#segments.weightOf(segment);
      const next = this.#segments.after(segment);
      for (let at = start; at < end; at += symbolWords) {
        const beyond = at + symbolWords < end ? at + symbolWords : next < 0 ? -1 : next + headerWords;
        if (beyond < 0) continue;
        const pair = pairOf.of(cells[at] as number, cells[beyond] as number);
        this.#places.arise(pair, weight, segment);
        cells[at + 1] = pair;
      }
      segment = end;
    }
    this.#places.flush();
  }

  /** Takes the top of the queue, and makes `id` of its two symbols wherever they stand. `isNew`: no pair with `id` is known yet. */
  merge(pair: number, id: number, isNew: boolean, lengthOf: readonly number[], maxLength: number): void {
    if (isNew) this.#pairs.beginToken();
    else this.#forget();
    this.#firstPair = this.#pairs.size;
    this.#isNew = isNew;
    const list = this.#queue.pop();
    if (list < 0) this.#mergeIn(-1 - list, pair, id, lengthOf, maxLength);
    for (let node = list; node >= 0; node = this.#places.takeNext(node)) this.#mergeIn(this.#places.placeAt(node), pair, id, lengthOf, maxLength);
    this.#places.flush();
    if (!isNew) this.#forget();
  }

  #mergeIn(segment: number, pair: number, id: number, lengthOf: readonly number[], maxLength: number): void {
    const segments = this.#segments;
    const { cells } = segments;
    const start = segment + headerWords;
    const end = start + symbolWords * (cells[segment] as number);
    let from = start;
    while (from < end && cells[from + 1] !== pair) from += symbolWords;
    if (from >= end) return;
    const weight = segments.weightOf(segment);
    const isLimited = maxLength !== Number.POSITIVE_INFINITY;
    const length = lengthOf[id] as number;
    const fits = (other: number): boolean => !isLimited || (lengthOf[other] as number) + length < maxLength;
    let to = from;
    while (from < end) {
      const here = cells[from + 1] as number;
      if (here !== pair) {
        cells[to] = cells[from] as number;
        cells[to + 1] = here;
        to += symbolWords;
        from += symbolWords;
        continue;
      }
      let vanishing = -1;
      if (from + symbolWords < end) vanishing = cells[from + symbolWords + 1] as number;
      else {
        const next = segments.after(segment);
        vanishing = cells[next + headerWords + 1] as number;
        segments.takeFirst(next);
      }
      from += 2 * symbolWords;
      const owner = to > start ? segment : segments.before(segment);
      if (owner >= 0) {
        const previousAt = owner === segment ? to - symbolWords : owner + headerWords + symbolWords * ((cells[owner] as number) - 1);
        const previous = cells[previousAt] as number;
        this.#places.vanish(cells[previousAt + 1] as number, weight);
        const before = fits(previous) ? this.#pairBefore(previous, id) : -1;
        if (before >= 0) this.#places.arise(before, weight, owner);
        cells[previousAt + 1] = before;
      }
      this.#places.vanish(vanishing, weight);
      const beyondAt = from < end ? from : segments.after(segment) + headerWords;
      let behind = -1;
      if (beyondAt >= headerWords) {
        const beyond = cells[beyondAt] as number;
        if (fits(beyond)) {
          behind = this.#pairBehind(id, beyond);
          this.#places.arise(behind, weight, segment);
        }
      }
      cells[to] = id;
      cells[to + 1] = behind;
      to += symbolWords;
    }
    cells[segment] = (to - start) / symbolWords;
  }

  #pairBefore(previous: number, id: number): number {
    if (previous === id) return this.#pairBehind(id, id);
    const known = (this.#withRight[previous] as number) - 1;
    if (known >= this.#firstPair || (known >= 0 && !this.#isNew)) return known;
    const pair = this.#isNew ? this.#pairs.add(previous, id) : this.#pairs.of(previous, id);
    this.#withRight[previous] = pair + 1;
    return pair;
  }

  #pairBehind(id: number, beyond: number): number {
    const known = (this.#withLeft[beyond] as number) - 1;
    if (known >= this.#firstPair || (known >= 0 && !this.#isNew)) return known;
    const pair = this.#isNew ? this.#pairs.add(id, beyond) : this.#pairs.of(id, beyond);
    this.#withLeft[beyond] = pair + 1;
    return pair;
  }

  /** Around a merge that makes an old token again, whose pairs may be older than it. */
  #forget(): void {
    this.#withRight.fill(0);
    this.#withLeft.fill(0);
  }
}

/** Numbers of the text's own pairs: a table where there are few symbols, as there are of bytes. */
class PairNumbers {
  readonly #pairs: PairTable;
  readonly #symbols: number;
  readonly #table: Int32Array | undefined;

  constructor(pairs: PairTable, symbols: number) {
    this.#pairs = pairs;
    this.#symbols = symbols;
    this.#table = symbols <= 1024 ? new Int32Array(symbols * symbols) : undefined;
  }

  of(left: number, right: number): number {
    const table = this.#table;
    if (!table) return this.#pairs.of(left, right);
    const at = left * this.#symbols + right;
    const known = (table[at] as number) - 1;
    if (known >= 0) return known;
    const pair = this.#pairs.of(left, right);
    table[at] = pair + 1;
    return pair;
  }
}
