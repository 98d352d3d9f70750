/** Sets of bytes, interned: a set is a number, eight words of 32 bits each. Set 0 has no byte, set 1 all. */
export class ByteSets {
  /** Word w of set s is `words[8 * s + w]`. */
  words = new Uint32Array(8 * 64);
  count = 0;
  readonly #known = new Map<string, number>();

  constructor() {
    this.intern(new Uint32Array(8));
    this.intern(new Uint32Array(8).fill(0xffffffff));
  }

  has(set: number, byte: number): boolean {
    return (((this.words[8 * set + (byte >>> 5)] as number) >>> (byte & 31)) & 1) === 1;
  }

  intern(bits: Uint32Array): number {
    let key = "";
    for (let w = 0; w < 8; w++) key += String.fromCharCode((bits[w] as number) & 0xffff, (bits[w] as number) >>> 16);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (8 * (this.count + 1) > this.words.length) {
      const grown = new Uint32Array(2 * this.words.length);
      grown.set(this.words);
      this.words = grown;
    }
    this.words.set(bits, 8 * this.count);
    this.#known.set(key, this.count);
    return this.count++;
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
    if (x === y) return x;
    const bits = this.copy(x);
    for (let w = 0; w < 8; w++) bits[w] = (bits[w] as number) | (this.words[8 * y + w] as number);
    return this.intern(bits);
  }

  intersection(x: number, y: number): number {
    if (x === y) return x;
    const bits = this.copy(x);
    for (let w = 0; w < 8; w++) bits[w] = (bits[w] as number) & (this.words[8 * y + w] as number);
    return this.intern(bits);
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
