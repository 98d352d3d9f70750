/** One to four ranges of bytes, one after the other. */
export type ByteRanges = [from: number, to: number][];

const lastOfLength = [0x7f, 0x7ff, 0xffff, 0x10ffff];

/**
 * The UTF-8 forms of all scalar values from..to as sequences of byte ranges. Surrogates are left out.
 * source  the construction is that of Ken Thompson's UTF-8 automata, as in Russ Cox, "Regular Expression Matching in the Wild", 2010.
 */
export function utf8Ranges(from: number, to: number): ByteRanges[] {
  const found: ByteRanges[] = [];
  split(from, to, found);
  return found;
}

function split(from: number, to: number, found: ByteRanges[]): void {
  if (from > to) return;
  if (from <= 0xdfff && to >= 0xd800) {
    split(from, 0xd7ff, found);
    split(0xe000, to, found);
    return;
  }
  for (const last of lastOfLength) {
    if (from <= last && to > last) {
      split(from, last, found);
      split(last + 1, to, found);
      return;
    }
  }
  // Both ends have the same length; cut until every byte but the first differing one runs over its whole range.
  for (let bits = 6; bits <= 18; bits += 6) {
    const low = (1 << bits) - 1;
    if ((from & ~low) === (to & ~low)) continue;
    if ((from & low) !== 0) {
      split(from, from | low, found);
      split((from | low) + 1, to, found);
      return;
    }
    if ((to & low) !== low) {
      split(from, (to & ~low) - 1, found);
      split(to & ~low, to, found);
      return;
    }
  }
  const a = utf8(from);
  const b = utf8(to);
  found.push(a.map((byte, i) => [byte, b[i] as number]));
}

function utf8(scalar: number): number[] {
  if (scalar < 0x80) return [scalar];
  if (scalar < 0x800) return [0xc0 | (scalar >> 6), 0x80 | (scalar & 63)];
  if (scalar < 0x10000) return [0xe0 | (scalar >> 12), 0x80 | ((scalar >> 6) & 63), 0x80 | (scalar & 63)];
  return [0xf0 | (scalar >> 18), 0x80 | ((scalar >> 12) & 63), 0x80 | ((scalar >> 6) & 63), 0x80 | (scalar & 63)];
}
