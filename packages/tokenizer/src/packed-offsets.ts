import type { OffsetUnit, TokenOffsets, TokenWithSpan } from "@cutaway/core";

/** Tokens with spans in UTF-16 units of `text`, packed, in either unit. */
export function packedOffsets(text: string, tokens: readonly Pick<TokenWithSpan, "id" | "span">[], unit: OffsetUnit): TokenOffsets {
  const ids = Uint32Array.from(tokens, ({ id }) => id);
  const starts = Uint32Array.from(tokens, ({ span }) => span.start);
  const ends = Uint32Array.from(tokens, ({ span }) => span.end);
  if (unit === "utf8") {
    const bytesBefore = byteOffsets(text);
    for (const places of [starts, ends]) for (let i = 0; i < places.length; i++) places[i] = bytesBefore[places[i] as number] as number;
  }
  return { ids, starts, ends };
}

/** By UTF-16 unit, 0 to the length: the bytes of the text's UTF-8 form before it. Inside a surrogate pair, those before the pair. */
export function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let unit = 0; unit < text.length; unit++) {
    offsets[unit] = bytes;
    const code = text.charCodeAt(unit);
    const isPair = code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(unit + 1) & 0xfc00) === 0xdc00;
    if (isPair) offsets[++unit] = bytes;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : isPair ? 4 : 3;
  }
  offsets[text.length] = bytes;
  return offsets;
}
