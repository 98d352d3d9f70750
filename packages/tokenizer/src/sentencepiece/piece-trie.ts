import { ProbeLimit } from "../bpe/probe-limit.ts";
import { PackedTrie } from "./packed-trie.ts";

/** Keys are a node and a byte in 32 bits. */
const mostNodes = 2 ** 24;

/** Byte strings of at least one byte with an id each, gathered one by one and then packed for walking along a text. */
export class PieceTrie {
  /** Open addressing: the node and the byte + 1 in the low bits … */
  #keys = new Int32Array(1 << 9);
  /** … and the child that they lead to. */
  #children = new Int32Array(1 << 9);
  /** By node: the id that ends there, -1 without one. */
  #ids = new Int32Array((1 << 8) + 2).fill(-1);
  #nodes = 1;
  #packed: PackedTrie | undefined;
  readonly #limit: ProbeLimit;
  readonly #tooLarge: () => Error;

  /** `bytes`: the length of all strings together. */
  constructor(bytes: number, tooLarge: () => Error) {
    this.#limit = new ProbeLimit(2 * bytes);
    this.#tooLarge = tooLarge;
  }

  /** Of equal strings the last one's id counts. Returns that of the one before, -1 without one. */
  add(bytes: Uint8Array, start: number, length: number, id: number): number {
    let node = 0;
    for (let at = start; at < start + length; at++) node = this.#childFor(node, bytes[at] as number);
    const before = this.#ids[node] as number;
    this.#ids[node] = id;
    return before;
  }

  /** After which nothing is added. Made when first asked for. */
  get packed(): PackedTrie {
    this.#packed ??= this.#pack();
    return this.#packed;
  }

  #childFor(node: number, byte: number): number {
    if (2 * this.#nodes > this.#keys.length) this.#grow();
    const key = (node << 8) | byte;
    const slot = this.#slotOf(key);
    if (this.#children[slot] !== 0) return this.#children[slot] as number;
    if (this.#nodes === mostNodes) throw this.#tooLarge();
    this.#keys[slot] = key;
    this.#children[slot] = this.#nodes;
    return this.#nodes++;
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    const hash = Math.imul(key, 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#children[slot] !== 0 && this.#keys[slot] !== key) {
      slot = (slot + 1) & mask;
      this.#limit.probe();
    }
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const children = this.#children;
    const ids = this.#ids;
    this.#keys = new Int32Array(2 * keys.length);
    this.#children = new Int32Array(2 * keys.length);
    this.#ids = new Int32Array(keys.length + 2).fill(-1);
    this.#ids.set(ids);
    for (const [from, child] of children.entries()) {
      if (child === 0) continue;
      const to = this.#slotOf(keys[from] as number);
      this.#keys[to] = keys[from] as number;
      this.#children[to] = child;
    }
  }

  #pack(): PackedTrie {
    const slots = this.#children.length;
    const count = this.#nodes - 1;
    const trie = {
      parents: new Int32Array(count),
      bytes: new Uint8Array(count),
      children: new Int32Array(count),
      ids: new Int32Array(count),
      nodes: this.#nodes,
    };
    let index = 0;
    for (let slot = 0; slot < slots; slot++) {
      const child = this.#children[slot] as number;
      if (child === 0) continue;
      const key = this.#keys[slot] as number;
      trie.parents[index] = key >>> 8;
      trie.bytes[index] = key & 0xff;
      trie.children[index] = child;
      trie.ids[index++] = this.#ids[child] as number;
    }
    this.#keys = this.#children = this.#ids = new Int32Array(0);
    return new PackedTrie(trie, this.#tooLarge);
  }
}
