import type { Scan } from "../scan/runs.ts";
import { CompiledPieces } from "./compiled/compiled-pieces.ts";
import { hashMiddle, hashWords, KnownPieces, longestKnown, mostLooks, sameMiddle } from "./known-pieces.ts";
import { mergeBytes, mergeSymbols, shortPiece } from "./merge.ts";
import { BytePairRanks, type PairMemo } from "./pair-ranks.ts";
import { TokenInsides } from "./token-insides.ts";
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

/** Once an encoder has seen so many bytes, the milliseconds that the compiled program takes to set up come back. */
const worthCompiling = 1 << 18;

/** Encodes pieces, one after the other, into one growing list of ids. */
export class BytePairEncoder {
  readonly #model: BytePairModel;
  readonly #complete: boolean;
  readonly #bytePairs: BytePairRanks;
  readonly #known = new KnownPieces();
  /** Made when it is worth it; false where it cannot be had. */
  #compiled: CompiledPieces | false | undefined;
  #seen = 0;
  /** Made when the first long piece comes. */
  #insides: TokenInsides | undefined;
  #symbols = new Int32Array(256);
  #ids = new Uint32Array(1024);
  #length = 0;

  constructor(model: BytePairModel) {
    this.#model = model;
    this.#bytePairs = new BytePairRanks(model.pairs, model.byteIds);
    this.#complete = !model.byteIds.includes(-1);
  }

  /** Number of ids since `take`. */
  get length(): number {
    return this.#length;
  }

  /** The ids from the place `first` on, as a view that the next call may change. */
  since(first: number): Uint32Array {
    return this.#ids.subarray(first, this.#length);
  }

  /** The ids since the last call. */
  take(): Uint32Array {
    const ids = this.#ids.slice(0, this.#length);
    this.#length = 0;
    if (this.#ids.length > 1 << 20) this.#ids = new Uint32Array(1024);
    return ids;
  }

  append(ids: Uint32Array): void {
    this.#reserve(ids.length);
    this.#ids.set(ids, this.#length);
    this.#length += ids.length;
  }

  push(id: number): void {
    this.#reserve(1);
    this.#ids[this.#length++] = id;
  }

  /**
   * Cuts the bytes [start, end) of `text` by `scan` and encodes the pieces, until there are more than `limit` tokens. Returns their number; adds
   * their ids only if `keep`.
   */
  encodePieces(text: Utf8Buffer, scan: Scan, start: number, end: number, keep: boolean, limit: number): number {
    // A small integer, also for no limit at all, so that loops compare integers.
    const most = Math.min(limit, 0x3fff_ffff) | 0;
    const compiled = CompiledPieces.cuts(scan) && this.#compiledAfter(end - start);
    if (!compiled || end - start > compiled.mostText) return this.#encodeInScript(text, scan, start, end, keep, most);
    const { count, ids } = compiled.encode(text, scan, start, end, keep, most);
    if (keep) this.append(ids);
    return count;
  }

  #compiledAfter(bytes: number): CompiledPieces | false | undefined {
    this.#seen += bytes;
    if (this.#seen > worthCompiling && this.#compiled === undefined) this.#compiled = this.#compile() ?? false;
    return this.#compiled;
  }

  #compile(): CompiledPieces | undefined {
    const { vocabulary, byteIds, wholePieces, pairs } = this.#model;
    return CompiledPieces.of({
      vocabulary,
      byteIds,
      ranked: this.#complete && wholePieces && pairs.isByText,
      merge: (text, start, end) => {
        const first = this.#length;
        this.#find(text, start, end - start, true);
        const ids = this.since(first);
        this.#length = first;
        return ids;
      },
    });
  }

  /** This loop is where the time goes: scan, look the piece up, copy its ids; everything else is out of line. */
  #encodeInScript(text: Utf8Buffer, scan: Scan, start: number, end: number, keep: boolean, most: number): number {
    const { bytes, view } = text;
    const known = this.#known;
    let { slots, records, shift } = known;
    let ids = this.#ids;
    let length = this.#length;
    let total = 0;
    for (let from = start; from < end && total <= most; ) {
      const to = scan(bytes, from, end);
      const size = to - from;
      // The piece as four words. Beyond 4 (8) bytes the last one (two) overlap those before: with the size that is the piece, without masks.
      let first = view.getInt32(from, true);
      let second = 0;
      let third = 0;
      let fourth = 0;
      if (size <= 4) {
        first <<= 32 - 8 * size;
      } else if (size <= 8) {
        second = view.getInt32(to - 4, true);
      } else {
        second = view.getInt32(from + 4, true);
        third = view.getInt32(to - 8, true);
        fourth = view.getInt32(to - 4, true);
      }
      let hash = hashWords(size, first, second, third, fourth);
      if (size > 16) hash = hashMiddle(hash, view, from, to);
      const mask = slots.length - 1;
      let slot = (hash >>> shift) << 1;
      let record = slots[slot + 1] as number;
      let looks = 0;
      while (
        record !== 0 &&
        (slots[slot] !== hash ||
          ((records[record] as number) & 0xffff) !== size ||
          records[record + 1] !== first ||
          records[record + 2] !== second ||
          (size > 8 &&
            (records[record + 3] !== third || records[record + 4] !== fourth || (size > 16 && !sameMiddle(records, record, view, from, to)))))
      ) {
        slot = (slot + 2) & mask;
        record = ++looks < mostLooks ? (slots[slot + 1] as number) : 0;
      }
      let count: number;
      if (record === 0) {
        this.#length = length;
        count = this.#find(text, from, size, true);
        ids = this.#ids;
        if (size <= longestKnown) {
          known.add(hash, size, first, second, third, fourth, view, from, ids, length, count);
          ({ slots, records, shift } = known);
        }
        if (keep) length = this.#length;
        total += count;
        from = to;
        continue;
      }
      count = (records[record] as number) >>> 16;
      if (keep) {
        if (length + count > ids.length) {
          this.#length = length;
          this.#reserve(count);
          ids = this.#ids;
        }
        let at = record + (size <= 8 ? 3 : size <= 16 ? 5 : 5 + ((size - 13) >> 2));
        ids[length++] = records[at] as number;
        for (let more = 1; more < count; more++) ids[length++] = records[++at] as number;
      }
      total += count;
      from = to;
    }
    this.#length = length;
    return total;
  }

  /** Encodes one piece without a look at what is remembered, noting where its tokens stand. */
  encodeAnchored(text: Utf8Buffer, start: number, end: number, anchors: Anchors): number {
    return this.#find(text, start, end - start, true, anchors);
  }

  #find(text: Utf8Buffer, start: number, length: number, keep: boolean, anchors?: Anchors): number {
    if (this.#model.wholePieces) {
      const id = this.#model.vocabulary.find(text.view, start, length);
      if (id >= 0) {
        anchors?.push(this.#length, start, start + length);
        if (keep) this.push(id);
        return 1;
      }
    }
    return this.#complete
      ? this.#merge(text, start, start + length, keep, anchors)
      : this.#mergeIncomplete(text, start, start + length, keep, anchors);
  }

  #merge(text: Utf8Buffer, start: number, end: number, keep: boolean, anchors?: Anchors): number {
    anchors?.push(this.#length, start, end);
    if (end - start <= shortPiece) return this.#mergePart(text, start, end, keep);
    this.#insides ??= new TokenInsides(this.#model.vocabulary);
    let count = 0;
    for (let from = start; from < end; ) {
      const to = this.#insides.nextCut(text.bytes, start, from, end);
      count += this.#mergePart(text, from, to, keep);
      from = to;
    }
    return count;
  }

  #mergePart(text: Utf8Buffer, start: number, end: number, keep: boolean): number {
    const symbols = this.#symbolsFor(end - start);
    const { byteIds, pairs } = this.#model;
    for (let at = start; at < end; at++) symbols[at - start] = byteIds[text.bytes[at] as number] as number;
    const count = mergeBytes(text, start, end, symbols, pairs, this.#bytePairs);
    if (keep) this.#appendSymbols(symbols, count);
    return count;
  }

  /** A vocabulary that lacks some bytes: they are dropped before merging, or stand as the unknown token between stretches that merge. */
  #mergeIncomplete(text: Utf8Buffer, start: number, end: number, keep: boolean, anchors?: Anchors): number {
    return this.#model.unknown
      ? this.#mergeAroundUnknown(text, start, end, this.#model.unknown, keep, anchors)
      : this.#mergeDropping(text.bytes, start, end, keep, anchors);
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
    if (keep) this.#appendSymbols(symbols, count);
    return count;
  }

  #mergeAroundUnknown(
    text: Utf8Buffer,
    start: number,
    end: number,
    unknown: { id: number; fuse: boolean },
    keep: boolean,
    anchors?: Anchors,
  ): number {
    const isUnknown = (at: number) => this.#model.byteIds[text.bytes[at] as number] === -1;
    let count = 0;
    for (let at = start; at < end; ) {
      const from = at++;
      const here = isUnknown(from);
      while (at < end && isUnknown(at) === here && (unknown.fuse || !here)) at++;
      if (!here) {
        count += this.#merge(text, from, at, keep, anchors);
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

  #appendSymbols(symbols: Int32Array, count: number): void {
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
