import { applyEdits, type Edit } from "../edits.ts";
import { type NormalizationForm, referenceNormalize } from "./reference-normalize.ts";

/**
 * A Unicode normalization form as edits. The text is cut where no character can act on the next, and the parts that
 * change are replaced, character by character where none acts on another; else whole, and a token in such a part covers all of it.
 */
export function normalizationForm(form: NormalizationForm): (text: string) => Edit[] {
  return (text) => {
    const whole = referenceNormalize(text, form);
    if (whole === text) return [];
    const edits: Edit[] = [];
    for (const { start, end } of clusters(text)) {
      const before = text.slice(start, end);
      const after = referenceNormalize(before, form);
      if (after !== before) edits.push(...(apart(before, after, start, form) ?? [{ start, end, text: after }]));
    }
    return applyEdits(text, edits) === whole ? edits : [{ start: 0, end: text.length, text: whole }];
  };
}

/** Edits of single characters where each becomes what it becomes alone, or of the first character and of its marks together, which change places. */
function apart(before: string, after: string, start: number, form: "NFC" | "NFD" | "NFKC" | "NFKD"): Edit[] | undefined {
  const edits: Edit[] = [];
  const alone: string[] = [];
  let at = start;
  for (const character of before) {
    const text = referenceNormalize(character, form);
    if (text !== character) edits.push({ start: at, end: at + character.length, text });
    alone.push(text);
    at += character.length;
  }
  if (alone.join("") === after) return edits;
  const [first] = before;
  const [base] = after;
  if (first === undefined || base === undefined || first === before || !alone[0]?.startsWith(base)) return undefined;
  const marks = { start: start + first.length, end: at, text: after.slice(base.length) };
  return base === first ? [marks] : [{ start, end: marks.start, text: base }, marks];
}

/** A character and what may combine with it: marks, and Hangul vowels and finals. Runs of ASCII count as one. */
const cluster = /[\0-\x7f]+(?![\p{M}\u1160-\u11ff])|[\s\S][\p{M}\u1160-\u11ff]*/gu;

function* clusters(text: string): Iterable<{ start: number; end: number }> {
  for (const match of text.matchAll(cluster)) yield { start: match.index, end: match.index + match[0].length };
}
