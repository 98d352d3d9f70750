/** A node's children as they are added: the bytes that lead to them, the nodes (0: none), and the ids that end there (-1: none). */
export interface LooseTrie {
  /** Of all children: the parent, the byte, the child's number and id. Parents and children count from 0, which is the root. */
  parents: Int32Array;
  bytes: Uint8Array;
  children: Int32Array;
  ids: Int32Array;
  nodes: number;
}

/** Forty times what published vocabularies take. */
const mostPlaces = 2 ** 24;
/** Places that are tried before a node's children go to the end of the array. */
const mostTries = 64;

/**
 * A trie in one array: the child of the node at place `n` over a byte is at `base[n] + byte`, if `check` there says `n`.
 * source  J. Aoe 1989, "An Efficient Digital Search Algorithm by Using a Double-Array Structure"
 */
export class PackedTrie {
  base = new Int32Array(1 << 10);
  check = new Int32Array(1 << 10);
  /** The id that ends at a place, or -1. */
  ids = new Int32Array(1 << 10).fill(-1);
  /** The place of the root. Places below 256 hold nothing, so that a node without children, whose base is 0, leads nowhere. */
  readonly root = 256;
  /** The first place that may be free. */
  #free = 257;
  #end = 257;

  readonly #tooLarge: () => Error;

  constructor({ parents, bytes, children, ids, nodes }: LooseTrie, tooLarge: () => Error) {
    this.#tooLarge = tooLarge;
    const first = new Int32Array(nodes + 1);
    for (const parent of parents) first[parent + 1] = (first[parent + 1] as number) + 1;
    for (let node = 0; node < nodes; node++) first[node + 1] = (first[node + 1] as number) + (first[node] as number);
    const filled = first.slice();
    const order = new Int32Array(parents.length);
    for (let index = 0; index < parents.length; index++) {
      const parent = parents[index] as number;
      order[filled[parent] as number] = index;
      filled[parent] = (filled[parent] as number) + 1;
    }
    const places = new Int32Array(nodes);
    places[0] = this.root;
    this.check[this.root] = -1;
    // Parents have lower numbers than their children, so that they have their place before.
    for (let node = 0; node < nodes; node++) {
      const from = first[node] as number;
      const until = first[node + 1] as number;
      if (from === until) continue;
      const base = this.#baseFor(bytes, order, from, until);
      const place = places[node] as number;
      this.base[place] = base;
      for (let at = from; at < until; at++) {
        const index = order[at] as number;
        const childPlace = base + (bytes[index] as number);
        this.check[childPlace] = place;
        this.ids[childPlace] = ids[index] as number;
        places[children[index] as number] = childPlace;
        this.#end = Math.max(this.#end, childPlace + 1);
      }
    }
  }

  /** The place of a child, or -1. */
  child(place: number, byte: number): number {
    const next = (this.base[place] as number) + byte;
    return this.check[next] === place ? next : -1;
  }

  /** The id of exactly these bytes, -1 if there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let place = this.root;
    for (let at = start; at < end; at++) {
      place = this.child(place, bytes[at] as number);
      if (place < 0) return -1;
    }
    return this.ids[place] as number;
  }

  /** All strings that begin at `at`, the shortest first, as [length, id]. */
  matches(bytes: Uint8Array, at: number, end: number): [length: number, id: number][] {
    const found: [number, number][] = [];
    let place = this.root;
    for (let read = at; read < end; read++) {
      place = this.child(place, bytes[read] as number);
      if (place < 0) break;
      const id = this.ids[place] as number;
      if (id >= 0) found.push([read + 1 - at, id]);
    }
    return found;
  }

  /** A base from which all children of a node fall on free places. */
  #baseFor(bytes: Uint8Array, order: Int32Array, from: number, until: number): number {
    const lead = bytes[order[from] as number] as number;
    this.#reserve(this.#end + 1);
    while (this.check[this.#free] !== 0) this.#free++;
    let place = this.#free;
    for (let tries = 0; tries < mostTries && place < this.#end; tries++) {
      const base = place - lead;
      this.#reserve(base + 256);
      if (base > 0 && this.#fits(base, bytes, order, from, until)) return base;
      do place++;
      while (place < this.#end && this.check[place] !== 0);
    }
    this.#reserve(this.#end + 256);
    return this.#end;
  }

  #fits(base: number, bytes: Uint8Array, order: Int32Array, from: number, until: number): boolean {
    for (let at = from; at < until; at++) {
      const place = base + (bytes[order[at] as number] as number);
      if (place <= this.root || this.check[place] !== 0) return false;
    }
    return true;
  }

  #reserve(size: number): void {
    if (size < this.base.length) return;
    if (size > mostPlaces) throw this.#tooLarge();
    const larger = Math.max(size + 1, 2 * this.base.length);
    const base = new Int32Array(larger);
    const check = new Int32Array(larger);
    const ids = new Int32Array(larger).fill(-1);
    base.set(this.base);
    check.set(this.check);
    ids.set(this.ids);
    this.base = base;
    this.check = check;
    this.ids = ids;
  }
}
