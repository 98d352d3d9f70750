import { type AuditFacts, countsOf, decide, flipsOf } from "./decide.ts";
import type { CorpusCounts } from "./estimate-saving.ts";
import type { AuditAdvice, AuditSummary, AuditThresholds, AuditVerdict, Saving, TermFigures } from "./report-types.ts";

/** The verdict with its reasons in words, and what would turn it. */
export function verdictOn(
  terms: readonly TermFigures[],
  summary: AuditSummary,
  thresholds: AuditThresholds,
  saving: Saving | undefined,
  counts: CorpusCounts | undefined,
): AuditVerdict {
  const fertility = saving?.from === "corpus" ? saving.fertility?.after : undefined;
  const facts: AuditFacts = {
    terms: terms.map(({ inSentence: { tokens }, ratio, unsayable }) => ({ tokens, ratio, unsayable })),
    ...(fertility !== undefined && { corpusFertility: fertility }),
  };
  const advice = decide(facts, thresholds);
  const { low, high } = summary.badlySplitShare;
  const settled = [low, high].every((share) => decide(facts, thresholds, share) === advice);
  return {
    do: advice,
    says: sentence(
      `${settled ? "" : `not settled by ${terms.length === 1 ? "one term" : `${terms.length} terms`}; as they are: `}${inWords(advice, countsOf(facts, thresholds).worst)}`,
    ),
    reasons: reasonsFor(facts, summary, thresholds, saving),
    settled,
    worst: worstFirst(terms, counts),
    thresholds,
    flips: flipsOf(facts, thresholds),
  };
}

function inWords(advice: AuditAdvice, worst: number): string {
  switch (advice) {
    case "keep":
      return "keep the tokenizer, its vocabulary is adequate for these terms.";
    case "add-tokens":
      return `add ${worst === 1 ? "one term" : `${worst} terms`} as tokens, if you can train the model's embeddings; behind an API, give short aliases to the worst.`;
    case "train":
      return "train a tokenizer on text of the domain, if you train the model too; behind an API, choose a model with another vocabulary.";
  }
}

function reasonsFor(facts: AuditFacts, summary: AuditSummary, thresholds: AuditThresholds, saving: Saving | undefined): string[] {
  const { terms, badlySplit, badlySplitShare: share, unsayable, inSentence, ordinaryMean } = summary;
  const { splitTokens, splitRatio, splitShare, unsayableShare, mostAdded, corpusFertility } = thresholds;
  const reasons = [
    `${badlySplit} of ${terms} terms (${percent(share.estimate)}, interval ${percent(share.low)} to ${percent(share.high)}) take ${splitTokens} tokens or more and ${splitRatio} times those of ordinary words as long; worth acting from ${percent(splitShare)}.`,
    `${inSentence.mean.toFixed(2)} tokens a term in running text, ${ordinaryMean.toFixed(2)} for ordinary words as long.`,
    `${unsayable} of ${terms} terms cannot be said without loss; worth acting from ${percent(unsayableShare)}.`,
  ];
  const { worst } = countsOf(facts, thresholds);
  if (worst > mostAdded) reasons.push(`${worst} terms are more than can well be added one by one (${mostAdded}).`);
  if (facts.corpusFertility !== undefined) {
    reasons.push(
      `The corpus takes ${facts.corpusFertility.toFixed(2)} tokens a word with the worst terms as one token each; from ${corpusFertility} the vocabulary itself is the trouble.`,
    );
  }
  if (saving && worst > 0) {
    const of = saving.from === "corpus" ? "of the corpus's tokens" : "of the terms' own tokens";
    reasons.push(`One token for each of the ${worst} worst terms would save about ${percent(saving.share)} ${of}.`);
  }
  return reasons;
}

/** By the tokens that one token for the term would spare: in the corpus, by frequency, else in one occurrence. */
function worstFirst(terms: readonly TermFigures[], counts: CorpusCounts | undefined): string[] {
  const sparedBy = (term: TermFigures, i: number) => counts?.spared[i] ?? (term.frequency ?? 1) * (term.inSentence.tokens - 1);
  return terms
    .map((term, i) => ({ term, spared: sparedBy(term, i) }))
    .filter(({ term }) => term.badlySplit || term.unsayable)
    .sort((a, b) => b.spared - a.spared)
    .map(({ term }) => term.text);
}

/** Tenths below ten percent, whole above. */
function percent(share: number): string {
  const value = share * 100;
  return `${Number(value.toFixed(value >= 10 ? 0 : 1))} %`;
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
