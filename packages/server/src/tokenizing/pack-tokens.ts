import type { EncodeOptions, Tokenizer, TokenKind, TokenOffsets } from "@cutaway/core";
import { frame } from "../frame.ts";

/** In the order of the numbers that `kinds` holds. */
export const packedKinds: readonly TokenKind[] = ["text", "special", "byte", "unknown", "unused"];

/**
 * Tokens as arrays, and once for each id that occurs what it is: `ids`, `starts`, `ends` (UTF-16 units of the text) by token; `entryIds` in
 * ascending order, `entryKinds` and `entryEnds` (where each entry's bytes end in `entryBytes`) by entry.
 */
export function packTokens(tokenizer: Tokenizer, text: string, { ids, starts, ends }: TokenOffsets, added: boolean): Uint8Array<ArrayBuffer> {
  const entryIds = Uint32Array.from(new Set(ids)).sort();
  const entries = Array.from(entryIds, (id) => tokenizer.bytesOf(id) ?? new Uint8Array());
  let end = 0;
  const entryEnds = Uint32Array.from(entries, (bytes) => {
    end += bytes.length;
    return end;
  });
  const entryBytes = new Uint8Array(end);
  entries.forEach((bytes, i) => {
    entryBytes.set(bytes, (entryEnds[i] as number) - bytes.length);
  });
  const entryKinds = Uint8Array.from(entryIds, (id) => Math.max(0, packedKinds.indexOf(tokenizer.kindOf(id) ?? "text")));
  return frame(
    {
      schema: "cutaway/packed-tokens",
      version: 1,
      family: tokenizer.family,
      vocabSize: tokenizer.vocabSize,
      tokens: ids.length,
      characters: text.length,
      bytes: Buffer.byteLength(text),
      added,
      kinds: packedKinds,
    },
    { ids, starts, ends, entryIds, entryEnds, entryKinds, entryBytes },
  );
}

export interface ReadOptions {
  /** Names of special tokens in the text are read as these tokens, not as the characters they are. */
  special: boolean;
  /** With what post-processing puts around a text. */
  add: boolean;
}

export const encodeOptions = ({ special, add }: ReadOptions): EncodeOptions => ({
  ...(special ? { allowedSpecial: "all" as const } : { disallowedSpecial: "as-text" as const }),
  addSpecialTokens: add,
});
