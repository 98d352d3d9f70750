import { ProbeLimit } from "../bpe/probe-limit.ts";

/** Keys are a node and a byte in 32 bits. */
const mostNodes = 2 ** 24;

/**
 * Byte strings of at least one byte with an id each, for walking along a text from node to node. The root's children are a table by byte; all others are entries of one
 * open-addressing table, four words each: the node and the byte, the child, the id + 1 that ends there, and nothing.
 */
export class PieceTrie {
  /** By byte: the root's child, 0 where there is none, and the id that ends there, or -1. */
  readonly firstNode = new Int32Array(256);
  readonly firstId = new Int32Array(256).fill(-1);
  slots = new Int32Array(4 << 8);
  mask = (1 << 8) - 1;
  #entries = 0;
  #nodes = 1;
  readonly #limit: ProbeLimit;
  readonly #tooLarge: () => Error;

  /** `bytes`: the length of all strings together. */
  constructor(bytes: number, tooLarge: () => Error) {
    this.#limit = new ProbeLimit(2 * bytes);
    this.#tooLarge = tooLarge;
  }

  /** Of equal strings the last one's id counts. Returns that of the one before, -1 without one. */
  add(bytes: Uint8Array, start: number, length: number, id: number): number {
    const first = bytes[start] as number;
    if (length === 1) {
      const before = this.firstId[first] as number;
      this.firstId[first] = id;
      return before;
    }
    if (this.firstNode[first] === 0) this.firstNode[first] = this.#newNode();
    let node = this.firstNode[first] as number;
    for (let at = start + 1; ; at++) {
      const entry = this.#entryFor(node, bytes[at] as number);
      if (at === start + length - 1) {
        const before = (this.slots[entry + 2] as number) - 1;
        this.slots[entry + 2] = id + 1;
        return before;
      }
      node = this.slots[entry + 1] as number;
    }
  }

  /** Where the entry of a node's child begins in `slots`; -1 where there is none. */
  entry(node: number, byte: number): number {
    const key = (node << 8) | byte;
    const { slots, mask } = this;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const held = slots[slot << 2];
      if (held === key) return slot << 2;
      if (held === 0) return -1;
    }
  }

  /** The id of exactly these bytes, -1 if there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const first = bytes[start] as number;
    if (end - start === 1) return this.firstId[first] as number;
    let node = this.firstNode[first] as number;
    for (let at = start + 1; node !== 0; at++) {
      const entry = this.entry(node, bytes[at] as number);
      if (entry < 0) return -1;
      if (at === end - 1) return (this.slots[entry + 2] as number) - 1;
      node = this.slots[entry + 1] as number;
    }
    return -1;
  }

  /** All strings that begin at `at`, the shortest first, as [length, id]. */
  matches(bytes: Uint8Array, at: number, end: number): [length: number, id: number][] {
    const found: [number, number][] = [];
    const first = bytes[at] as number;
    if ((this.firstId[first] as number) >= 0) found.push([1, this.firstId[first] as number]);
    let node = this.firstNode[first] as number;
    for (let read = at + 1; read < end && node !== 0; read++) {
      const entry = this.entry(node, bytes[read] as number);
      if (entry < 0) break;
      const id = (this.slots[entry + 2] as number) - 1;
      if (id >= 0) found.push([read + 1 - at, id]);
      node = this.slots[entry + 1] as number;
    }
    return found;
  }

  #newNode(): number {
    if (this.#nodes === mostNodes) throw this.#tooLarge();
    return this.#nodes++;
  }

  #entryFor(node: number, byte: number): number {
    if (2 * this.#entries > this.mask) this.#grow();
    const key = (node << 8) | byte;
    const slot = this.#slotOf(key);
    if (this.slots[slot] === 0) {
      this.slots[slot] = key;
      this.slots[slot + 1] = this.#newNode();
      this.#entries++;
    }
    return slot;
  }

  #slotOf(key: number): number {
    let slot = hashOf(key) & this.mask;
    for (let held = this.slots[slot << 2]; held !== key && held !== 0; held = this.slots[slot << 2]) {
      slot = (slot + 1) & this.mask;
      this.#limit.probe();
    }
    return slot << 2;
  }

  #grow(): void {
    const { slots } = this;
    this.slots = new Int32Array(2 * slots.length);
    this.mask = 2 * this.mask + 1;
    for (let from = 0; from < slots.length; from += 4) {
      const key = slots[from] as number;
      if (key === 0) continue;
      const to = this.#slotOf(key);
      this.slots[to] = key;
      this.slots[to + 1] = slots[from + 1] as number;
      this.slots[to + 2] = slots[from + 2] as number;
    }
  }
}

export function hashOf(key: number): number {
  const hash = Math.imul(key, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
