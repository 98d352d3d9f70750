import type { Tokenizer } from "@cutaway/core";
import { countWords } from "./count-words.ts";
import { findTerms } from "./find-terms.ts";
import type { Saving, TermFigures } from "./report-types.ts";

/** What stands where in a corpus, counted once for all that is asked about it. */
export interface CorpusCounts {
  /** Of the whole corpus. */
  tokens: number;
  words: number;
  /** For each term, in their order. */
  occurrences: number[];
  /** For each term, the tokens that one token in its place, the space before it included, would do without. */
  spared: number[];
}

export function countInCorpus(tokenizer: Tokenizer, corpus: string, terms: readonly string[]): CorpusCounts {
  const { starts, ends, ids } = tokenizer.encodeWithOffsets(corpus, { unit: "utf16", disallowedSpecial: "as-text" });
  const occurrences = new Array<number>(terms.length).fill(0);
  const spared = new Array<number>(terms.length).fill(0);
  let token = 0;
  for (const { term, span } of findTerms(corpus, terms)) {
    const from = corpus[span.start - 1] === " " ? span.start - 1 : span.start;
    while (token < ids.length && (starts[token] as number) < from) token++;
    let inside = 0;
    while (token < ids.length && (ends[token] as number) <= span.end) {
      inside++;
      token++;
    }
    occurrences[term] = (occurrences[term] as number) + 1;
    spared[term] = (spared[term] as number) + Math.max(0, inside - 1);
  }
  return { tokens: ids.length, words: countWords(corpus), occurrences, spared };
}

/** In the corpus where there is one, else by the terms' frequencies; undefined where neither is known. */
export function estimateSaving(
  terms: readonly TermFigures[],
  isWorst: (term: TermFigures) => boolean,
  corpus: CorpusCounts | undefined,
): Saving | undefined {
  if (corpus) {
    const at = terms.flatMap((term, i) => (isWorst(term) ? [i] : []));
    const sumOf = (counts: readonly number[]) => at.reduce((sum, i) => sum + (counts[i] as number), 0);
    return savingFrom("corpus", sumOf(corpus.occurrences), corpus.tokens, sumOf(corpus.spared), corpus.words);
  }
  const known = terms.filter(({ frequency }) => frequency !== undefined);
  if (known.length === 0) return undefined;
  const sumOf = (of: (term: TermFigures) => number, some = known) => some.reduce((sum, term) => sum + (term.frequency as number) * of(term), 0);
  const worst = known.filter(isWorst);
  return savingFrom(
    "frequency",
    sumOf(() => 1, worst),
    sumOf(({ inSentence }) => inSentence.tokens),
    sumOf(({ inSentence }) => Math.max(0, inSentence.tokens - 1), worst),
  );
}

function savingFrom(from: Saving["from"], occurrences: number, tokensBefore: number, spared: number, words = 0): Saving {
  const tokensAfter = tokensBefore - spared;
  return {
    from,
    occurrences,
    tokensBefore,
    tokensAfter,
    share: tokensBefore === 0 ? 0 : spared / tokensBefore,
    ...(words > 0 && { fertility: { before: tokensBefore / words, after: tokensAfter / words } }),
  };
}
