import type { ByteSets } from "./byte-sets.ts";
import type { Node } from "./kinds.ts";

/** Where a page says nothing yet; never written to. */
const unknown = 0;
/** A page on which no byte leads on. */
const none = 32;

/**
 * What follows a node for each byte, as far as it was worked out: eight pages of 32 bytes a node, a page made when first written to.
 */
export class Rows {
  readonly #sets: ByteSets;
  /** Where a node's eight page numbers begin in `#heads`, 0 = no row yet. */
  #rowOf = new Int32Array(1024);
  #heads = new Int32Array(8 * 256);
  #headCount = 8;
  /** −1 = not worked out. */
  #pages = new Int32Array(32 * 256);
  #pageCount = 64;

  constructor(sets: ByteSets) {
    this.#sets = sets;
    this.#pages.fill(-1, 0, 32);
  }

  get bytes(): number {
    return 4 * (this.#rowOf.length + this.#headCount + this.#pageCount);
  }

  forget(): void {
    this.#rowOf.fill(0);
    this.#headCount = 8;
    this.#pageCount = 64;
  }

  /** What follows; 0 = nothing, −1 = not worked out. */
  get(node: Node, byte: number): Node {
    const row = node < this.#rowOf.length ? (this.#rowOf[node] as number) : 0;
    return this.#pages[(this.#heads[row + (byte >>> 5)] as number) + (byte & 31)] as number;
  }

  /** All bytes outside the set lead to nothing. Returns the row. */
  setReach(node: Node, reach: number): number {
    if (node >= this.#rowOf.length) this.#rowOf = grown(this.#rowOf, node + 1);
    const known = this.#rowOf[node] as number;
    if (known !== 0) return known;
    const row = this.#headCount;
    this.#headCount += 8;
    if (this.#headCount > this.#heads.length) this.#heads = grown(this.#heads, this.#headCount);
    for (let w = 0; w < 8; w++) this.#heads[row + w] = this.#sets.words[8 * reach + w] === 0 ? none : unknown;
    this.#rowOf[node] = row;
    return row;
  }

  /** All bytes of the class (the eight words from `at`), as far as they are within the reach, lead to `left`. */
  set(node: Node, reach: number, words: Uint32Array, at: number, left: Node): void {
    const row = this.setReach(node, reach);
    for (let w = 0; w < 8; w++) {
      const within = this.#sets.words[8 * reach + w] as number;
      let word = (words[at + w] as number) & within;
      if (word === 0) continue;
      let page = this.#heads[row + w] as number;
      if (page === unknown) {
        page = this.#page(within);
        this.#heads[row + w] = page;
      }
      for (; word !== 0; word &= word - 1) this.#pages[page + 31 - Math.clz32(word & -word)] = left;
    }
  }

  #page(reach: number): number {
    const page = this.#pageCount;
    this.#pageCount += 32;
    if (this.#pageCount > this.#pages.length) this.#pages = grown(this.#pages, this.#pageCount);
    for (let bit = 0; bit < 32; bit++) this.#pages[page + bit] = (reach >>> bit) & 1 ? -1 : 0;
    return page;
  }
}

function grown(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * array.length, least));
  larger.set(array);
  return larger;
}
