import { mostDigits, splitsCase, takesLeads } from "./pattern";

/**
 * The end of the piece at `from` where it, and the character after it, are among its first 16 bytes and ASCII, and nothing rare is about them; else 0.
 * That is most pieces of most texts: 16 bytes are looked at together, each kind of character as 16 bits.
 */
export function shortEnd(from: usize): usize {
  const bytes = v128.load(from);
  const lower = within(bytes, 0x61, 26);
  const upper = within(bytes, 0x41, 26);
  const letters = lower | upper;
  const digits = within(bytes, 0x30, 10);
  const symbols = within(bytes, 0x21, 94) & ~(letters | digits);
  const apostrophes = equal(bytes, 0x27);
  const lineEnds = equal(bytes, 0x0a) | equal(bytes, 0x0d);
  const spaces = equal(bytes, 0x20);
  const blanks = takesLeads ? spaces | equal(bytes, 0x09) : spaces;

  const leads = takesLeads ? blanks | (symbols & ~apostrophes) : spaces;
  const word = leads & (letters >> 1) & 1;
  if (has(letters, word)) {
    const small = word + ((upper >> word) & 1);
    const run = runFrom(lower, small);
    const to = small + run;
    if (run == 0 || to > 15) return 0;
    if (has(upper, to)) return splitsCase ? from + to : 0;
    return has(~i8x16.bitmask(bytes) & ~(lower | apostrophes), to) ? from + to : 0;
  }

  const first = spaces & (symbols >> 1) & 1;
  if (has(symbols, first)) {
    let to = first + runFrom(symbols, first);
    if (to > 15 || (to == 1 && has(letters, 1))) return 0;
    if (!has(lineEnds, to)) return has(letters | digits | blanks, to) ? from + to : 0;
    if (!takesLeads) return from + to;
    to += runFrom(lineEnds, to);
    return to < 16 && has(letters | digits | blanks | (symbols & ~equal(bytes, 0x2f)), to) ? from + to : 0;
  }

  if (has(blanks | lineEnds, 0)) {
    const run = runFrom(blanks | lineEnds, 0);
    if (run > 15) return longSpacesEnd(from);
    if (!has(letters | digits | symbols, run)) return 0;
    const ends = lineEnds & ((1 << run) - 1);
    if (ends != 0) return takesLeads ? from + 32 - clz(ends) : 0;
    return run > 1 ? from + run - 1 : 0;
  }

  if (mostDigits != 0 && has(digits, 0)) {
    const run = runFrom(digits, 0);
    if (run >= mostDigits) return from + mostDigits;
    return has(~i8x16.bitmask(bytes), run) ? from + run : 0;
  }
  return 0;
}

/** Deep indentation. */
function longSpacesEnd(from: usize): usize {
  for (let at = from; ; at += 16) {
    const run = runFrom(equal(v128.load(at), 0x20), 0);
    if (run > 15) continue;
    const after = <u32>load<u8>(at + run);
    return after > 0x20 && after < 0x7f && at + run > from ? at + run - 1 : 0;
  }
  return 0;
}

@inline
function within(bytes: v128, first: u8, count: u8): u32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(count)));
}

@inline
function equal(bytes: v128, byte: u8): u32 {
  return i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(byte)));
}

@inline
function has(bits: u32, place: u32): bool {
  return ((bits >> place) & 1) != 0;
}

@inline
function runFrom(bits: u32, place: u32): u32 {
  return ctz(~(bits >> place));
}
