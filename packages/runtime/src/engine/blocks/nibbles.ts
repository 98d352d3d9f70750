/** Sets the 4-bit number at an index, counted through the bytes, the lower half of each first. */
export function setNibble(bytes: Uint8Array, index: number, value: number): void {
  const byte = bytes[index >> 1] ?? 0;
  bytes[index >> 1] = index % 2 === 0 ? (byte & 0xf0) | value : (byte & 0x0f) | (value << 4);
}
