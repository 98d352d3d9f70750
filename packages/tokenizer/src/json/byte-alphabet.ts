/**
 * The characters under which byte-level vocabularies write bytes: printable ones stand for themselves, the other 68 bytes
 * for U+0100 … U+0143 in order (a space is "Ġ").
 * source  openai/gpt-2, encoder.py, bytes_to_unicode
 */
const isPrintable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const largest = 0x143;
const byteOf = new Int16Array(largest + 1).fill(-1);
let others = 0;
for (let byte = 0; byte < 256; byte++) byteOf[isPrintable(byte) ? byte : 0x100 + others++] = byte;

/** The character of every byte. */
export const byteCharacters: readonly string[] = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byteOf.indexOf(byte)));

/** Writes the bytes that `text` from `start` to `end` stands for into `target` from `at` on; their number, or -1 where a character stands for no byte. */
export function writeBytes(text: string, target: Uint8Array, at: number, start = 0, end = text.length): number {
  const offset = at - start;
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index);
    const byte = unit > largest ? -1 : (byteOf[unit] as number);
    if (byte < 0) return -1;
    target[offset + index] = byte;
  }
  return end - start;
}
