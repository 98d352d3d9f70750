import type { TokenizerFamily, TokenSearch } from "@cutaway/core";
import type { TokenList } from "./token-list.ts";

/** Bytes of normalised text, with at least 4 bytes to spare behind `length`. */
export interface ByteText {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

/** How a piece of normalised text becomes tokens. */
export interface PieceModel {
  readonly family: TokenizerFamily;
  /** Adds the tokens of [start, end) to `to`, with their ranges in `text`. May stop where `to` has more than `limit`. */
  encode(text: ByteText, start: number, end: number, to: TokenList, limit?: number): void;
  /** The same search, step by step. */
  trace(text: ByteText, start: number, end: number): TokenSearch;
}
