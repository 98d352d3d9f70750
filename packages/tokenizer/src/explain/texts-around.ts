import type { VocabularyEntry } from "./vocabulary-entries.ts";

const few = ["", "a", "A", "é", "数", "1", " ", "  ", "\n", ".", "'", '"', "(", "\t", "x y"];
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const many = [...few, ...ascii, "re", "ve", "ll", "RE", "VE", "LL", "==", "//", "\r\n", "\n\n", "\n ", "!!", "**"];

/**
 * Texts with this one inside, for finding a neighbourhood in which it becomes one token: between single characters of all kinds, and as it stands
 * inside longer tokens of the vocabulary, with other ends. Some hundred texts; `isDeep`: some ten thousand.
 */
export function* textsAround(text: string, entries: readonly VocabularyEntry[], isDeep: boolean): Generator<string> {
  const ends = isDeep ? many : few;
  for (const before of ends) for (const after of ends) yield before + text + after;
  if (!isDeep) return;
  for (const { text: longer } of entries) {
    const at = longer === undefined || longer === text ? -1 : longer.indexOf(text);
    if (longer === undefined || at < 0) continue;
    for (const after of many) yield longer.slice(0, at) + text + after;
    for (const before of many) yield before + longer.slice(at);
  }
}
