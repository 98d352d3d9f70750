import { evidenceOf, type Lint, type LintInput, places, quote } from "./lint.ts";
import { wordAfter, wordBefore } from "./words-beside.ts";

/** Letters written as a base letter and an accent (NFD) where one character (NFC) is usual: they look the same and are other tokens. */
export function decomposed({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index): Lint[] => {
    let found = 0;
    let first: { start: number; word: string } | undefined;
    let seenTo = 0;
    for (const { index: at } of text.matchAll(/[\u0300-\u036f\u1100-\u11ff\u3099\u309a]/g)) {
      if (at < seenTo) continue;
      const before = wordBefore(text, at);
      const word = before + wordAfter(text, at);
      seenTo = at - before.length + word.length;
      if (word.normalize("NFC") === word) continue;
      found++;
      first ??= { start: at - before.length, word };
    }
    if (!first) return [];
    const { start, word } = first;
    const [as, composed] = [evidenceOf(tokenizer, "as sent", word), evidenceOf(tokenizer, "NFC", word.normalize("NFC"))];
    if (as.ids.join() === composed.ids.join()) return [];
    const isMixed = /[\u00c0-\u024f\uac00-\ud7a3]/.test(text);
    return [
      {
        id: "decomposed",
        severity: isMixed ? "warning" : "note",
        text: index,
        span: { start, end: start + word.length },
        says: `${quote(word)} is written with separate accents${found > 1 ? `, and ${places(found - 1)} more` : ""}${isMixed ? ", other words with letters that have theirs" : ""}: ${as.ids.length} tokens instead of ${composed.ids.length}, and no match for the same word spelt the other way.`,
        fix: 'Normalise the text first: text.normalize("NFC").',
        evidence: [as, composed],
      },
    ];
  });
}
