import type { TokenId } from "./call.ts";
import type { Span } from "./span.ts";
import type { TokenTrace } from "./tokenizer-trace.ts";

/** How a tokenizer finds its tokens. `bytes` and `characters` are the baselines without a vocabulary of words. */
export type TokenizerFamily = "byte-level-bpe" | "sentencepiece-bpe" | "unigram" | "wordpiece" | "bytes" | "characters";

export interface EncodeOptions {
  /** Special tokens whose text may be encoded as the special token; `"all"` allows every one. Default: none. */
  allowedSpecial?: readonly string[] | "all";
  /** What to do with the text of a special token that is not allowed: refuse (default), or treat it as plain text. */
  disallowedSpecial?: "refuse" | "as-text";
  /** Add what the tokenizer's own post-processing puts around a text: BOS, EOS, [CLS], [SEP]. Default: false, the ids of the text alone. */
  addSpecialTokens?: boolean;
}

/** Bytes of the text's UTF-8 form, or UTF-16 units as JavaScript counts. */
export type OffsetUnit = "utf8" | "utf16";

/** Ids and the range of the text as given that each covers: token i is ids[i] from starts[i] to ends[i]. */
export interface TokenOffsets {
  ids: Uint32Array;
  starts: Uint32Array;
  ends: Uint32Array;
}

/**
 * What an id stands for: text; a control token; one raw byte (byte fallback); the unknown token; or a place in the vocabulary that no text reaches
 * (`unused`: reserved, or marked so by the file).
 */
export type TokenKind = "text" | "special" | "byte" | "unknown" | "unused";

/** Text ⇄ token ids. Exact: ids equal those of the family's reference implementation. */
export interface Tokenizer {
  /** `o200k_base`, `cl100k_base`, or the path of the file that it was read from. */
  readonly name: string;
  readonly family: TokenizerFamily;
  readonly vocabSize: number;
  /** Special tokens by their text. */
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  /** The token that stands for what the vocabulary cannot say; absent where every text can be said. */
  readonly unknownId?: TokenId;
  /** throws `special-token-in-text` when the text holds a special token that the options do not cover. */
  encode(text: string, options?: EncodeOptions): Uint32Array;
  /** The same number as `encode(text).length`, without building the ids. */
  count(text: string, options?: EncodeOptions): number;
  /** `count(text)` where that is at most `limit`, else `undefined`, found without reading much beyond the limit. */
  countWithinLimit(text: string, limit: number, options?: EncodeOptions): number | undefined;
  /** Ids with the range of `text` each covers, packed. Tokens that share a character (split UTF-8) get ranges that overlap on it, in either unit of whole characters. */
  encodeWithOffsets(text: string, options?: EncodeOptions & { unit?: OffsetUnit }): TokenOffsets;
  /** The same in UTF-16 units as one object a token, with its bytes. */
  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[];
  /** How the ids came to be, step by step, without caches; its ids are those of `encode`. */
  trace(text: string, options?: EncodeOptions): TokenTrace;
  /** Bytes that are not valid UTF-8 become U+FFFD, as `TextDecoder` does. */
  decode(ids: Iterable<number>): string;
  decodeBytes(ids: Iterable<number>): Uint8Array;
  /** The bytes of one token; absent for an id outside the vocabulary. */
  bytesOf(id: number): Uint8Array | undefined;
  /** Absent for an id outside the vocabulary. */
  kindOf(id: number): TokenKind | undefined;
}

export interface TokenWithSpan {
  id: TokenId;
  bytes: Uint8Array;
  span: Span;
}
