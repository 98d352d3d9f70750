import type { Tokenizer } from "@cutaway/core";
import type { LossyCounts } from "./report-types.ts";

/** What is lost between a text and what its ids decode to; undefined: nothing. */
export function lossOf(text: string, decoded: string): keyof LossyCounts | undefined {
  if (decoded === text) return undefined;
  if (withoutSpace(decoded) === withoutSpace(text)) return "spacing";
  return letters(decoded) === letters(text) ? "normalized" : "content";
}

/** The text as its ids give it back; the text of special tokens is text. */
export const roundTrip = (tokenizer: Tokenizer, text: string): string => tokenizer.decode(tokenizer.encode(text, { disallowedSpecial: "as-text" }));

const withoutSpace = (text: string) => text.replace(/\p{White_Space}+/gu, "");

/** What normalisers leave alone: base letters and signs without case, accents, width, ligatures. */
const letters = (text: string) =>
  withoutSpace(
    text
      .normalize("NFKD")
      .toLowerCase()
      .normalize("NFKD")
      .replace(/\p{M}+/gu, ""),
  );
