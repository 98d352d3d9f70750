import { hashBytes, sameBytes } from "./hash-bytes.ts";

/** Ids above this are refused: no published vocabulary reaches a tenth of it, and tables are sized by the largest id. */
export const maxTokenId = 0x7f_ffff;

/**
 * Token bytes by id and ids by bytes: one arena of bytes and an open-addressing table, no object per token,
 * so that 200 thousand tokens load in tens of milliseconds.
 */
export class Vocabulary {
  readonly #arena: Uint8Array;
  readonly #view: DataView;
  /** By id: where its bytes start in the arena; -1 for an id without bytes. */
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** Pairs [hash, id + 1]; 0 is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  #used = 0;

  /** `tokens` and `bytes` bound how many tokens and how many bytes in all `add` may bring; `ids` the ids (0 … ids − 1). */
  constructor(size: { ids: number; tokens: number; bytes: number }) {
    this.#arena = new Uint8Array(size.bytes + 4);
    this.#view = new DataView(this.#arena.buffer);
    this.#starts = new Int32Array(size.ids).fill(-1);
    this.#lengths = new Int32Array(size.ids);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, size.tokens * 2)));
    this.#slots = new Int32Array(slots * 2);
    this.#mask = slots - 1;
  }

  /** Number of ids, unused ones included. */
  get size(): number {
    return this.#starts.length;
  }

  /** Where the next token's bytes may be written before `addWritten`, sparing a copy. */
  get arena(): Uint8Array {
    return this.#arena;
  }

  get used(): number {
    return this.#used;
  }

  has(id: number): boolean {
    return (this.#starts[id] ?? -1) >= 0;
  }

  lengthOf(id: number): number {
    return this.#lengths[id] ?? 0;
  }

  /** The bytes of a token, as a view that must not be written to; undefined for an id without bytes. */
  bytesOf(id: number): Uint8Array | undefined {
    const start = this.#starts[id] ?? -1;
    return start < 0 ? undefined : this.#arena.subarray(start, start + (this.#lengths[id] as number));
  }

  /** Adds a token under an unused id; `false` where the bytes already belong to another id. */
  add(id: number, bytes: Uint8Array): boolean {
    this.#arena.set(bytes, this.#used);
    return this.addWritten(id, bytes.length);
  }

  /** As `add`, with the bytes already in `arena` from `used` on. */
  addWritten(id: number, length: number): boolean {
    const start = this.#used;
    const hash = hashBytes(this.#view, start, length);
    let slot = hash & this.#mask;
    for (;;) {
      const other = this.#slots[slot * 2 + 1] as number;
      if (other === 0) break;
      if (this.#slots[slot * 2] === hash && this.#equals(other - 1, this.#view, start, length)) return false;
      slot = (slot + 1) & this.#mask;
    }
    this.#slots[slot * 2] = hash;
    this.#slots[slot * 2 + 1] = id + 1;
    this.#place(id, start, length);
    return true;
  }

  /** Gives an id bytes that no text is looked up by: added tokens, and entries that no merge can reach. */
  addUnlisted(id: number, bytes: Uint8Array): void {
    this.#arena.set(bytes, this.#used);
    this.#place(id, this.#used, bytes.length);
  }

  /** The id of the token with these bytes, -1 if there is none. `hash` is `hashBytes` of the same range. */
  find(view: DataView, start: number, length: number, hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const found = this.#slots[slot * 2 + 1] as number;
      if (found === 0) return -1;
      if (this.#slots[slot * 2] === hash && this.#equals(found - 1, view, start, length)) return found - 1;
      slot = (slot + 1) & this.#mask;
    }
  }

  #equals(id: number, view: DataView, start: number, length: number): boolean {
    return this.#lengths[id] === length && sameBytes(this.#view, this.#starts[id] as number, view, start, length);
  }

  #place(id: number, start: number, length: number): void {
    this.#starts[id] = start;
    this.#lengths[id] = length;
    this.#used = start + length;
  }
}
