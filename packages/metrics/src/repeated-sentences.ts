import type { Span } from "@cutaway/core";
import { looksLikeCode } from "./looks-like-code.ts";

export interface RepeatedSentences {
  /** The sentence that comes back most often, where it stands first. */
  first: Span;
  copies: number;
  /** Where it stands the second time. */
  from: number;
  /** End of its last copy. */
  end: number;
  /** Share of the prose that is a sentence said before, 0 to 1. */
  share: number;
}

/**
 * How much of a text is sentences that it has already said. A sentence ends at a line break or at `.`, `!`, `?` and their
 * full-width forms; those under 25 characters (table cells, refrains of two words) and those of code are not counted.
 * returns undefined where no sentence comes back
 */
export function repeatedSentences(text: string): RepeatedSentences | undefined {
  const seen = new Map<string, RepeatedSentences>();
  let top: RepeatedSentences | undefined;
  let prose = 0;
  let repeated = 0;
  for (const match of text.matchAll(/[^\n.!?。!?]+[.!?。!?]*/g)) {
    const sentence = match[0].trim();
    if (sentence.length < 25 || looksLikeCode(sentence)) continue;
    prose += sentence.length;
    const start = match.index + match[0].indexOf(sentence);
    const end = start + sentence.length;
    const key = sentence.length > 400 ? sentence.slice(0, 400) : sentence;
    const known = seen.get(key);
    if (!known) {
      seen.set(key, { first: { start, end }, copies: 1, from: end, end, share: 0 });
      continue;
    }
    repeated += sentence.length;
    if (known.copies === 1) known.from = start;
    known.copies++;
    known.end = end;
    if (!top || known.copies > top.copies) top = known;
  }
  return top && { ...top, share: repeated / prose };
}
