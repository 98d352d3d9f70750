/** A GGUF file byte by byte, so that a test can write what no writer would. */
export class RawGguf {
  readonly #parts: number[] = [];

  u8(...bytes: number[]): this {
    return this.raw(bytes);
  }

  /** One by one: a call has no room for a hundred thousand arguments on a small stack. */
  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#parts.push(byte);
    return this;
  }

  u32(value: number): this {
    return this.u8(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
  }

  u64(value: number | bigint): this {
    const big = BigInt(value);
    return this.u32(Number(big & 0xffff_ffffn)).u32(Number(big >> 32n));
  }

  text(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u64(bytes.length).raw(bytes);
  }

  header(tensors: number | bigint, metadata: number | bigint, version = 3): this {
    return this.u8(0x47, 0x47, 0x55, 0x46).u32(version).u64(tensors).u64(metadata);
  }

  tensor(name: string, shape: (number | bigint)[], type: number, offset: number | bigint): this {
    this.text(name).u32(shape.length);
    for (const dimension of shape) this.u64(dimension);
    return this.u32(type).u64(offset);
  }

  zeros(count: number): this {
    return this.raw(new Uint8Array(count));
  }

  get length(): number {
    return this.#parts.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}
