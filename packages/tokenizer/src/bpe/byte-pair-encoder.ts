import { hashBytes } from "./hash-bytes.ts";
import { mergeSymbols } from "./merge.ts";
import type { PairMemo } from "./pair-ranks.ts";
import type { Utf8Buffer } from "./utf8-buffer.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface BytePairModel {
  vocabulary: Vocabulary;
  pairs: PairMemo;
  /** Whether a piece that is a token is that token, without merging: tiktoken, and `ignore_merges` of a tokenizer.json. */
  wholePieces: boolean;
  /** The token of each byte; -1 where the vocabulary has none. */
  byteIds: Int32Array;
  /** What stands for a byte without a token; without it such bytes leave no trace. `fuse`: one for a run of them. */
  unknown?: { id: number; fuse: boolean };
}

/** Where pieces of bytes and their tokens begin: [number of tokens before, first byte, end byte], in order. */
export type Anchors = number[];

// A cache entry is 16 words: length | count << 8, the bytes (7 words), the ids (8 words).
const cacheBits = 17;
const entryWords = 16;
const cachedBytes = 28;
const cachedIds = 8;
const idsAt = 8;

/** Encodes pieces, one after the other, into one growing list of ids. Remembers short pieces: text repeats them. */
export class BytePairEncoder {
  readonly #model: BytePairModel;
  readonly #complete: boolean;
  readonly #cache = new Int32Array(entryWords << cacheBits);
  #symbols = new Int32Array(256);
  #ids = new Uint32Array(1024);
  #length = 0;

  constructor(model: BytePairModel) {
    this.#model = model;
    this.#complete = !model.byteIds.includes(-1);
  }

  /** Number of ids since `take`. */
  get length(): number {
    return this.#length;
  }

  /** The ids since the last call. */
  take(): Uint32Array {
    const ids = this.#ids.slice(0, this.#length);
    this.#length = 0;
    if (this.#ids.length > 1 << 20) this.#ids = new Uint32Array(1024);
    return ids;
  }

  push(id: number): void {
    this.#reserve(1);
    this.#ids[this.#length++] = id;
  }

  /** Encodes the piece [start, end) of `text`. Returns the number of its tokens; adds their ids only if `keep`. */
  encode(text: Utf8Buffer, start: number, end: number, keep: boolean, anchors?: Anchors): number {
    const length = end - start;
    const { view } = text;
    const hash = hashBytes(view, start, length);
    if (length > cachedBytes || anchors) return this.#miss(text, start, length, hash, keep, anchors);

    const cache = this.#cache;
    const entry = (hash & ((1 << cacheBits) - 1)) * entryWords;
    const head = cache[entry] as number;
    if ((head & 0xff) === length && this.#holds(entry, view, start, length)) {
      const count = head >> 8;
      if (keep) {
        this.#reserve(count);
        const ids = this.#ids;
        let to = this.#length;
        for (let from = entry + idsAt; from < entry + idsAt + count; from++) ids[to++] = cache[from] as number;
        this.#length = to;
      }
      return count;
    }
    const before = this.#length;
    const count = this.#miss(text, start, length, hash, true);
    if (count <= cachedIds) this.#remember(entry, view, start, length, before, count);
    if (!keep) this.#length = before;
    return count;
  }

  #holds(entry: number, view: DataView, start: number, length: number): boolean {
    const cache = this.#cache;
    let word = entry + 1;
    let at = start;
    const whole = start + (length & ~3);
    for (; at < whole; at += 4) if (cache[word++] !== view.getInt32(at, true)) return false;
    const rest = length & 3;
    return rest === 0 || cache[word] === (view.getInt32(at, true) & ((1 << (8 * rest)) - 1));
  }

  #remember(entry: number, view: DataView, start: number, length: number, firstId: number, count: number): void {
    const cache = this.#cache;
    cache[entry] = length | (count << 8);
    let word = entry + 1;
    let at = start;
    const whole = start + (length & ~3);
    for (; at < whole; at += 4) cache[word++] = view.getInt32(at, true);
    const rest = length & 3;
    if (rest > 0) cache[word] = view.getInt32(at, true) & ((1 << (8 * rest)) - 1);
    for (let i = 0; i < count; i++) cache[entry + idsAt + i] = this.#ids[firstId + i] as number;
  }

  #miss(text: Utf8Buffer, start: number, length: number, hash: number, keep: boolean, anchors?: Anchors): number {
    if (this.#model.wholePieces) {
      const id = this.#model.vocabulary.find(text.view, start, length, hash);
      if (id >= 0) {
        anchors?.push(this.#length, start, start + length);
        if (keep) this.push(id);
        return 1;
      }
    }
    return this.#complete
      ? this.#merge(text.bytes, start, start + length, keep, anchors)
      : this.#mergeIncomplete(text.bytes, start, start + length, keep, anchors);
  }

  #merge(bytes: Uint8Array, start: number, end: number, keep: boolean, anchors?: Anchors): number {
    const symbols = this.#symbolsFor(end - start);
    const { byteIds } = this.#model;
    for (let at = start; at < end; at++) symbols[at - start] = byteIds[bytes[at] as number] as number;
    const count = mergeSymbols(symbols, end - start, this.#model.pairs);
    anchors?.push(this.#length, start, end);
    if (keep) this.#append(symbols, count);
    return count;
  }

  /** A vocabulary that lacks some bytes: they are dropped before merging, or stand as the unknown token between stretches that merge. */
  #mergeIncomplete(bytes: Uint8Array, start: number, end: number, keep: boolean, anchors?: Anchors): number {
    return this.#model.unknown
      ? this.#mergeAroundUnknown(bytes, start, end, this.#model.unknown, keep, anchors)
      : this.#mergeDropping(bytes, start, end, keep, anchors);
  }

  #mergeDropping(bytes: Uint8Array, start: number, end: number, keep: boolean, anchors?: Anchors): number {
    const symbols = this.#symbolsFor(end - start);
    const { byteIds, pairs, vocabulary } = this.#model;
    const places: number[] = [];
    let kept = 0;
    for (let at = start; at < end; at++) {
      const id = byteIds[bytes[at] as number] as number;
      if (id < 0) continue;
      symbols[kept++] = id;
      if (anchors) places.push(at);
    }
    const count = mergeSymbols(symbols, kept, pairs);
    if (anchors) {
      let place = 0;
      for (let index = 0; index < count; index++) {
        const after = place + vocabulary.lengthOf(symbols[index] as number);
        anchors.push(this.#length + index, places[place] as number, (places[after - 1] as number) + 1);
        place = after;
      }
    }
    if (keep) this.#append(symbols, count);
    return count;
  }

  #mergeAroundUnknown(
    bytes: Uint8Array,
    start: number,
    end: number,
    unknown: { id: number; fuse: boolean },
    keep: boolean,
    anchors?: Anchors,
  ): number {
    const isUnknown = (at: number) => this.#model.byteIds[bytes[at] as number] === -1;
    let count = 0;
    for (let at = start; at < end; ) {
      const from = at++;
      const here = isUnknown(from);
      while (at < end && isUnknown(at) === here && (unknown.fuse || !here)) at++;
      if (!here) {
        count += this.#merge(bytes, from, at, keep, anchors);
        continue;
      }
      anchors?.push(this.#length, from, at);
      if (keep) this.push(unknown.id);
      count++;
    }
    return count;
  }

  #symbolsFor(length: number): Int32Array {
    if (length > 1 << 16) return new Int32Array(length);
    if (this.#symbols.length < length) this.#symbols = new Int32Array(2 * length);
    return this.#symbols;
  }

  #append(symbols: Int32Array, count: number): void {
    this.#reserve(count);
    const ids = this.#ids;
    for (let at = 0; at < count; at++) ids[this.#length + at] = symbols[at] as number;
    this.#length += count;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#ids.length) return;
    const larger = new Uint32Array(2 * (this.#length + count));
    larger.set(this.#ids.subarray(0, this.#length));
    this.#ids = larger;
  }
}
