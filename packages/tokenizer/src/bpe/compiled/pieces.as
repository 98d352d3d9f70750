import { countIn, find, hashOf, idsAfter, longestKnown, prepareKnown, remember } from "./known";
import { IDS, MASKS, masked, TEXT } from "./memory";
import { longestMerged, merge, prepareMerges } from "./merge";
import { pieceEnd } from "./scan";
import { shortEnd } from "./short-scan";

export { arena, layout, lengths, slots, starts } from "./memory";
export { ASCII_CLASSES, BYTE_IDS, CLASS_BLOCKS, CLASSES, FILTER, IDS, mostText, TEXT } from "./memory";
export { cutBy } from "./pattern";

/** Puts the ids of the piece [start, end) of the text to the place `to` among the ids, and returns their number. */
@external("host", "merge")
declare function mergeElsewhere(start: i32, end: i32, to: i32): i32;

/** Whether pairs merge as `merge` has it: else the host merges. */
let mergesHere: bool = false;

/** Once all tables are filled. */
export function prepare(tokens: i32, ranked: bool): void {
  for (let size: usize = 0; size <= 16; size++) {
    for (let at: usize = 0; at < 16; at++) store<u8>(MASKS + 16 * size + at, at < size ? 0xff : 0);
  }
  mergesHere = ranked;
  if (ranked) prepareMerges(tokens);
  prepareKnown();
}

/** `BytePairEncoder.encodePieces` of the text that is there, `length` bytes and 0xFF after them. The ids are there after it where they are kept. */
export function encode(length: i32, keep: bool, most: i32): i32 {
  const end = TEXT + <usize>length;
  let out = IDS;
  let total = 0;
  for (let from = TEXT; from < end && total <= most; ) {
    const to = endAfter(from, end);
    const size = <u32>(to - from);
    const start = masked(from, size);
    const hash = hashOf(start, from, size);
    const record = find(hash, start, from, size);
    let count: u32;
    if (record == 0) {
      count = mergesHere && size <= longestMerged ? merge(from, size, out) : mergeElsewhere(<i32>(from - TEXT), <i32>(to - TEXT), <i32>((out - IDS) >> 2));
      if (size <= longestKnown) remember(hash, start, from, size, out, count);
    } else {
      count = countIn(record);
      if (keep) {
        const ids = record + idsAfter(size);
        store<u64>(out, load<u64>(ids));
        for (let at: usize = 2; at < count; at++) store<u32>(out + 4 * at, load<u32>(ids + 4 * at));
      }
    }
    if (keep) out += 4 * <usize>count;
    total += count;
    from = to;
  }
  return total;
}

@inline
function endAfter(from: usize, end: usize): usize {
  const short = shortEnd(from);
  return short != 0 ? short : pieceEnd(from, end);
}
