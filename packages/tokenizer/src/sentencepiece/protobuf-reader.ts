/**
 * Reads one message of protobuf's wire format, field by field. `bad` makes the error for bytes that are none; every length is checked against the
 * bytes that are left, and nothing is copied.
 * source  https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #bad: (what: string) => Error;
  #at = 0;
  #wire = 0;
  /** Number of the field whose value is read next. */
  field = 0;

  constructor(bytes: Uint8Array, bad: (what: string) => Error) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#bad = bad;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at === this.#bytes.length) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#wire = tag % 8;
    if (this.field === 0) throw this.#bad("field number 0");
    return true;
  }

  /** An int32, bool or enum. */
  integer(): number {
    this.#expect(0);
    return this.#varint() | 0;
  }

  float(): number {
    this.#expect(5);
    return this.#view.getFloat32(this.#take(4), true);
  }

  /** A view of a bytes, string or message field. */
  bytes(): Uint8Array {
    this.#expect(2);
    const length = this.#varint();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Passes over the value of a field that is not wanted. */
  skip(): void {
    if (this.#wire === 0) this.#varint();
    else if (this.#wire === 1) this.#take(8);
    else if (this.#wire === 2) this.#take(this.#varint());
    else if (this.#wire === 5) this.#take(4);
    else throw this.#bad(`wire type ${this.#wire} in field ${this.field}`);
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) throw this.#bad(`field ${this.field} has wire type ${this.#wire}, not ${wire}`);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw this.#bad(`field ${this.field} needs ${length} bytes where ${this.#bytes.length - at} are left`);
    this.#at = at + length;
    return at;
  }

  /** Up to 2⁵³ exactly; the high bits of a negative int32 may be lost, which `integer` does not need. */
  #varint(): number {
    let value = 0;
    for (let scale = 1, index = 0; index < 10; index++, scale *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw this.#bad("the file ends inside a number");
      this.#at++;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw this.#bad("a number of more than ten bytes");
  }
}
