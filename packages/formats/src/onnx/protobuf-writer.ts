import { encodeUtf8 } from "@cutaway/core";

/** Longer bytes are kept as they come and joined once at the end; shorter ones are put together at once. */
const shortBytes = 512;

/**
 * Writes protobuf's wire format. A large tensor inside three nested messages is copied once.
 * source  https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  /** What lies before the end. */
  readonly #parts: Uint8Array[] = [];
  #end = new Uint8Array(64);
  #used = 0;
  #length = 0;

  /** An int64, int32, bool or enum: any safe integer; negative ones take ten bytes, as the format has it. */
  integer(field: number, value: number): this {
    this.#tag(field, 0);
    if (value >= 0 && value < 2 ** 31) this.#varint(value);
    else this.#longVarint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    this.#makeRoom(4);
    new DataView(this.#end.buffer, this.#end.byteOffset).setFloat32(this.#used, value, true);
    this.#used += 4;
    this.#length += 4;
    return this;
  }

  /** Long ones are not copied before `finish`. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#append(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, encodeUtf8(value));
  }

  message(field: number, write: (message: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, 2);
    this.#varint(inner.#length);
    for (const part of inner.#parts) this.#append(part);
    this.#append(inner.#end.subarray(0, inner.#used));
    return this;
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of [...this.#parts, this.#end.subarray(0, this.#used)]) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #tag(field: number, wireType: 0 | 2 | 5): void {
    this.#varint(field * 8 + wireType);
  }

  /** `value` below 2^31. */
  #varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#byte((rest & 0x7f) | 0x80);
    this.#byte(rest);
  }

  #longVarint(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#byte(Number(rest & 0x7fn) | 0x80);
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    this.#makeRoom(1);
    this.#end[this.#used++] = value;
    this.#length++;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length > shortBytes) {
      this.#parts.push(this.#end.subarray(0, this.#used), bytes);
      this.#end = this.#end.subarray(this.#used);
      this.#used = 0;
    } else {
      this.#makeRoom(bytes.length);
      this.#end.set(bytes, this.#used);
      this.#used += bytes.length;
    }
    this.#length += bytes.length;
  }

  #makeRoom(count: number): void {
    if (this.#used + count <= this.#end.length) return;
    const larger = new Uint8Array(Math.max(64, 2 * (this.#used + count)));
    larger.set(this.#end.subarray(0, this.#used));
    this.#end = larger;
  }
}
