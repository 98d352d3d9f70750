import type { JsonObject } from "@cutaway/core";
import { next } from "../scan/character-class.ts";
import type { Scan } from "../scan/runs.ts";

/** A space, and the beginning of a text, is written ▁ (U+2581); a word is what begins with it. */
export const metaspace: JsonObject = { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: true };

/** What Metaspace makes of a text; `isFirst`: it stands at the beginning. */
export function spacesMarked(text: string, isFirst: boolean): string {
  const marked = text.replaceAll(" ", "▁");
  return isFirst && !marked.startsWith("▁") ? `▁${marked}` : marked;
}

/** The end of the word that starts at `start`: before the next ▁ (E2 96 81). */
export const words: Scan = (utf8, start, end) => {
  let at = next(utf8, start);
  while (at < end && !(utf8[at] === 0xe2 && utf8[at + 1] === 0x96 && utf8[at + 2] === 0x81)) at = next(utf8, at);
  return at;
};
