import type { TokenId, TokenSearch } from "@cutaway/core";
import { mergeSymbols } from "../bpe/merge.ts";
import type { PairMemo } from "../bpe/pair-ranks.ts";
import { mergesOf } from "../bpe/trace-merges.ts";
import type { Vocabulary } from "../bpe/vocabulary.ts";
import type { ByteText, PieceModel } from "./piece-model.ts";
import type { TokenList } from "./token-list.ts";
import { characterLength } from "./utf8-length.ts";

export interface MergeListParts {
  vocabulary: Vocabulary;
  pairs: PairMemo;
  /** The token of each byte, for characters that have none of their own; -1 where there is none. */
  byteIds: Int32Array;
  /** What stands for a character with neither; without it such characters leave no trace. `fuse`: one for a run of them. */
  unknown?: { id: number; fuse: boolean };
  /** Whether a piece that is a token is that token, without merging. */
  wholePieces: boolean;
}

const kept = 1 << 16;

/**
 * Byte pair encoding of characters by a list of merges, with tokens for bytes where a character has none.
 * source  huggingface/tokenizers, models/bpe/model.rs, merge_word
 */
export class MergeListModel implements PieceModel {
  readonly family = "sentencepiece-bpe";
  readonly #parts: MergeListParts;
  readonly #asciiIds: Int32Array;
  #symbols = new Int32Array(256);
  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  /** By symbol that is left after merging: which it begins with. */
  #firsts = new Int32Array(257);
  #count = 0;

  constructor(parts: MergeListParts) {
    this.#parts = parts;
    const byte = new Uint8Array(4);
    const view = new DataView(byte.buffer);
    this.#asciiIds = Int32Array.from({ length: 128 }, (_, code) => {
      byte[0] = code;
      return parts.vocabulary.find(view, 0, 1);
    });
  }

  encode(text: ByteText, start: number, end: number, to: TokenList): void {
    const whole = this.#wholePiece(text, start, end);
    if (whole >= 0) {
      to.push(whole, start, end);
      return;
    }
    this.#split(text, start, end);
    const firsts = to.keepsRanges ? this.#firsts : undefined;
    const count = mergeSymbols(this.#symbols, this.#count, this.#parts.pairs, firsts);
    to.reserve(count);
    let { length } = to;
    for (let at = 0; at < count; at++) {
      if (firsts) {
        to.starts[length] = this.#starts[firsts[at] as number] as number;
        to.ends[length] = this.#ends[(firsts[at + 1] as number) - 1] as number;
      }
      to.ids[length++] = this.#symbols[at] as number;
    }
    to.length = length;
  }

  trace(text: ByteText, start: number, end: number): TokenSearch {
    if (this.#wholePiece(text, start, end) >= 0) return { by: "whole-piece" };
    this.#split(text, start, end);
    const ids = this.#symbols.slice(0, this.#count);
    const symbols = Array.from(ids, (id, at) => ({ id: id as TokenId, bytes: this.#bytesOf(text, at) }));
    return { by: "merges", symbols, merges: mergesOf(this.#parts.pairs, ids, 0) };
  }

  /** Of a symbol; the bytes of one character that has several stand one by one. */
  #bytesOf(text: ByteText, at: number): Uint8Array {
    const start = this.#starts[at] as number;
    const { byteIds } = this.#parts;
    const byte = byteIds.indexOf(this.#symbols[at] as number);
    return byte >= 0 ? Uint8Array.of(byte) : text.bytes.slice(start, this.#ends[at]);
  }

  #wholePiece({ view }: ByteText, start: number, end: number): number {
    return this.#parts.wholePieces ? this.#parts.vocabulary.find(view, start, end - start) : -1;
  }

  /** Into symbols. The unknown token of characters waits until a character that is a token comes: what bytes stand for goes before it. */
  #split(text: ByteText, start: number, end: number): void {
    const { bytes, view } = text;
    const { vocabulary, unknown } = this.#parts;
    this.#reserve(end - start + 1);
    this.#count = 0;
    let unknownFrom = -1;
    let unknownTo = -1;
    const endUnknown = () => {
      if (unknownFrom >= 0 && unknown) this.#add(unknown.id, unknownFrom, unknownTo);
      unknownFrom = -1;
    };
    for (let at = start; at < end; ) {
      const lead = bytes[at] as number;
      const after = Math.min(end, at + (lead < 0x80 ? 1 : characterLength(lead)));
      const id = lead < 0x80 ? (this.#asciiIds[lead] as number) : vocabulary.find(view, at, after - at);
      if (id >= 0) {
        if (unknownFrom >= 0) endUnknown();
        this.#add(id, at, after);
      } else if (!this.#addBytes(bytes, at, after) && unknown) {
        if (!unknown.fuse) endUnknown();
        if (unknownFrom < 0) unknownFrom = at;
        unknownTo = after;
      }
      at = after;
    }
    endUnknown();
  }

  /** False where one of the bytes has no token. */
  #addBytes(bytes: Uint8Array, start: number, end: number): boolean {
    const { byteIds } = this.#parts;
    for (let at = start; at < end; at++) if (byteIds[bytes[at] as number] === -1) return false;
    for (let at = start; at < end; at++) this.#add(byteIds[bytes[at] as number] as number, start, end);
    return true;
  }

  #add(id: number, start: number, end: number): void {
    this.#symbols[this.#count] = id;
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  #reserve(symbols: number): void {
    if (this.#symbols.length >= symbols && (this.#symbols.length <= kept || symbols > kept)) return;
    const size = symbols > kept ? symbols : Math.max(256, 2 * symbols);
    this.#symbols = new Int32Array(size);
    this.#starts = new Int32Array(size);
    this.#ends = new Int32Array(size);
    this.#firsts = new Int32Array(size + 1);
  }
}
