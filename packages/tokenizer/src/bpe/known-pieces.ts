/** Longer pieces than this are merged each time. */
export const longestKnown = 512;

/** A text may be made to collide: what is not found after so many looks is not remembered. */
export const mostLooks = 64;

/** When the records hold this many words, all is forgotten. */
const mostWords = 1 << 20;

/**
 * The pieces seen so far and their ids: text repeats its pieces. Records stand one after the other in the order of first sight, so that the
 * frequent ones share few lines of the processor's cache; a table of hashes leads to them. Both grow with what they hold.
 *
 * A record: its size in bytes | number of ids << 16; the bytes as words; the ids. Up to 8 bytes are two words, up to 16 four, of which the
 * last ones overlap those before; more have the words between after them.
 */
export class KnownPieces {
  /** Pairs: a hash, and where its record is; 0 is free. The hash's highest bits say where to look first. */
  slots = new Int32Array(2 << 10);
  shift = 32 - 10;
  records = new Int32Array(1 << 12);
  /** No record is at 0. */
  #used = 1;
  #entries = 0;

  add(
    hash: number,
    size: number,
    first: number,
    second: number,
    third: number,
    fourth: number,
    view: DataView,
    start: number,
    ids: Uint32Array,
    firstId: number,
    count: number,
  ): void {
    // A piece of bytes without tokens is not remembered: to copy the first id is then never wrong.
    if (count === 0 || count > 0xffff) return;
    this.#makeRoom(5 + (size >> 2) + count);
    const { records } = this;
    const record = this.#used;
    let to = record;
    records[to++] = size | (count << 16);
    records[to++] = first;
    records[to++] = second;
    if (size > 8) {
      records[to++] = third;
      records[to++] = fourth;
      for (let at = 8; at < size - 8; at += 4) records[to++] = view.getInt32(start + at, true);
    }
    for (let i = 0; i < count; i++) records[to++] = ids[firstId + i] as number;
    this.#used = to;
    this.#entries++;
    insert(this.slots, this.shift, hash, record);
  }

  #makeRoom(words: number): void {
    if (this.#used + words > mostWords) {
      this.slots.fill(0);
      this.#used = 1;
      this.#entries = 0;
    }
    if (this.#used + words > this.records.length) {
      const larger = new Int32Array(2 * this.records.length);
      larger.set(this.records);
      this.records = larger;
    }
    if (4 * this.#entries < this.slots.length) return;
    const larger = new Int32Array(2 * this.slots.length);
    this.shift--;
    for (let slot = 0; slot < this.slots.length; slot += 2) {
      const record = this.slots[slot + 1] as number;
      if (record > 0) insert(larger, this.shift, this.slots[slot] as number, record);
    }
    this.slots = larger;
  }
}

function insert(slots: Int32Array, shift: number, hash: number, record: number): void {
  const mask = slots.length - 1;
  let slot = (hash >>> shift) << 1;
  for (let look = 0; look < mostLooks; look++) {
    if (slots[slot + 1] === 0) {
      slots[slot] = hash;
      slots[slot + 1] = record;
      return;
    }
    slot = (slot + 2) & mask;
  }
}

export function hashWords(size: number, first: number, second: number, third: number, fourth: number): number {
  const low = Math.imul(first ^ size, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  const high = Math.imul(third, 0xc2b2ae35) ^ Math.imul(fourth, 0x27d4eb2f);
  const mixed = (low ^ (low >>> 15)) + high;
  return Math.imul(mixed ^ (mixed >>> 13), 0x2c1b3c6d);
}

/** What lies between the first and the last eight bytes goes into the hash too. */
export function hashMiddle(hash: number, view: DataView, start: number, end: number): number {
  for (let at = start + 8; at < end - 8; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0x2c1b3c6d);
}

export function sameMiddle(records: Int32Array, record: number, view: DataView, start: number, end: number): boolean {
  let word = record + 5;
  for (let at = start + 8; at < end - 8; at += 4) if (records[word++] !== view.getInt32(at, true)) return false;
  return true;
}
