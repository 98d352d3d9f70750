/** Where everything stands in memory, in bytes. What depends on the vocabulary's size comes last, placed by `layout`. */

/** For `masked`: how many of 16 bytes count. */
export const MASKS: usize = 0;
/** Four vectors, each with one of its four lanes set. */
export const LANES: usize = 320;
/** The numbers 0 … 255, and 0. */
export const PLACES: usize = 384;
/** The token of each byte. */
export const BYTE_IDS: usize = 1024;
/** What a merge works on, a place for each byte of the piece: which place comes next, which before, what token is there, when it merges with the next. */
export const FOLLOWING: usize = 2048;
export const PREVIOUS: usize = 2304;
export const KEYS: usize = 3072;
export const SYMBOLS: usize = 4096;
/** The class of each byte that is a character. */
export const ASCII_CLASSES: usize = 7168;
/** The key of each pair of bytes. */
export const BYTE_PAIRS: usize = 8192;
/** The pairs seen last: what they are, and their key with all bits flipped. */
export const MEMO: usize = BYTE_PAIRS + (1 << 18);
export const memoBits: u32 = 16;
/** By code point >> 7, which block of 128 classes is its own; and the blocks. */
export const CLASS_BLOCKS: usize = MEMO + (8 << memoBits);
export const CLASSES: usize = CLASS_BLOCKS + 17408;
export const mostClassBlocks: i32 = 512;
/** The text, and beyond it as much as may be read. */
export const TEXT: usize = CLASSES + 128 * mostClassBlocks;
export const mostText: i32 = 1 << 17;
/** One id a byte at most. */
export const IDS: usize = TEXT + mostText + 1024;
/** The vocabulary's tables: bpe/vocabulary.ts says what they hold. */
export const FILTER: usize = IDS + 4 * mostText + 1024;
export let filterShift: u32 = 0;
export let slots: usize = 0;
export let slotsMask: usize = 0;
export let starts: usize = 0;
export let lengths: usize = 0;
export let arena: usize = 0;
/** Known pieces, one after the other, and the tables that lead to them, each twice as large as the one before it. */
export let records: usize = 0;
export const mostRecords: usize = 1 << 22;
export let tables: usize = 0;
export const mostTableBits: u32 = 18;

/** Places what depends on the vocabulary. Returns how many bytes of memory it takes in all. */
export function layout(filterBytes: i32, slotBytes: i32, tokens: i32, arenaBytes: i32): usize {
  filterShift = clz(8 * filterBytes) + 1;
  slots = (FILTER + filterBytes + 63) & ~63;
  slotsMask = slotBytes - 1;
  starts = slots + slotBytes;
  lengths = starts + 4 * tokens;
  arena = lengths + 4 * tokens;
  records = (arena + arenaBytes + 79) & ~63;
  tables = records + mostRecords;
  return tables + (<usize>8 << mostTableBits);
}

/** The first 16 bytes at `at` of which `size` count, the others 0. */
@inline
export function masked(at: usize, size: u32): v128 {
  return v128.and(v128.load(at), v128.load(MASKS + 16 * <usize>min<u32>(size, 16)));
}

/** Whether the bytes are the same. Reads up to seven bytes beyond. */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  const rest = length & 7;
  return rest == 0 || ((load<u64>(a + at) ^ load<u64>(b + at)) & ((<u64>1 << (8 * rest)) - 1)) == 0;
}
