import type { OffsetUnit, TokenOffsets, TokenWithSpan } from "@cutaway/core";
import { Utf8Buffer } from "./bpe/utf8-buffer.ts";
import { next } from "./scan/character-class.ts";
import { Utf8Walk } from "./utf8-walk.ts";

const buffer = new Utf8Buffer();

/** Tokens with spans in UTF-16 units of `text`, packed, in either unit. */
export function packedOffsets(text: string, tokens: readonly Pick<TokenWithSpan, "id" | "span">[], unit: OffsetUnit): TokenOffsets {
  const ids = Uint32Array.from(tokens, ({ id }) => id);
  const starts = Uint32Array.from(tokens, ({ span }) => span.start);
  const ends = Uint32Array.from(tokens, ({ span }) => span.end);
  if (unit === "utf8") unitsToBytes(text, starts, ends);
  return { ids, starts, ends };
}

/** Changes ranges of UTF-16 units of `text` into ranges of bytes of its UTF-8 form. A unit inside a surrogate pair is taken for the pair's first. */
export function unitsToBytes(text: string, starts: Uint32Array, ends: Uint32Array): void {
  const utf8 = buffer.fill(text);
  if (utf8.length === text.length) return;
  const changed = changeInOrder(utf8, starts, ends);
  if (changed === starts.length) return;
  const bytesBefore = byteOffsets(text.length, utf8);
  for (const list of [starts, ends]) for (let i = changed; i < list.length; i++) list[i] = bytesBefore[list[i] as number] as number;
}

/** In one walk over the text, up to the first range that begins before the end of the one before it, unless both are the same. Returns how many were changed. */
function changeInOrder(utf8: Utf8Buffer, starts: Uint32Array, ends: Uint32Array): number {
  const walk = new Utf8Walk(utf8);
  let lastStart = -1;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number;
    const end = ends[i] as number;
    if (start === lastStart && end === walk.unit) {
      starts[i] = starts[i - 1] as number;
      ends[i] = walk.byte;
      continue;
    }
    if (start < walk.unit) return i;
    lastStart = start;
    walk.toUnit(start);
    const { byte, unit } = walk;
    walk.toUnit(end);
    if (unit !== start || walk.unit !== end) return i;
    starts[i] = byte;
    ends[i] = walk.byte;
  }
  return starts.length;
}

/** By UTF-16 unit, 0 to `units`: the bytes before it. */
function byteOffsets(units: number, { bytes }: Utf8Buffer): Uint32Array {
  const offsets = new Uint32Array(units + 1);
  let byte = 0;
  for (let unit = 0; unit < units; unit++) {
    const after = next(bytes, byte);
    offsets[unit] = byte;
    if (after - byte === 4) offsets[++unit] = byte;
    byte = after;
  }
  offsets[units] = byte;
  return offsets;
}
