import type { TokenizerFamily, TokenSearch } from "@cutaway/core";
import { hashBytes } from "../bpe/hash-bytes.ts";
import type { Boundaries } from "./boundaries.ts";
import type { ByteText, PieceModel } from "./piece-model.ts";
import type { TokenList } from "./token-list.ts";

// An entry is 16 words: length | count << 8, the bytes (7 words), the ids (8 words).
const cacheBits = 16;
const entryWords = 16;
const cachedBytes = 28;
const cachedIds = 8;
const idsAt = 8;

/** Remembers the tokens of short pieces: text repeats them. With `boundaries`, a piece is first cut where they say that it makes no difference. */
export class CachedModel implements PieceModel {
  readonly family: TokenizerFamily;
  readonly #model: PieceModel;
  readonly #boundaries: Boundaries | undefined;
  #cache: Int32Array | undefined;

  constructor(model: PieceModel, boundaries?: Boundaries) {
    this.#model = model;
    this.#boundaries = boundaries;
    this.family = model.family;
  }

  encode(text: ByteText, start: number, end: number, to: TokenList, limit = Number.POSITIVE_INFINITY): void {
    if (!this.#boundaries) {
      this.#short(text, start, end, to);
      return;
    }
    for (let at = start; at < end && to.length <= limit; ) {
      const after = this.#boundaries.next(text.bytes, at, end);
      this.#short(text, at, after, to);
      at = after;
    }
  }

  trace(text: ByteText, start: number, end: number): TokenSearch {
    return this.#model.trace(text, start, end);
  }

  #short(text: ByteText, start: number, end: number, to: TokenList): void {
    const length = end - start;
    if (length > cachedBytes || to.keepsRanges) {
      this.#model.encode(text, start, end, to);
      return;
    }
    this.#cache ??= new Int32Array(entryWords << cacheBits);
    const cache = this.#cache;
    const { view } = text;
    const entry = (hashBytes(view, start, length) & ((1 << cacheBits) - 1)) * entryWords;
    const head = cache[entry] as number;
    if ((head & 0xff) === length && holds(cache, entry + 1, view, start, length)) {
      const count = head >> 8;
      to.reserve(count);
      const { ids } = to;
      let at = to.length;
      for (let from = entry + idsAt; from < entry + idsAt + count; from++) ids[at++] = cache[from] as number;
      to.length = at;
      return;
    }
    const before = to.length;
    this.#model.encode(text, start, end, to);
    const count = to.length - before;
    if (count > cachedIds) return;
    cache[entry] = length | (count << 8);
    for (let at = 0; at < length; at += 4) cache[entry + 1 + (at >> 2)] = wordAt(view, start, at, length);
    for (let index = 0; index < count; index++) cache[entry + idsAt + index] = to.ids[before + index] as number;
  }
}

function holds(cache: Int32Array, key: number, view: DataView, start: number, length: number): boolean {
  for (let at = 0; at < length; at += 4) if (cache[key + (at >> 2)] !== wordAt(view, start, at, length)) return false;
  return true;
}

/** Four bytes of a piece as a number; those behind its end are 0. */
function wordAt(view: DataView, start: number, at: number, length: number): number {
  const word = view.getInt32(start + at, true);
  return length - at >= 4 ? word : word & ((1 << (8 * (length - at))) - 1);
}
