/** Sets of bytes, interned: a set is a number, eight words of 32 bits each. Set 0 has no byte, set 1 all. */
export class ByteSets {
  /** Word w of set s is `words[8 * s + w]`. */
  words = new Uint32Array(8 * 64);
  count = 0;
  readonly #byHash = new Map<number, number[]>();
  readonly #scratch = new Uint32Array(8);

  constructor() {
    this.intern(new Uint32Array(8));
    this.intern(new Uint32Array(8).fill(0xffffffff));
  }

  has(set: number, byte: number): boolean {
    return (((this.words[8 * set + (byte >>> 5)] as number) >>> (byte & 31)) & 1) === 1;
  }

  intern(bits: Uint32Array): number {
    let hash = 0;
    for (let w = 0; w < 8; w++) hash = (Math.imul(hash ^ (bits[w] as number), 0x9e3779b1) + 0x7f4a7c15) | 0;
    const same = this.#byHash.get(hash);
    if (same) for (const other of same) if (this.#equals(other, bits)) return other;
    if (8 * (this.count + 1) > this.words.length) {
      const grown = new Uint32Array(2 * this.words.length);
      grown.set(this.words);
      this.words = grown;
    }
    this.words.set(bits, 8 * this.count);
    if (same) same.push(this.count);
    else this.#byHash.set(hash, [this.count]);
    return this.count++;
  }

  #equals(set: number, bits: Uint32Array): boolean {
    for (let w = 0; w < 8; w++) if (this.words[8 * set + w] !== bits[w]) return false;
    return true;
  }

  range(from: number, to: number): number {
    const bits = new Uint32Array(8);
    for (let byte = from; byte <= to; byte++) add(bits, byte);
    return this.intern(bits);
  }

  copy(set: number): Uint32Array {
    return this.words.slice(8 * set, 8 * set + 8);
  }

  union(x: number, y: number): number {
    if (x === y || y === 0) return x;
    if (x === 0) return y;
    for (let w = 0; w < 8; w++) this.#scratch[w] = (this.words[8 * x + w] as number) | (this.words[8 * y + w] as number);
    return this.intern(this.#scratch);
  }

  intersection(x: number, y: number): number {
    if (x === y) return x;
    for (let w = 0; w < 8; w++) this.#scratch[w] = (this.words[8 * x + w] as number) & (this.words[8 * y + w] as number);
    return this.intern(this.#scratch);
  }
}

export const add = (bits: Uint32Array, byte: number): void => {
  bits[byte >>> 5] = (bits[byte >>> 5] as number) | (1 << (byte & 31));
};

/** The least byte of a set given as eight words; −1 for none. */
export function leastByte(bits: Uint32Array): number {
  for (let w = 0; w < 8; w++) {
    const word = bits[w] as number;
    if (word !== 0) return 32 * w + 31 - Math.clz32(word & -word);
  }
  return -1;
}

export function* bytesOf(bits: Uint32Array): Generator<number> {
  for (let byte = 0; byte < 256; byte++) if (((bits[byte >>> 5] as number) >>> (byte & 31)) & 1) yield byte;
}
