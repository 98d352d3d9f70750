import type { TokenOffsets } from "@cutaway/core";
import type { Replacement } from "./edit-script.ts";

export interface Segmentation {
  /** Ranges in UTF-16 units of the text. */
  tokens: TokenOffsets;
  /** Bytes of a token by its id. */
  lengthOf(id: number): number;
}

/**
 * The regions of one text that two tokenizers cut differently, each between the nearest boundaries that both have.
 * Tokens that split one character are told apart by their bytes: two tokenizers agree on a character where they split it at the same bytes.
 * length  of the text, in UTF-16 units
 */
export function compareSegmentations(a: Segmentation, b: Segmentation, length: number): Replacement[] {
  const x = new Cursor(a.tokens, length);
  const y = new Cursor(b.tokens, length);
  const replacements: Replacement[] = [];
  while (x.at < a.tokens.ids.length || y.at < b.tokens.ids.length) {
    const start = { a: x.at, b: y.at };
    x.step();
    y.step();
    while (x.isInside || y.isInside || x.end !== y.end) {
      if (x.isInside) x.step();
      else if (y.isInside) y.step();
      else if (x.end < y.end) x.step();
      else y.step();
    }
    const region = { a: { start: start.a, end: x.at }, b: { start: start.b, end: y.at } };
    if (!isCutAlike(a, b, region)) replacements.push(region);
  }
  return replacements;
}

function isCutAlike(x: Segmentation, y: Segmentation, { a, b }: Replacement): boolean {
  const tokens = a.end - a.start;
  if (tokens !== b.end - b.start) return false;
  if (tokens === 1) return true;
  for (let k = 0; k < tokens; k++) {
    if (x.lengthOf(x.tokens.ids[a.start + k] as number) !== y.lengthOf(y.tokens.ids[b.start + k] as number)) return false;
  }
  return true;
}

/** Goes over the tokens from left to right. Text that no token covers belongs to the token after it, as a space does in families that keep spaces; at the end, to the last. */
class Cursor {
  /** Tokens passed. */
  at = 0;
  /** Where the tokens passed end. */
  end = 0;
  /** The next token begins before that: both have part of one character. */
  isInside = false;
  readonly #tokens: TokenOffsets;
  readonly #length: number;

  constructor(tokens: TokenOffsets, length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  step(): void {
    const { ids, starts, ends } = this.#tokens;
    if (this.at < ids.length) this.end = Math.max(this.end, ends[this.at++] as number);
    const next = this.at < ids.length ? (starts[this.at] as number) : this.#length;
    this.isInside = next < this.end;
    if (this.at === ids.length) this.end = this.#length;
  }
}
