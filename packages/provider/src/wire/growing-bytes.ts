/** Bytes appended in pieces of any size, in one buffer that doubles: a million one-byte pieces cost what one piece costs. */
export interface GrowingBytes {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** A view of what was appended; valid until the next append. */
  view(): Uint8Array;
  clear(): void;
}

export function growingBytes(): GrowingBytes {
  let buffer = new Uint8Array(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    append(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(1024, (length + bytes.length) * 2));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
    },
    view: () => buffer.subarray(0, length),
    clear() {
      length = 0;
      if (buffer.length > 1 << 20) buffer = new Uint8Array(0);
    },
  };
}
