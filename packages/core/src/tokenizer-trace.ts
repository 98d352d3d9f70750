import type { TokenId } from "./call.ts";
import type { Span } from "./span.ts";

/** How a text became ids: normalised → pre-tokens → merges, lattice or longest matches → post-processing. Plain data, fit for JSON but for its bytes. */
export interface TokenTrace {
  text: string;
  /** In order; they cover the text. */
  stretches: TraceStretch[];
  /** What post-processing put around the text's own tokens; empty unless `addSpecialTokens` was asked for. */
  added: { before: TokenId[]; after: TokenId[] };
  /** All of them, equal to those of `encode`. */
  ids: Uint32Array;
}

export type TraceStretch = TraceAddedToken | TraceText;

/** A token found in the text itself, before the model saw it. */
export interface TraceAddedToken {
  kind: "added-token";
  id: TokenId;
  content: string;
  special: boolean;
  /** UTF-16 units of the text as given. */
  span: Span;
}

export interface TraceText {
  kind: "text";
  span: Span;
  /** Steps that changed the text, in order, each with the text after it; the last is what was split. Empty: it was split as given. */
  normalizations: { step: string; text: string }[];
  /** The pre-tokens. */
  pieces: TracePiece[];
}

export interface TracePiece {
  /** Normalised, as the model saw it (in SentencePiece families with ▁ for a space). */
  text: string;
  /** UTF-16 units of the text as given from which it came. */
  span: Span;
  tokens: TraceToken[];
  found: TokenSearch;
}

export interface TraceToken {
  id: TokenId;
  bytes: Uint8Array;
  span: Span;
}

/** How a piece's tokens were found. */
export type TokenSearch =
  /** The whole piece is a token, taken without merging. */
  | { by: "whole-piece" }
  | {
      by: "merges";
      /** What merging begins with; no id where the vocabulary has none for it. */
      symbols: TraceSymbol[];
      /** In the order in which they were made. */
      merges: TraceMerge[];
    }
  | {
      by: "lattice";
      /** Every token of the vocabulary that stands in the piece, `start` and `end` in code points of the piece, with its score (log probability). */
      nodes: LatticeNode[];
      /** Of the best path: the sum of its scores. */
      score: number;
    }
  | {
      by: "longest-match";
      /** From left to right: what was matched where; no id: nothing matched, and the whole piece is unknown. */
      matches: { start: number; end: number; text: string; id?: TokenId }[];
    }
  /** A character or byte is its own token. */
  | { by: "table" };

export interface TraceSymbol {
  id?: TokenId;
  bytes: Uint8Array;
}

export interface TraceMerge {
  /** Lower is earlier. In SentencePiece families without a merge list, the rank by score. */
  rank: number;
  /** Index of the left symbol in the list of symbols as it was before this merge. */
  at: number;
  left: TokenId;
  right: TokenId;
  result: TokenId;
}

export interface LatticeNode {
  start: number;
  end: number;
  /** Absent: the unknown token's place. */
  id?: TokenId;
  text: string;
  score: number;
  /** Whether it is on the best path. */
  best: boolean;
}
