import { CutawayError, type EncodeOptions, type Span, type Tokenizer, type TokenOffsets } from "@cutaway/core";
import { compareSegmentations, type Segmentation } from "./compare-segmentations.ts";
import { editScript } from "./edit-script.ts";

export interface TokenizedText {
  tokenizer: Tokenizer;
  text: string;
}

export interface TokenDiffSide {
  tokenizer: string;
  text: string;
  /** With ranges in UTF-16 units of `text`. */
  tokens: TokenOffsets;
}

/** Tokens of the one side and those of the other that stand in their place; one of the two ranges may be empty. */
export interface TokenChange {
  /** Ranges of tokens. */
  a: Span;
  b: Span;
  /** What they cover, in UTF-16 units of each side's text; an empty range stands where tokens would have to be put. */
  textA: Span;
  textB: Span;
}

export interface TokenDiff {
  /** `texts`: two texts under one tokenizer, a minimal edit script. `tokenizers`: one text under two, the least regions in which they cut it differently. */
  kind: "texts" | "tokenizers";
  a: TokenDiffSide;
  b: TokenDiffSide;
  /** In order and apart. All other tokens are the same on both sides (of two tokenizers: cover the same text). */
  changes: TokenChange[];
  /** Tokens of A outside all changes; B has as many. */
  same: number;
  /** Tokens of A, and of B, inside a change. */
  removed: number;
  added: number;
  /** Always true for two tokenizers; see `editScript` for two texts. */
  minimal: boolean;
}

/**
 * Where two tokenizations part: two texts under one tokenizer, or one text under two.
 * The options hold for both sides; special tokens in a text are plain text unless they say otherwise.
 * throws  `nothing-in-common` where text and tokenizer both differ: no difference could be told from another.
 */
export function diffTokens(a: TokenizedText, b: TokenizedText, options: EncodeOptions = { disallowedSpecial: "as-text" }): TokenDiff {
  if (a.tokenizer !== b.tokenizer && a.text !== b.text) {
    throw new CutawayError("nothing-in-common", `two texts under two tokenizers, ${a.tokenizer.name} and ${b.tokenizer.name}, cannot be compared`, {
      fix: "Change one thing at a time: two texts under one tokenizer, or one text under two.",
    });
  }
  const [sideA, sideB] = [a, b].map(
    ({ tokenizer, text }): TokenDiffSide => ({ tokenizer: tokenizer.name, text, tokens: tokenizer.encodeWithOffsets(text, options) }),
  ) as [TokenDiffSide, TokenDiffSide];
  const kind = a.tokenizer === b.tokenizer ? "texts" : "tokenizers";
  const { replacements, minimal } =
    kind === "texts"
      ? editScript(sideA.tokens.ids, sideB.tokens.ids)
      : { replacements: compareSegmentations(segmentation(a, sideA), segmentation(b, sideB), a.text.length), minimal: true };
  const changes = replacements.map(({ a, b }) => ({ a, b, textA: textRange(sideA, a), textB: textRange(sideB, b) }));
  const removed = changes.reduce((sum, { a }) => sum + a.end - a.start, 0);
  const added = changes.reduce((sum, { b }) => sum + b.end - b.start, 0);
  return { kind, a: sideA, b: sideB, changes, same: sideA.tokens.ids.length - removed, removed, added, minimal };
}

const segmentation = ({ tokenizer }: TokenizedText, { tokens }: TokenDiffSide): Segmentation => ({
  tokens,
  lengthOf: (id) => tokenizer.bytesOf(id)?.length ?? 0,
});

function textRange({ tokens, text }: TokenDiffSide, { start, end }: Span): Span {
  const from = start < tokens.ids.length ? (tokens.starts[start] as number) : text.length;
  return { start: from, end: end > start ? Math.max(from, tokens.ends[end - 1] as number) : from };
}
