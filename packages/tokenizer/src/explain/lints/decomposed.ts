import { evidenceOf, type Lint, type LintInput, places, quote } from "./lint.ts";

/** Letters written as a base letter and an accent (NFD) where one character (NFC) is usual: they look the same and are other tokens. */
export function decomposed({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index): Lint[] => {
    if (!/[\u0300-\u036f\u1100-\u11ff\u3099\u309a]/.test(text)) return [];
    const found = [...text.matchAll(/[\p{L}\p{M}]*\p{L}[\u0300-\u036f\u3099\u309a][\p{L}\p{M}]*|[\u1100-\u11ff]+/gu)].filter(
      ([word]) => word.normalize("NFC") !== word,
    );
    const [first] = found;
    if (!first) return [];
    const word = first[0];
    const [as, composed] = [evidenceOf(tokenizer, "as sent", word), evidenceOf(tokenizer, "NFC", word.normalize("NFC"))];
    if (as.ids.join() === composed.ids.join()) return [];
    const isMixed = /[\u00c0-\u024f\uac00-\ud7a3]/.test(text);
    return [
      {
        id: "decomposed",
        severity: isMixed ? "warning" : "note",
        text: index,
        span: { start: first.index, end: first.index + word.length },
        says: `${quote(word)} is written with separate accents${found.length > 1 ? `, and ${places(found.length - 1)} more` : ""}${isMixed ? ", other words with letters that have theirs" : ""}: ${as.ids.length} tokens instead of ${composed.ids.length}, and no match for the same word spelt the other way.`,
        fix: 'Normalise the text first: text.normalize("NFC").',
        evidence: [as, composed],
      },
    ];
  });
}
