import type { Pieces } from "./pieces.ts";

/** Whether ▁ begins at a place of UTF-8 text. */
export const isMark = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81;

/**
 * Whether some piece has a ▁ behind another character. Where none has, nothing is ever merged over the place before a ▁ that follows something
 * else, and each word can be encoded by itself. `counts` says which pieces matter.
 */
export function standsInside({ arena, starts, lengths }: Pieces, counts: Uint8Array): boolean {
  for (let id = 0; id < starts.length; id++) {
    if (counts[id] === 1 && beginsWord(arena, starts[id] as number, (starts[id] as number) + (lengths[id] as number)) >= 0) return true;
  }
  return false;
}

/** The first ▁ in [start, end) that stands behind another character; -1 without one. */
export function beginsWord(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isMark(bytes, at)) at += 3;
  for (at = bytes.indexOf(0xe2, at); at >= 0 && at < end; at = bytes.indexOf(0xe2, at + 1)) if (isMark(bytes, at)) return at;
  return -1;
}
