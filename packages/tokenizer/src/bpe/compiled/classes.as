import { ASCII_CLASSES, CLASS_BLOCKS, CLASSES } from "./memory";

// The classes of scan/character-class.ts.
export const UPPER: u32 = 1;
export const LOWER: u32 = 2;
export const CASELESS: u32 = 4;
export const MARK: u32 = 8;
export const NUMBER: u32 = 16;
export const LINE_END: u32 = 32;
export const LETTER: u32 = 7;
export const WHITE: u32 = 96;
export const BEYOND_ASCII: u32 = 128;

@inline
export function asciiClass(at: usize): u32 {
  return load<u8>(ASCII_CLASSES + <usize>load<u8>(at));
}

/** The class of the code point whose UTF-8 form starts at `at`. */
export function classAt(at: usize): u32 {
  const lead = <u32>load<u8>(at);
  if (lead < 0x80) return load<u8>(ASCII_CLASSES + lead);
  const second = <u32>load<u8>(at, 1) & 0x3f;
  if (lead < 0xe0) return classOf(((lead & 0x1f) << 6) | second);
  const third = <u32>load<u8>(at, 2) & 0x3f;
  if (lead < 0xf0) return classOf(((lead & 0x0f) << 12) | (second << 6) | third);
  return classOf(((lead & 0x07) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(at, 3) & 0x3f));
}

@inline
function classOf(point: u32): u32 {
  const block = <usize>load<u16>(CLASS_BLOCKS + ((point >> 7) << 1));
  return load<u8>(CLASSES + (block << 7) + (point & 127));
}

@inline
export function next(at: usize): usize {
  const lead = <u32>load<u8>(at);
  return at + (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}
