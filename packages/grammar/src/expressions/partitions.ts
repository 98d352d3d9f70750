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
  readonly #byHash = new Map<number, number[]>();
  readonly #ofSet = new Map<number, number>();
  readonly #together = new Map<number, number>();
  readonly #scratch = new Uint8Array(256);

  constructor() {
    this.#intern(1);
  }

  get(partition: number): Partition {
    return this.#all[partition] as Partition;
  }

  /** A set and what is not in it. */
  ofSet(sets: ByteSets, set: number): number {
    let partition = this.#ofSet.get(set);
    if (partition === undefined) {
      const first = sets.has(set, 0);
      let classes = 1;
      for (let byte = 0; byte < 256; byte++) {
        const other = sets.has(set, byte) === first ? 0 : 1;
        classes |= 2 * other;
        this.#scratch[byte] = other;
      }
      partition = this.#intern(classes === 1 ? 1 : 2);
      this.#ofSet.set(set, partition);
    }
    return partition;
  }

  /** Bytes with the same value are in one class: 256 values from `start`. */
  ofValues(values: Int32Array, start: number): number {
    const classes = new Map<number, number>();
    for (let byte = 0; byte < 256; byte++) {
      const value = values[start + byte] as number;
      let known = classes.get(value);
      if (known === undefined) {
        known = classes.size;
        classes.set(value, known);
      }
      this.#scratch[byte] = known;
    }
    return this.#intern(classes.size);
  }

  /** Two bytes are in one class where they are so in both. */
  together(x: number, y: number): number {
    if (x === y || y === 0) return x;
    if (x === 0) return y;
    const key = x < y ? x * 2 ** 26 + y : y * 2 ** 26 + x;
    let partition = this.#together.get(key);
    if (partition === undefined) {
      partition = this.#togetherAnew(this.get(x), this.get(y));
      this.#together.set(key, partition);
    }
    return partition;
  }

  #togetherAnew({ classOf: a }: Partition, { classOf: b }: Partition): number {
    let count = 0;
    for (let byte = 0; byte < 256; byte++) {
      const pair = 256 * (a[byte] as number) + (b[byte] as number);
      let known = pairs[pair] as number;
      if (known < 0) {
        known = count++;
        pairs[pair] = known;
      }
      this.#scratch[byte] = known;
    }
    for (let byte = 0; byte < 256; byte++) pairs[256 * (a[byte] as number) + (b[byte] as number)] = -1;
    return this.#intern(count);
  }

  /** What stands in `#scratch`. Classes are numbered by their least byte, so equal partitions are equal arrays. */
  #intern(count: number): number {
    const classes = this.#scratch;
    let hash = count;
    for (let byte = 0; byte < 256; byte++) hash = (Math.imul(hash, 31) + (classes[byte] as number)) | 0;
    const same = this.#byHash.get(hash);
    if (same) for (const other of same) if (equal(this.get(other).classOf, classes)) return other;
    const samples = new Uint8Array(count);
    const words = new Uint32Array(8 * count);
    for (let byte = 255; byte >= 0; byte--) {
      const of = classes[byte] as number;
      samples[of] = byte;
      const word = 8 * of + (byte >>> 5);
      words[word] = (words[word] as number) | (1 << (byte & 31));
    }
    const partition = this.#all.push({ classOf: classes.slice(), samples, words }) - 1;
    if (same) same.push(partition);
    else this.#byHash.set(hash, [partition]);
    return partition;
  }
}

/** The class of a pair of classes while two partitions are put together, −1 = not met, [256 · 256]. */
const pairs = new Int16Array(65_536).fill(-1);

function equal(x: Uint8Array, y: Uint8Array): boolean {
  for (let byte = 0; byte < 256; byte++) if (x[byte] !== y[byte]) return false;
  return true;
}
