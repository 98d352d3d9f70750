import type { TokenId, TokenizerFamily, TokenSearch, TraceMerge, TraceSymbol } from "@cutaway/core";
import { MinHeap } from "../bpe/min-heap.ts";
import type { Vocabulary } from "../bpe/vocabulary.ts";
import type { Boundaries } from "./boundaries.ts";
import type { ByteText, PieceModel } from "./piece-model.ts";
import type { PrefixMatcher } from "./prefix-matcher.ts";
import type { TokenList } from "./token-list.ts";
import { characterLength } from "./utf8-length.ts";

export interface AgendaBpeParts {
  family: TokenizerFamily;
  /** Of the pieces that merging makes. */
  vocabulary: Vocabulary;
  /** By id: how early the piece is made, lower first; equal scores share a place. */
  order: Int32Array;
  /** Pieces that are merged, yet are no tokens: they fall apart again into what they were made of. */
  unused: ReadonlySet<number>;
  /** User-defined symbols: they stand as they are and merge with nothing. */
  frozen: PrefixMatcher;
  /** The piece that a whole symbol is, -1 for none. */
  idOf: (text: ByteText, start: number, end: number) => number;
  /** Puts what stands for characters without a piece. */
  pushUnknown: (text: ByteText, start: number, end: number, to: TokenList) => void;
  /** Whether neighbouring unknown characters are one token. */
  fuseUnknown: boolean;
  /** Where nothing merges. */
  boundaries: Boundaries;
}

type OnMerge = (left: number, right: number, id: number) => void;

/** Heap entries are exact: order × 2³⁰ + place of the left symbol, so that of equal orders the leftmost comes first. Orders stay below 2²³. */
const placeLimit = 2 ** 30;
const kept = 1 << 14;
/** Symbols that are merged at a time, and how many of the last may be in other tokens once what follows is known: see `bpe/merge-long.ts`. */
const windowSymbols = 1 << 11;
const unsettled = 1 << 8;
const all = Number.POSITIVE_INFINITY;

/**
 * Byte pair encoding by score: of all neighbours that together are a piece, those of the best score become one, the leftmost of equals, until
 * none is left. Time in proportion to n, as good as always.
 * source  google/sentencepiece, src/bpe_model.cc of 0.2.3, SampleEncode without sampling
 */
export class AgendaBpeModel implements PieceModel {
  readonly family: TokenizerFamily;
  readonly #parts: AgendaBpeParts;
  readonly #longest: number;
  #heap = new MinHeap(256);
  /** By symbol: its range of bytes (empty after it was merged into another), its neighbours, and whether it merges. */
  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  #previous = new Int32Array(256);
  #following = new Int32Array(256);
  #frozen = new Uint8Array(256);
  #count = 0;
  /** Where unknown characters began that wait for those after them, -1 while none do. */
  #unknownFrom = -1;
  /** Of unused pieces: what they were last about to be made of. */
  readonly #madeOf = new Map<number, [left: number, middle: number, right: number]>();

  constructor(parts: AgendaBpeParts) {
    this.family = parts.family;
    this.#parts = parts;
    let longest = 0;
    for (let id = 0; id < parts.vocabulary.size; id++) longest = Math.max(longest, parts.vocabulary.lengthOf(id));
    this.#longest = longest;
  }

  encode(text: ByteText, start: number, end: number, to: TokenList): void {
    const { boundaries } = this.#parts;
    this.#unknownFrom = -1;
    for (let from = start; from < end; ) {
      // Between unknown characters too, even where they become one token in the end.
      const until = boundaries.next(text.bytes, from, end, true);
      this.#encodePart(text, from, until, to);
      from = until;
    }
    this.#putUnknown(text, end, to);
  }

  /**
   * Window by window, each from the last token that the one before has settled: if it is found again, nothing merges over the place before it. What an
   * unused piece falls apart into depends on all of a text: with those, and where the token is not found, all is one window.
   */
  #encodePart(text: ByteText, start: number, end: number, to: TokenList): void {
    const { length } = to;
    const unknownFrom = this.#unknownFrom;
    let size = this.#parts.unused.size > 0 ? all : windowSymbols;
    let lastEnd = -1;
    for (let from = start; ; ) {
      const reached = this.#merge(text, from, end, size);
      if (lastEnd >= 0 && this.#ends[0] !== lastEnd) {
        to.length = length;
        this.#unknownFrom = unknownFrom;
        size = all;
        lastEnd = -1;
        from = start;
        continue;
      }
      if (reached === end) {
        this.#putSymbols(text, this.#count, to);
        return;
      }
      const last = this.#lastSettled();
      if (last === 0) {
        size *= 2;
        continue;
      }
      this.#putSymbols(text, last, to);
      from = this.#starts[last] as number;
      lastEnd = this.#ends[last] as number;
      size = windowSymbols;
    }
  }

  #lastSettled(): number {
    let last = 0;
    for (let at = 0; at < this.#count - unsettled; at = this.#following[at] as number) {
      if ((this.#following[at] as number) <= this.#count - unsettled) last = at;
    }
    return last;
  }

  /** Those that merging has left before the place `until`. */
  #putSymbols(text: ByteText, until: number, to: TokenList): void {
    const { idOf, unused } = this.#parts;
    for (let at = 0; at < until; at = this.#following[at] as number) {
      const start = this.#starts[at] as number;
      const end = this.#ends[at] as number;
      const id = idOf(text, start, end);
      if (id >= 0 && unused.size > 0 && unused.has(id)) this.#takeApart(text, start, end, id, to);
      else this.#put(text, start, end, id, to);
    }
  }

  /** A piece, or characters without one, for which `id` is -1. */
  #put(text: ByteText, start: number, end: number, id: number, to: TokenList): void {
    if (id < 0 && this.#unknownFrom < 0) this.#unknownFrom = start;
    if (id < 0 && this.#parts.fuseUnknown) return;
    this.#putUnknown(text, id < 0 ? end : start, to);
    if (id >= 0) to.push(id, start, end);
  }

  /** The unknown characters that wait, up to `end`. */
  #putUnknown(text: ByteText, end: number, to: TokenList): void {
    if (this.#unknownFrom >= 0) this.#parts.pushUnknown(text, this.#unknownFrom, end, to);
    this.#unknownFrom = -1;
  }

  trace(text: ByteText, start: number, end: number): TokenSearch {
    const symbols: TraceSymbol[] = [];
    const merges: TraceMerge[] = [];
    // Symbols as they were before each merge: places of those that are left, in order.
    const places: number[] = [];
    const { idOf, order } = this.#parts;
    this.#split(text, start, end, all);
    for (let at = 0; at < this.#count; at++) {
      const id = idOf(text, this.#starts[at] as number, this.#ends[at] as number);
      symbols.push({ ...(id >= 0 && { id: id as TokenId }), bytes: text.bytes.slice(this.#starts[at], this.#ends[at]) });
      places.push(at);
    }
    this.#merge(text, start, end, all, (left, right, id) => {
      const at = placeOf(places, left);
      const idAt = (place: number) => Math.max(0, idOf(text, this.#starts[place] as number, this.#ends[place] as number)) as TokenId;
      merges.push({ rank: order[id] as number, at, left: idAt(left), right: idAt(right), result: id as TokenId });
      places.splice(at + 1, 1);
    });
    return { by: "merges", symbols, merges };
  }

  /** The first `most` symbols of a range of bytes; returns where they end. */
  #merge(text: ByteText, start: number, end: number, most: number, onMerge?: OnMerge): number {
    const reached = this.#split(text, start, end, most);
    const count = this.#count;
    const starts = this.#starts;
    const ends = this.#ends;
    const previous = this.#previous;
    const following = this.#following;
    const heap = this.#heap;
    heap.size = 0;
    this.#madeOf.clear();
    for (let at = 0; at + 1 < count; at++) this.#offer(text, at, at + 1);
    while (heap.size > 0) {
      const entry = heap.pop();
      const order = Math.floor(entry / placeLimit);
      const left = entry - order * placeLimit;
      const right = following[left] as number;
      // Entries of pairs that have changed since stay in the heap and no longer agree.
      if (starts[left] === ends[left] || right >= count) continue;
      const id = this.#pieceOf(text, left, right);
      if (id < 0 || this.#parts.order[id] !== order) continue;
      onMerge?.(left, right, id);
      ends[left] = ends[right] as number;
      starts[right] = ends[right] as number;
      const beyond = following[right] as number;
      following[left] = beyond;
      if (beyond < count) previous[beyond] = left;
      if ((previous[left] as number) >= 0) this.#offer(text, previous[left] as number, left);
      if (beyond < count) this.#offer(text, left, beyond);
    }
    return reached;
  }

  /** Into characters and user-defined symbols, `most` of them; returns where they end. */
  #split(text: ByteText, start: number, end: number, most: number): number {
    this.#reserve(Math.min(end - start, most));
    const { frozen } = this.#parts;
    let count = 0;
    let at = start;
    for (; at < end && count < most; count++) {
      const symbol = frozen.isEmpty ? 0 : frozen.match(text.bytes, at, end);
      this.#starts[count] = at;
      at = Math.min(end, at + (symbol || characterLength(text.bytes[at] as number)));
      this.#ends[count] = at;
      this.#frozen[count] = symbol > 0 ? 1 : 0;
      this.#previous[count] = count - 1;
      this.#following[count] = count + 1;
    }
    this.#count = count;
    return at;
  }

  #pieceOf(text: ByteText, left: number, right: number): number {
    if (this.#frozen[left] === 1 || this.#frozen[right] === 1) return -1;
    const start = this.#starts[left] as number;
    const length = (this.#ends[right] as number) - start;
    if (length > this.#longest) return -1;
    return this.#parts.vocabulary.find(text.view, start, length);
  }

  #offer(text: ByteText, left: number, right: number): void {
    const id = this.#pieceOf(text, left, right);
    if (id < 0) return;
    this.#heap.push((this.#parts.order[id] as number) * placeLimit + left);
    if (this.#parts.unused.size > 0 && this.#parts.unused.has(id)) {
      const { [left]: start = 0 } = this.#starts;
      this.#madeOf.set(id, [start, this.#starts[right] as number, this.#ends[right] as number]);
    }
  }

  /** What an unused piece was made of, as long as the parts are unused too. */
  #takeApart(text: ByteText, start: number, end: number, id: number, to: TokenList): void {
    const pending: [start: number, end: number, id: number][] = [[start, end, id]];
    for (let part = pending.pop(); part; part = pending.pop()) {
      const [from, until, piece] = part;
      const made = piece >= 0 && this.#parts.unused.has(piece) ? this.#madeOf.get(piece) : undefined;
      if (made) {
        const middle = from + made[1] - made[0];
        pending.push([middle, until, this.#parts.idOf(text, middle, until)], [from, middle, this.#parts.idOf(text, from, middle)]);
      } else {
        this.#put(text, from, until, piece, to);
      }
    }
  }

  #reserve(symbols: number): void {
    if (this.#starts.length >= symbols && (this.#starts.length <= kept || symbols > kept)) return;
    const size = Math.max(256, symbols > kept ? symbols : 2 * symbols);
    this.#starts = new Int32Array(size);
    this.#ends = new Int32Array(size);
    this.#previous = new Int32Array(size);
    this.#following = new Int32Array(size);
    this.#frozen = new Uint8Array(size);
    this.#heap = new MinHeap(size);
  }
}

function placeOf(places: readonly number[], place: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
