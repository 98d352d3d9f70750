import { html, type Markup } from "./markup.ts";

/**
 * Characters that show nothing or reorder what is around them: controls, zero widths, bidi embeddings and isolates, tags, lone surrogates.
 * In a page that quotes a model they could hide text or make it read backwards.
 */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Text for display, each hidden character replaced by its name in a box. */
export function visible(text: string): Markup[] {
  const pieces: Markup[] = [];
  let from = 0;
  for (const { 0: character, index } of text.matchAll(hidden)) {
    if (index > from) pieces.push(html`${text.slice(from, index)}`);
    pieces.push(html`<span class="hidden">${nameOf(character)}</span>`);
    from = index + character.length;
  }
  if (from < text.length) pieces.push(html`${text.slice(from)}`);
  return pieces;
}

/** The same for an attribute, where there can be no box. */
export const visibleText = (text: string): string => text.replace(hidden, (character) => `[${nameOf(character)}]`);

const nameOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
