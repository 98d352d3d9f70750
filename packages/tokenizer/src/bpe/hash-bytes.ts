/** A 32-bit hash of `length` bytes. Reads whole words: up to 3 bytes beyond the end must exist, whatever they hold. */
export function hashBytes(view: DataView, start: number, length: number): number {
  let hash = length;
  const whole = start + (length & ~3);
  let at = start;
  for (; at < whole; at += 4) hash = mix(hash, view.getInt32(at, true));
  const rest = length & 3;
  if (rest > 0) hash = mix(hash, view.getInt32(at, true) & ((1 << (8 * rest)) - 1));
  return hash ^ (hash >>> 15);
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Whether two ranges hold the same bytes. Reads as `hashBytes` does. */
export function sameBytes(a: DataView, aStart: number, b: DataView, bStart: number, length: number): boolean {
  let at = 0;
  for (; at + 4 <= length; at += 4) if (a.getInt32(aStart + at, true) !== b.getInt32(bStart + at, true)) return false;
  const rest = length & 3;
  return rest === 0 || ((a.getInt32(aStart + at, true) ^ b.getInt32(bStart + at, true)) & ((1 << (8 * rest)) - 1)) === 0;
}
