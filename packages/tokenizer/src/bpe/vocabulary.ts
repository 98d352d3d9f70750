import { hashBytes, sameBytes } from "./hash-bytes.ts";
import { ProbeLimit } from "./probe-limit.ts";

/** Ids above this are refused: no published vocabulary reaches a tenth of it, and tables are sized by the largest id. */
export const maxTokenId = 0x7f_fffe;

// A slot is four words, so that most look-ups touch one line of the processor's cache: the first four bytes, the next four, the last four of a token of
// more than eight (fewer bytes, and zeros, for a shorter one), and id + 1 | length << 23, where lengths end at `longLength`; 0 is free.
const idBits = 0x7f_ffff;
const lengthShift = 23;
const longLength = 511;
/** Up to so many bytes the words say all. */
const inlineLength = 12;

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
  readonly #slots: Int32Array;
  /** Of words in `#slots`. */
  readonly #mask: number;
  /** A bit for each hash, by its highest bits: tells most bytes that are no token from those that may be, in a sixteenth of the memory of the slots. */
  readonly #filter: Int32Array;
  readonly #filterShift: number;
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
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, starts.length * 1.25)));
    const slots = new Int32Array(4 * size);
    this.#slots = slots;
    this.#mask = slots.length - 1;
    this.#joined = new Uint8Array(2 * lengths.reduce((longest, length) => Math.max(longest, length), 0) + 4);
    this.#joinedView = new DataView(this.#joined.buffer);
    this.#filter = new Int32Array(size >> 2);
    this.#filterShift = 32 - Math.log2(this.#filter.length * 32);
    this.duplicate = fillSlots(slots, this.#filter, this.#filterShift, this.#view, starts, lengths, unlisted);
  }

  /** Number of ids, unused ones included. */
  get size(): number {
    return this.#starts.length;
  }

  /** What `find` reads, for a program that does the same (compiled/vocabulary.as). Must not be written to. */
  get tables() {
    return { filter: this.#filter, slots: this.#slots, starts: this.#starts, lengths: this.#lengths, arena: this.#arena };
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

  /** The id of the token with these bytes, -1 if there is none. Reads as `hashBytes` does. */
  find(view: DataView, start: number, length: number): number {
    const hash = hashBytes(view, start, length);
    const bit = hash >>> this.#filterShift;
    if ((((this.#filter[bit >> 5] as number) >>> (bit & 31)) & 1) === 0) return -1;
    const slots = this.#slots;
    const mask = this.#mask;
    const first = firstWord(view, start, length);
    const second = length > 4 ? firstWord(view, start + 4, length - 4) : 0;
    const last = length > 8 ? view.getInt32(start + length - 4, true) : 0;
    const shown = Math.min(length, longLength);
    for (let slot = (hash << 2) & mask; ; slot = (slot + 4) & mask) {
      const entry = slots[slot + 3] as number;
      if (entry === 0) return -1;
      if (slots[slot] !== first || entry >>> lengthShift !== shown || slots[slot + 1] !== second || slots[slot + 2] !== last) continue;
      const id = (entry & idBits) - 1;
      if (length <= inlineLength) return id;
      if (this.#lengths[id] === length && sameBytes(this.#view, this.#starts[id] as number, view, start, length)) return id;
    }
  }

  /** The id of the token whose bytes are those of `left` and then `right`, -1 if there is none. Allocates nothing. */
  findJoined(left: number, right: number): number {
    const first = this.#lengths[left] as number;
    const length = first + (this.#lengths[right] as number);
    const leftStart = this.#starts[left] as number;
    const rightStart = (this.#starts[right] as number) - first;
    for (let at = 0; at < first; at++) this.#joined[at] = this.#arena[leftStart + at] as number;
    for (let at = first; at < length; at++) this.#joined[at] = this.#arena[rightStart + at] as number;
    return this.find(this.#joinedView, 0, length);
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
    const first = firstWord(view, start, length);
    let slot = (hash << 2) & mask;
    for (let entry = slots[slot + 3] as number; entry !== 0; entry = slots[slot + 3] as number) {
      const other = (entry & idBits) - 1;
      if (slots[slot] === first && lengths[other] === length && sameBytes(view, starts[other] as number, view, start, length)) duplicate = id;
      slot = (slot + 4) & mask;
      limit.probe();
    }
    slots[slot] = first;
    if (length > 4) slots[slot + 1] = firstWord(view, start + 4, length - 4);
    if (length > 8) slots[slot + 2] = view.getInt32(start + length - 4, true);
    slots[slot + 3] = (id + 1) | (Math.min(length, longLength) << lengthShift);
    const bit = hash >>> filterShift;
    filter[bit >> 5] = (filter[bit >> 5] as number) | (1 << (bit & 31));
  }
  return duplicate;
}
