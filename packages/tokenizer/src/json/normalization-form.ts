import { applyEdits, type Edit } from "../edits.ts";

/**
 * A Unicode normalization form as edits. The text is cut where no character can act on the next, and the parts that
 * change are replaced whole: a token in such a part covers all of it.
 */
export function normalizationForm(form: "NFC" | "NFD" | "NFKC" | "NFKD"): (text: string) => Edit[] {
  return (text) => {
    const whole = text.normalize(form);
    if (whole === text) return [];
    const edits: Edit[] = [];
    for (const { start, end } of clusters(text)) {
      const before = text.slice(start, end);
      const after = before.normalize(form);
      if (after !== before) edits.push({ start, end, text: after });
    }
    return applyEdits(text, edits) === whole ? edits : [{ start: 0, end: text.length, text: whole }];
  };
}

/** A character and what may combine with it: marks, and Hangul vowels and finals. Runs of ASCII count as one. */
const cluster = /[\0-\x7f]+(?![\p{M}\u1160-\u11ff])|[\s\S][\p{M}\u1160-\u11ff]*/gu;

function* clusters(text: string): Iterable<{ start: number; end: number }> {
  for (const match of text.matchAll(cluster)) yield { start: match.index, end: match.index + match[0].length };
}
