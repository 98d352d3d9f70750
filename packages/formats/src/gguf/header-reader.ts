import { badGguf } from "./bad-gguf.ts";
import type { ByteSource } from "./byte-source.ts";
import { limits } from "./limits.ts";

const windowBytes = 256 * 1024;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a header from front to back through a window on the file; every read past the end is a `bad-gguf` that names what was being read. */
export class HeaderReader {
  readonly #source: ByteSource;
  #bytes: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(this.#bytes.buffer);
  /** Where the window starts in the file, and the place in the window that is read next. */
  #start = 0;
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get offset(): number {
    return this.#start + this.#at;
  }

  get left(): number {
    return this.#source.size - this.offset;
  }

  uint8(what: string): number {
    const at = this.#take(1, what);
    return this.#bytes[at] as number;
  }

  int8(what: string): number {
    const at = this.#take(1, what);
    return this.#view.getInt8(at);
  }

  uint16(what: string): number {
    const at = this.#take(2, what);
    return this.#view.getUint16(at, true);
  }

  int16(what: string): number {
    const at = this.#take(2, what);
    return this.#view.getInt16(at, true);
  }

  uint32(what: string): number {
    const at = this.#take(4, what);
    return this.#view.getUint32(at, true);
  }

  int32(what: string): number {
    const at = this.#take(4, what);
    return this.#view.getInt32(at, true);
  }

  uint64(what: string): bigint {
    const at = this.#take(8, what);
    return this.#view.getBigUint64(at, true);
  }

  int64(what: string): bigint {
    const at = this.#take(8, what);
    return this.#view.getBigInt64(at, true);
  }

  float32(what: string): number {
    const at = this.#take(4, what);
    return this.#view.getFloat32(at, true);
  }

  float64(what: string): number {
    const at = this.#take(8, what);
    return this.#view.getFloat64(at, true);
  }

  /** A count, size or offset that must stay at or below `limit`. */
  size(what: string, limit: number): number {
    const at = this.#take(8, what);
    const size = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 0x1_0000_0000;
    if (size > limit) throw badGguf(this.offset - 8, `${what} is ${this.#view.getBigUint64(at, true)}, more than ${limit}`);
    return size;
  }

  string(what: string, limit: number): string {
    const bytes = this.stringBytes(what, limit);
    try {
      return utf8.decode(bytes);
    } catch {
      throw badGguf(this.offset - bytes.length, `${what} is not valid UTF-8`);
    }
  }

  /** A view that is valid until the next read. */
  stringBytes(what: string, limit: number): Uint8Array {
    const length = this.size("the length of a string", limit);
    const at = this.#take(length, what);
    return this.#bytes.subarray(at, at + length);
  }

  /** A copy, at an address that any typed array accepts. */
  copy(length: number, what: string): Uint8Array<ArrayBuffer> {
    const at = this.#take(length, what);
    return new Uint8Array(this.#bytes.subarray(at, at + length));
  }

  /** The place in the window of the next `length` bytes, which are counted as read. */
  #take(length: number, what: string): number {
    if (this.#at + length > this.#bytes.length) this.#moveWindow(length, what);
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #moveWindow(length: number, what: string): void {
    const { offset, left } = this;
    if (length > left) throw this.#truncated(what, length);
    if (offset + length > limits.headerBytes) throw badGguf(offset, `the header is longer than ${limits.headerBytes} bytes`);
    const wanted = Math.min(left, Math.max(length, windowBytes));
    const bytes = this.#source.read(offset, wanted);
    if (bytes.length !== wanted) throw badGguf(offset, `only ${bytes.length} of ${wanted} bytes could be read`);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#start = offset;
    this.#at = 0;
  }

  #truncated(what: string, length: number) {
    return badGguf(this.offset, `the file ends inside ${what}: ${length} bytes are needed, ${this.left} are left`);
  }
}
