import type { TokenizerFamily, TokenSearch } from "@cutaway/core";
import { hashBytes } from "../bpe/hash-bytes.ts";
import type { Boundaries } from "./boundaries.ts";
import type { ByteText, PieceModel } from "./piece-model.ts";
import { TokenList } from "./token-list.ts";

// An entry is 16 words: length | count << 8, the bytes (7 words), the tokens (8 words: id << 10 | start in the piece << 5 | length).
const cacheBits = 16;
const entryWords = 16;
const cachedBytes = 28;
const cachedTokens = 8;
const tokensAt = 8;
const idLimit = 1 << 22;

/** Remembers the tokens of short pieces: text repeats them. With `boundaries`, a piece is first cut where they say that it makes no difference. */
export class CachedModel implements PieceModel {
  readonly family: TokenizerFamily;
  readonly #model: PieceModel;
  readonly #boundaries: Boundaries | undefined;
  #cache: Int32Array | undefined;
  /** The tokens of a piece that is not remembered yet. */
  readonly #made = new TokenList();

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
    if (length > cachedBytes) {
      this.#model.encode(text, start, end, to);
      return;
    }
    this.#cache ??= new Int32Array(entryWords << cacheBits);
    const cache = this.#cache;
    const { view } = text;
    const entry = (hashBytes(view, start, length) & ((1 << cacheBits) - 1)) * entryWords;
    if (((cache[entry] as number) & 0xff) !== length || !holds(cache, entry + 1, view, start, length)) {
      const made = this.#made;
      made.clear();
      this.#model.encode(text, start, end, made);
      if (!isPackable(made)) {
        for (let at = 0; at < made.length; at++) to.push(made.ids[at] as number, made.starts[at] as number, made.ends[at] as number);
        return;
      }
      cache[entry] = length | (made.length << 8);
      for (let at = 0; at < length; at += 4) cache[entry + 1 + (at >> 2)] = wordAt(view, start, at, length);
      for (let at = 0; at < made.length; at++) {
        const from = made.starts[at] as number;
        cache[entry + tokensAt + at] = ((made.ids[at] as number) << 10) | ((from - start) << 5) | ((made.ends[at] as number) - from);
      }
    }
    const count = (cache[entry] as number) >> 8;
    to.reserve(count);
    const { ids, starts, ends, keepsRanges } = to;
    let at = to.length;
    for (let from = entry + tokensAt; from < entry + tokensAt + count; from++) {
      const token = cache[from] as number;
      if (keepsRanges) {
        const first = start + ((token >> 5) & 31);
        starts[at] = first;
        ends[at] = first + (token & 31);
      }
      ids[at++] = token >>> 10;
    }
    to.length = at;
  }
}

function isPackable({ ids, length }: TokenList): boolean {
  if (length > cachedTokens) return false;
  for (let at = 0; at < length; at++) if ((ids[at] as number) >= idLimit) return false;
  return true;
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
