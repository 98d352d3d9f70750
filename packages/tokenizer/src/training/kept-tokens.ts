import type { JsonObject, TokenId } from "@cutaway/core";
import type { AddedToken } from "../added-tokens.ts";

/**
 * The tokens of phrases that are kept whole. Each comes twice, with and without a space before it, because a token must hold the space before a word:
 * without the first form "42 U.S.C. §" would be cut into "42", " ", "U.S.C. §". They are added tokens that are not special: every reader of a
 * tokenizer.json finds them in the text before its model sees it, the leftmost and of those the longest. Merges could not do it, for no merge
 * crosses a border between pieces.
 */
export function keptTokens(phrases: readonly string[]): string[] {
  return [...new Set(phrases.flatMap((phrase) => (/^\s/.test(phrase) ? [phrase] : [` ${phrase}`, phrase])))];
}

/** An entry of `added_tokens` in a tokenizer.json. Special tokens are found in the text as it is written, kept phrases in the normalised one. */
export const addedTokenJson = (content: string, id: number, special: boolean): JsonObject => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: !special,
  special,
});

/** For cutting them out of the texts to learn from. */
export const addedToken = (content: string): AddedToken => ({
  content,
  id: 0 as TokenId,
  special: false,
  singleWord: false,
  lstrip: false,
  rstrip: false,
});
