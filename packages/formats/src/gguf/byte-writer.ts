import { type GgufNumberType, numberArrays } from "./values.ts";

const utf8 = new TextEncoder();

/** Little-endian bytes, appended. */
export class ByteWriter {
  #bytes = new Uint8Array(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  number(type: GgufNumberType, value: number | bigint): void {
    const at = this.#reserve(8);
    put[type](this.#view, at, value);
    this.#length += numberArrays[type].BYTES_PER_ELEMENT;
  }

  string(text: string): void {
    const bytes = utf8.encode(text);
    this.number("uint64", BigInt(bytes.length));
    this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
    this.#length += bytes.length;
  }

  /** Zeros up to the next multiple of `alignment`. */
  padTo(alignment: number): void {
    const missing = (alignment - (this.#length % alignment)) % alignment;
    this.#reserve(missing);
    this.#length += missing;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(length: number): number {
    if (this.#length + length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return this.#length;
  }
}

const put: Record<GgufNumberType, (view: DataView, at: number, value: number | bigint) => void> = {
  uint8: (view, at, value) => view.setUint8(at, Number(value)),
  int8: (view, at, value) => view.setInt8(at, Number(value)),
  uint16: (view, at, value) => view.setUint16(at, Number(value), true),
  int16: (view, at, value) => view.setInt16(at, Number(value), true),
  uint32: (view, at, value) => view.setUint32(at, Number(value), true),
  int32: (view, at, value) => view.setInt32(at, Number(value), true),
  uint64: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  int64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  float32: (view, at, value) => view.setFloat32(at, Number(value), true),
  float64: (view, at, value) => view.setFloat64(at, Number(value), true),
};
