import type { TokenId, Tokenizer, TokenWithSpan } from "@cutaway/core";

/** Ids 0 to 255 are bytes; then the special tokens; then whole texts. Enough of a tokenizer to test what stands on one. */
export function byteTokenizer(specials: readonly string[] = ["<bos>", "<end>"], texts: readonly string[] = []): Tokenizer {
  const extra = [...specials, ...texts].map((text) => new TextEncoder().encode(text));
  const bytesOf = (id: number) => (id < 256 ? Uint8Array.of(id) : extra[id - 256]);
  const decodeBytes = (ids: Iterable<number>) => Uint8Array.from([...ids].flatMap((id) => [...(bytesOf(id) ?? [])]));
  const encode = (text: string) => Uint32Array.from(new TextEncoder().encode(text));
  // One span for all bytes of a character.
  const encodeWithSpans = (text: string): TokenWithSpan[] => {
    let at = 0;
    return [...text].flatMap((character) => {
      const span = { start: at, end: at + character.length };
      at = span.end;
      return Array.from(encode(character), (id) => ({ id: id as TokenId, bytes: Uint8Array.of(id), span }));
    });
  };
  return {
    name: "bytes",
    vocabSize: 256 + extra.length,
    specialTokens: new Map(specials.map((text, index) => [text, (256 + index) as TokenId])),
    encode,
    count: (text) => encode(text).length,
    decodeBytes,
    decode: (ids) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(decodeBytes(ids)),
    bytesOf,
    encodeWithSpans,
    family: "bytes",
    kindOf: (id) => (id < 256 ? "byte" : id < 256 + specials.length ? "special" : extra[id - 256] && "text"),
    countWithinLimit: (text, limit) => (encode(text).length <= limit ? encode(text).length : undefined),
    encodeWithOffsets: (text, { unit = "utf16" } = {}) => {
      const tokens = encodeWithSpans(text);
      const bytesBefore = (unit16: number) => (unit === "utf8" ? encode(text.slice(0, unit16)).length : unit16);
      const [starts, ends] = [tokens.map(({ span }) => bytesBefore(span.start)), tokens.map(({ span }) => bytesBefore(span.end))];
      return { ids: encode(text), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
    },
    trace: (text) => {
      const span = { start: 0, end: text.length };
      const pieces = [{ text, span, tokens: encodeWithSpans(text), found: { by: "table" } as const }];
      return { text, stretches: [{ kind: "text", span, normalizations: [], pieces }], added: { before: [], after: [] }, ids: encode(text) };
    },
  };
}
