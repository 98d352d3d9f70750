import type { TokenId } from "./call.ts";
import type { Span } from "./span.ts";

export interface EncodeOptions {
  /** Special tokens whose text may be encoded as the special token; `"all"` allows every one. Default: none. */
  allowedSpecial?: readonly string[] | "all";
  /** What to do with the text of a special token that is not allowed: refuse (default), or treat it as plain text. */
  disallowedSpecial?: "refuse" | "as-text";
}

/** Text ⇄ token ids. Exact: ids equal those of the family's reference implementation. */
export interface Tokenizer {
  /** `o200k_base`, `cl100k_base`, or the path of a `tokenizer.json`. */
  readonly name: string;
  readonly vocabSize: number;
  /** Special tokens by their text. */
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  /** throws `special-token-in-text` when the text holds a special token that the options do not cover. */
  encode(text: string, options?: EncodeOptions): Uint32Array;
  /** The same number as `encode(text).length`, without building the ids. */
  count(text: string, options?: EncodeOptions): number;
  /** Bytes that are not valid UTF-8 become U+FFFD, as `TextDecoder` does. */
  decode(ids: Iterable<number>): string;
  decodeBytes(ids: Iterable<number>): Uint8Array;
  /** The bytes of one token; absent for an id outside the vocabulary. */
  bytesOf(id: number): Uint8Array | undefined;
  /** Ids with the UTF-16 range each covers. Tokens that share a character (split UTF-8) get ranges that overlap on it. */
  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[];
}

export interface TokenWithSpan {
  id: TokenId;
  bytes: Uint8Array;
  span: Span;
}
