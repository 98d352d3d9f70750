import { hashBytes, hashTwoWords, sameBytes } from "./hash-bytes.ts";
import { ProbeLimit } from "./probe-limit.ts";

/** Ids above this are refused: no published vocabulary reaches a tenth of it, and tables are sized by the largest id. */
export const maxTokenId = 0x7f_fffe;
const idBits = 0x7f_ffff;
const tagBits = ~idBits;

/** The bytes of all tokens, one after the other, with at least 4 bytes to spare at the end. */
export interface TokenBytes {
  arena: Uint8Array<ArrayBuffer>;
  /** By id: where its bytes start in the arena; -1 for an id without bytes. */
  starts: Int32Array;
  lengths: Int32Array;
  /** Ids that no text is looked up by: entries that no merge can reach. */
  unlisted?: ReadonlySet<number>;
}

/**
 * Token bytes by id and ids by bytes: one arena and an open-addressing table, no object per token,
 * so that 200 thousand tokens load in tens of milliseconds.
 */
export class Vocabulary {
  readonly #arena: Uint8Array;
  readonly #view: DataView;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** The id + 1 in the low bits, the hash's high bits above them; 0 is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** A bit for each hash, by its highest bits: tells most bytes that are no token from those that may be, in a quarter of the memory of the slots. */
  readonly #filter: Int32Array;
  readonly #filterShift: number;
  /** By id: its first four bytes, fewer and zeros for a shorter token. */
  readonly #words: Int32Array;
  /** Where `findJoined` puts two tokens together. */
  readonly #joined: Uint8Array<ArrayBuffer>;
  readonly #joinedView: DataView;
  readonly #unlisted: ReadonlySet<number> | undefined;
  /** An id whose bytes belong to a lower id too; -1 where every token has bytes of its own. */
  readonly duplicate: number;

  constructor({ arena, starts, lengths, unlisted }: TokenBytes) {
    this.#arena = arena;
    this.#view = new DataView(arena.buffer);
    this.#starts = starts;
    this.#lengths = lengths;
    this.#unlisted = unlisted;
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, starts.length * 2))));
    this.#slots = slots;
    this.#mask = slots.length - 1;
    this.#joined = new Uint8Array(2 * lengths.reduce((longest, length) => Math.max(longest, length), 0) + 4);
    this.#joinedView = new DataView(this.#joined.buffer);
    this.#filter = new Int32Array(Math.max(1, slots.length >> 3));
    this.#filterShift = 32 - Math.log2(this.#filter.length * 32);
    this.duplicate = fillSlots(slots, this.#filter, this.#filterShift, this.#view, starts, lengths, unlisted);
    this.#words = new Int32Array(starts.length);
    for (let id = 0; id < starts.length; id++) {
      const start = starts[id] as number;
      if (start < 0) continue;
      this.#words[id] = firstWord(this.#view, start, lengths[id] as number);
    }
  }

  /** Number of ids, unused ones included. */
  get size(): number {
    return this.#starts.length;
  }

  /** By id, in bytes; 0 for an id without. Must not be written to. */
  get lengths(): Int32Array {
    return this.#lengths;
  }

  lengthOf(id: number): number {
    return this.#lengths[id] ?? 0;
  }

  /** Whether it is a token with bytes that a text can be looked up by. */
  isListed(id: number): boolean {
    return (this.#starts[id] ?? -1) >= 0 && !this.#unlisted?.has(id);
  }

  /** The bytes of a token, as a view that must not be written to; undefined for an id without bytes. */
  bytesOf(id: number): Uint8Array | undefined {
    const start = this.#starts[id] ?? -1;
    return start < 0 ? undefined : this.#arena.subarray(start, start + (this.#lengths[id] as number));
  }

  /** The id of the token with these bytes, -1 if there is none. `hash` is `hashBytes` of the same range. */
  find(view: DataView, start: number, length: number, hash: number): number {
    if (!this.#mayHold(hash)) return -1;
    const slots = this.#slots;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = slots[slot] as number;
      if (entry === 0) return -1;
      if ((entry ^ hash) & tagBits) continue;
      const id = (entry & idBits) - 1;
      if (this.#lengths[id] !== length) continue;
      if (sameBytes(this.#view, this.#starts[id] as number, view, start, length)) return id;
    }
  }

  /** The id of the token whose bytes are those of `left` and then `right`, -1 if there is none. Called for each new pair: allocates nothing. */
  findJoined(left: number, right: number): number {
    const first = this.#lengths[left] as number;
    const second = this.#lengths[right] as number;
    if (first <= 4 && second <= 4 && first > 0) return this.#findShortJoined(left, first, right, second);
    const length = first + second;
    const leftStart = this.#starts[left] as number;
    const rightStart = (this.#starts[right] as number) - first;
    for (let at = 0; at < first; at++) this.#joined[at] = this.#arena[leftStart + at] as number;
    for (let at = first; at < length; at++) this.#joined[at] = this.#arena[rightStart + at] as number;
    return this.find(this.#joinedView, 0, length, hashBytes(this.#joinedView, 0, length));
  }

  #mayHold(hash: number): boolean {
    const bit = hash >>> this.#filterShift;
    return (((this.#filter[bit >> 5] as number) >>> (bit & 31)) & 1) !== 0;
  }

  /** Two tokens of up to 4 bytes, as two words and without a copy. */
  #findShortJoined(left: number, first: number, right: number, second: number): number {
    const length = first + second;
    let low = this.#words[left] as number;
    let high = this.#words[right] as number;
    if (first < 4) {
      low |= high << (8 * first);
      high >>>= 32 - 8 * first;
    }
    high |= 0;
    const hash = hashTwoWords(length, low, high);
    if (!this.#mayHold(hash)) return -1;
    const slots = this.#slots;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = slots[slot] as number;
      if (entry === 0) return -1;
      if ((entry ^ hash) & tagBits) continue;
      const id = (entry & idBits) - 1;
      if (this.#lengths[id] !== length) continue;
      if (this.#words[id] !== low) continue;
      if (length <= 4 || firstWord(this.#view, (this.#starts[id] as number) + 4, length - 4) === high) return id;
    }
  }
}

/** Up to four bytes as one word. */
function firstWord(view: DataView, start: number, length: number): number {
  const word = view.getInt32(start, true);
  return length < 4 ? word & ((1 << (8 * length)) - 1) : word;
}

function fillSlots(
  slots: Int32Array,
  filter: Int32Array,
  filterShift: number,
  view: DataView,
  starts: Int32Array,
  lengths: Int32Array,
  unlisted?: ReadonlySet<number>,
): number {
  const mask = slots.length - 1;
  const limit = new ProbeLimit(starts.length);
  let duplicate = -1;
  for (let id = 0; id < starts.length; id++) {
    const start = starts[id] as number;
    if (start < 0 || unlisted?.has(id)) continue;
    const length = lengths[id] as number;
    const hash = hashBytes(view, start, length);
    let slot = hash & mask;
    for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
      const other = (entry & idBits) - 1;
      if (((entry ^ hash) & tagBits) === 0 && lengths[other] === length && sameBytes(view, starts[other] as number, view, start, length))
        duplicate = id;
      slot = (slot + 1) & mask;
      limit.probe();
    }
    slots[slot] = (hash & tagBits) | (id + 1);
    const bit = hash >>> filterShift;
    filter[bit >> 5] = (filter[bit >> 5] as number) | (1 << (bit & 31));
  }
  return duplicate;
}
