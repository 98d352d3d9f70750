import type { TokenId, Tokenizer } from "@cutaway/core";

/** Ids 0 to 255 are bytes; then the special tokens; then whole texts. Enough of a tokenizer to test what stands on one. */
export function byteTokenizer(specials: readonly string[] = ["<bos>", "<end>"], texts: readonly string[] = []): Tokenizer {
  const extra = [...specials, ...texts].map((text) => new TextEncoder().encode(text));
  const bytesOf = (id: number) => (id < 256 ? Uint8Array.of(id) : extra[id - 256]);
  const decodeBytes = (ids: Iterable<number>) => Uint8Array.from([...ids].flatMap((id) => [...(bytesOf(id) ?? [])]));
  const encode = (text: string) => Uint32Array.from(new TextEncoder().encode(text));
  return {
    name: "bytes",
    vocabSize: 256 + extra.length,
    specialTokens: new Map(specials.map((text, index) => [text, (256 + index) as TokenId])),
    encode,
    count: (text) => encode(text).length,
    decodeBytes,
    decode: (ids) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(decodeBytes(ids)),
    bytesOf,
    // One span for all bytes of a character.
    encodeWithSpans: (text) => {
      let at = 0;
      return [...text].flatMap((character) => {
        const span = { start: at, end: at + character.length };
        at = span.end;
        return Array.from(encode(character), (id) => ({ id: id as TokenId, bytes: Uint8Array.of(id), span }));
      });
    },
  };
}
