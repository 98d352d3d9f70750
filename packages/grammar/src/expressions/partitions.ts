import type { ByteSets } from "./byte-sets.ts";

/** The 256 bytes in classes. */
export interface Partition {
  /** The class of each byte, [256]. */
  classOf: Uint8Array;
  /** A byte of each class, [classes]. */
  samples: Uint8Array;
  /** Each class as a set of bytes, eight words a class. */
  words: Uint32Array;
}

/** Partitions of the bytes, interned, and what two of them are together. Partition 0 has one class. */
export class Partitions {
  readonly #all: Partition[] = [];
  readonly #known = new Map<string, number>();
  readonly #ofSet = new Map<number, number>();
  readonly #together = new Map<number, number>();
  readonly #scratch = new Uint8Array(256);

  constructor() {
    this.#intern(new Uint8Array(256), 1);
  }

  get(partition: number): Partition {
    return this.#all[partition] as Partition;
  }

  /** A set and what is not in it. */
  ofSet(sets: ByteSets, set: number): number {
    let partition = this.#ofSet.get(set);
    if (partition === undefined) {
      partition = this.ofValues((byte) => (sets.has(set, byte) ? 1 : 0));
      this.#ofSet.set(set, partition);
    }
    return partition;
  }

  /** Bytes with the same value are in one class. */
  ofValues(valueOf: (byte: number) => number): number {
    const classes = new Map<number, number>();
    for (let byte = 0; byte < 256; byte++) {
      const value = valueOf(byte);
      let known = classes.get(value);
      if (known === undefined) {
        known = classes.size;
        classes.set(value, known);
      }
      this.#scratch[byte] = known;
    }
    return this.#intern(this.#scratch, classes.size);
  }

  /** Two bytes are in one class where they are so in both. */
  together(x: number, y: number): number {
    if (x === y || y === 0) return x;
    if (x === 0) return y;
    const key = x < y ? x * 2 ** 26 + y : y * 2 ** 26 + x;
    let partition = this.#together.get(key);
    if (partition === undefined) {
      const { classOf: a } = this.#all[x] as Partition;
      const { classOf: b } = this.#all[y] as Partition;
      partition = this.ofValues((byte) => 256 * (a[byte] as number) + (b[byte] as number));
      this.#together.set(key, partition);
    }
    return partition;
  }

  /** Classes are numbered by their least byte, so equal partitions are equal arrays. */
  #intern(classes: Uint8Array, count: number): number {
    const key = String.fromCharCode(...classes);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const samples = new Uint8Array(count);
    const words = new Uint32Array(8 * count);
    for (let byte = 255; byte >= 0; byte--) {
      const of = classes[byte] as number;
      samples[of] = byte;
      const word = 8 * of + (byte >>> 5);
      words[word] = (words[word] as number) | (1 << (byte & 31));
    }
    const partition = this.#all.push({ classOf: classes.slice(), samples, words }) - 1;
    this.#known.set(key, partition);
    return partition;
  }
}
