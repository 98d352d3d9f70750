import { masked, mostRecords, mostTableBits, records, sameBytes, tables } from "./memory";

/** Longer pieces are not remembered. */
export const longestKnown: u32 = 512;
const firstTableBits: u32 = 12;
/** A text may be made to collide: what is not found after so many looks is not remembered. */
const mostLooks: u32 = 64;

// A record: size | number of ids << 16; the bytes, 16 at least; the ids. An entry of the table: where the record is, in words, << 12 | 12 bits of
// the hash, whose highest bits say where to look first; 0 is free, and no record is at 0.
let tableBits: u32 = firstTableBits;
let table: usize = 0;
let used: usize = 4;
let entries: u32 = 0;

export function prepareKnown(): void {
  table = tables + (<usize>4 << tableBits);
}

/** `start` is the first 16 bytes, `at` where they and all others stand. */
@inline
export function hashOf(start: v128, at: usize, size: u32): u32 {
  const low = (v128.extract_lane<u64>(start, 0) ^ size) * 0x9e3779b97f4a7c15;
  const both = low + v128.extract_lane<u64>(start, 1) * 0xc2b2ae3d27d4eb4f;
  let hash = (both ^ (both >> 32)) * 0xd6e8feb86659fd93;
  for (let next: usize = 16; next + 8 <= size; next += 8) hash = (hash ^ (hash >> 32) ^ load<u64>(at + next)) * 0x9e3779b97f4a7c15;
  return <u32>(hash >> 32);
}

/** The record of a piece; 0 where there is none. */
@inline
export function find(hash: u32, start: v128, at: usize, size: u32): usize {
  const mask = (1 << tableBits) - 1;
  const first = hash >> (32 - tableBits);
  for (let look: u32 = 0; look < mostLooks; look++) {
    const entry = load<u32>(table + 4 * ((first + look) & mask));
    if (entry == 0) return 0;
    if (((entry ^ hash) & 0xfff) != 0) continue;
    const record = records + <usize>((entry >> 12) << 2);
    if (load<u16>(record) != size || !i64x2.all_true(i64x2.eq(v128.load(record, 4), start))) continue;
    if (size <= 16 || sameBytes(record + 20, at + 16, size - 16)) return record;
  }
  return 0;
}

@inline
export function countIn(record: usize): u32 {
  return load<u16>(record, 2);
}

/** Where the ids are in a record of this size. */
@inline
export function idsAfter(size: u32): usize {
  return size <= 16 ? 20 : <usize>((size + 7) & ~3);
}

export function remember(hash: u32, start: v128, at: usize, size: u32, ids: usize, count: u32): void {
  const before = idsAfter(size);
  const bytes = before + 4 * count;
  if (used + bytes > mostRecords || entries >> (mostTableBits - 1) != 0) forget();
  if (entries >> (tableBits - 1) != 0) grow();
  const record = records + used;
  store<u32>(record, size | (count << 16));
  v128.store(record, start, 4);
  if (size > 16) memory.copy(record + 20, at + 16, before - 20);
  memory.copy(record + before, ids, 4 * count);
  insert(hash, <u32>used);
  entries++;
  used += bytes;
}

function insert(hash: u32, offset: u32): void {
  const mask = (1 << tableBits) - 1;
  const first = hash >> (32 - tableBits);
  for (let look: u32 = 0; look < mostLooks; look++) {
    const slot = table + 4 * ((first + look) & mask);
    if (load<u32>(slot) != 0) continue;
    store<u32>(slot, (offset << 10) | (hash & 0xfff));
    return;
  }
}

function grow(): void {
  tableBits++;
  table = tables + (<usize>4 << tableBits);
  for (let at: usize = 4; at < used; ) {
    const record = records + at;
    const size = <u32>load<u16>(record);
    insert(hashOf(v128.load(record, 4), record + 4, size), <u32>at);
    at += idsAfter(size) + 4 * countIn(record);
  }
}

function forget(): void {
  memory.fill(table, 0, <usize>4 << tableBits);
  used = 4;
  entries = 0;
}
