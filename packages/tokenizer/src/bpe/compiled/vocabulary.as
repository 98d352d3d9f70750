import { arena, FILTER, filterShift, lengths, sameBytes, slots, slotsMask, starts } from "./memory";

/** Above every key: no token. A key is an id << 8, with room for a place below it. */
export const NONE: i32 = 0x7fff_ffff;

@inline
function mix(hash: u32, word: u32): u32 {
  const mixed = (hash ^ word) * 0x9e3779b1;
  return mixed ^ (mixed >> 15);
}

/** The key of the token that these bytes are. The same steps as `Vocabulary.find`, on the same tables. */
export function keyOf(at: usize, length: u32): i32 {
  const low = load<u64>(at) & (length < 8 ? (<u64>1 << (8 * length)) - 1 : ~<u64>0);
  let hash = mix(length, <u32>low);
  if (length > 4) hash = mix(hash, <u32>(low >> 32));
  if (length > 8) {
    let place = at + 8;
    const whole = at + (length & ~3);
    for (; place < whole; place += 4) hash = mix(hash, load<u32>(place));
    const rest = length & 3;
    if (rest > 0) hash = mix(hash, load<u32>(place) & ((1 << (8 * rest)) - 1));
  }
  hash ^= hash >> 15;
  const bit = hash >> filterShift;
  if (((load<u32>(FILTER + ((bit >> 5) << 2)) >> (bit & 31)) & 1) == 0) return NONE;
  const last: u32 = length > 8 ? load<u32>(at + length - 4) : 0;
  for (let slot = <usize>(hash << 4) & slotsMask; ; slot = (slot + 16) & slotsMask) {
    const entry = load<u32>(slots + slot, 12);
    if (entry == 0) return NONE;
    if (load<u64>(slots + slot) != low || load<u32>(slots + slot, 8) != last || entry >> 23 != length) continue;
    const id = (entry & 0x7f_ffff) - 1;
    if (length <= 12 || sameBytes(arena + <usize>load<u32>(starts + 4 * id), at, length)) return id << 8;
  }
  return NONE;
}
