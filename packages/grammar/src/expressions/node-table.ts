import { Kind, type Node } from "./kinds.ts";

/** Expressions as rows of numbers, each structure once: made only through `intern` and `internList`. */
export class NodeTable {
  kinds = new Uint8Array(1024);
  a = new Int32Array(1024);
  b = new Int32Array(1024);
  c = new Int32Array(1024);
  count = 0;
  /** Members of choices and intersections, one list after the other. */
  pool = new Int32Array(4096);
  #poolCount = 0;
  /** Open addressing; node + 1, 0 = free. Never more than half full. */
  #slots = new Int32Array(4096);

  constructor() {
    this.intern(Kind.nothing, 0, 0, 0);
    this.intern(Kind.empty, 0, 0, 0);
  }

  get bytes(): number {
    return this.kinds.length * 13 + this.pool.length * 4 + this.#slots.length * 4;
  }

  intern(kind: number, a: number, b: number, c: number): Node {
    const { kinds } = this;
    const mask = this.#slots.length - 1;
    let slot = mix(kind, a, b, c) & mask;
    for (let entry = this.#slots[slot] as number; entry !== 0; entry = this.#slots[slot] as number) {
      const node = entry - 1;
      if (this.a[node] === a && this.b[node] === b && this.c[node] === c && kinds[node] === kind) return node;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, kind, a, b, c);
  }

  /** `members` sorted, the first `count` of them; kept for `choice` and `both`. c holds a hash of the members. */
  internList(kind: number, members: ArrayLike<number>, count: number): Node {
    let hash = count;
    for (let i = 0; i < count; i++) hash = (Math.imul(hash ^ (members[i] as number), 0x9e3779b1) + 0x7f4a7c15) | 0;
    const mask = this.#slots.length - 1;
    let slot = mix(kind, count, hash, 0) & mask;
    for (let entry = this.#slots[slot] as number; entry !== 0; entry = this.#slots[slot] as number) {
      const node = entry - 1;
      if (this.c[node] === hash && this.b[node] === count && this.kinds[node] === kind && this.#sameMembers(node, members, count)) return node;
      slot = (slot + 1) & mask;
    }
    const start = this.#poolCount;
    if (start + count > this.pool.length) {
      const grown = new Int32Array(Math.max(2 * this.pool.length, start + count));
      grown.set(this.pool);
      this.pool = grown;
    }
    for (let i = 0; i < count; i++) this.pool[start + i] = members[i] as number;
    this.#poolCount += count;
    return this.#add(slot, kind, start, count, hash);
  }

  #sameMembers(node: Node, members: ArrayLike<number>, count: number): boolean {
    const start = this.a[node] as number;
    for (let i = 0; i < count; i++) if (this.pool[start + i] !== members[i]) return false;
    return true;
  }

  #add(slot: number, kind: number, a: number, b: number, c: number): Node {
    const node = this.count++;
    if (node === this.kinds.length) this.#grow();
    this.kinds[node] = kind;
    this.a[node] = a;
    this.b[node] = b;
    this.c[node] = c;
    this.#slots[slot] = node + 1;
    if (2 * this.count > this.#slots.length) this.#rehash();
    return node;
  }

  #grow(): void {
    const size = 2 * this.kinds.length;
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
    for (const field of ["a", "b", "c"] as const) {
      const grown = new Int32Array(size);
      grown.set(this[field]);
      this[field] = grown;
    }
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let node = 0; node < this.count; node++) {
      const kind = this.kinds[node] as number;
      const list = kind === Kind.choice || kind === Kind.both;
      let slot =
        (list
          ? mix(kind, this.b[node] as number, this.c[node] as number, 0)
          : mix(kind, this.a[node] as number, this.b[node] as number, this.c[node] as number)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }
}

function mix(kind: number, a: number, b: number, c: number): number {
  let h = Math.imul(a ^ (kind << 26), 0x9e3779b1);
  h = Math.imul((h ^ (h >>> 15)) + b, 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 13)) + c, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
