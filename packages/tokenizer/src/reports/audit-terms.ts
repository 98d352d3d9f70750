import { CutawayError, isCutawayError, type Tokenizer } from "@cutaway/core";
import { type Interval, wilsonInterval } from "@cutaway/metrics";
import { countCharacters } from "./count-words.ts";
import { defaultThresholds, isBadlySplit } from "./decide.ts";
import { distributionOf } from "./distribution.ts";
import { type CorpusCounts, countInCorpus, estimateSaving } from "./estimate-saving.ts";
import { oneTokenApart, sameIds } from "./near-duplicates.ts";
import { ordinaryTokens, ordinaryWords } from "./ordinary-words.ts";
import type { AuditOptions, AuditSummary, AuditThresholds, LossyCounts, Term, TermAudit, TermFigures } from "./report-types.ts";
import { lossOf, roundTrip } from "./round-trip.ts";
import { termContexts } from "./term-contexts.ts";
import { kindsIn, shareOf } from "./token-shares.ts";
import { verdictOn } from "./verdict-on.ts";

const mostTerms = 20_000;
/** UTF-16 units. What is longer is a text and no term. */
const longestTerm = 500;

/**
 * How a tokenizer cuts the terms of a domain, beside ordinary words as long, and whether another vocabulary is worth it.
 * Pure. A term given twice counts once, its frequencies added.
 * throws  `no-terms`, `empty-term`, `term-too-long`, `too-many-terms`, `bad-threshold`
 */
export function auditTerms(tokenizer: Tokenizer, given: readonly Term[], options: AuditOptions = {}): TermAudit {
  const { corpus, price, level = 0.95, ordinaryWords: words = ordinaryWords } = options;
  const thresholds = checkedThresholds(options.thresholds);
  const terms = distinctTerms(given);
  const counts = corpus === undefined ? undefined : countInCorpus(tokenizer, corpus, [...terms.keys()]);
  const ordinary = ordinaryTokens(tokenizer, words.length === 0 ? ordinaryWords : words);
  const figures = [...terms].map(([text, frequency], i) =>
    figuresOf(tokenizer, { text, ...(frequency !== undefined && { frequency }) }, i, { counts, ordinary, thresholds }),
  );
  const saving = estimateSaving(figures, (term) => term.badlySplit || term.unsayable, counts);
  const summary = summaryOf(figures, level);
  return {
    tokenizer: tokenizer.name,
    family: tokenizer.family,
    vocabSize: tokenizer.vocabSize,
    terms: figures,
    summary,
    sameIds: sameIds(figures),
    oneTokenApart: oneTokenApart(figures),
    verdict: verdictOn(figures, summary, thresholds, saving, counts),
    ...(saving && { saving: { ...saving, ...(price && { usd: ((saving.tokensBefore - saving.tokensAfter) * price.perMillion) / 1_000_000 }) } }),
    notes: notesOn(given, terms.size, options),
  };
}

/** Each text once, in the order given. */
function distinctTerms(given: readonly Term[]): Map<string, number | undefined> {
  if (given.length === 0) throw new CutawayError("no-terms", "there is no term to audit", { fix: "Give at least one." });
  if (given.length > mostTerms) {
    throw new CutawayError("too-many-terms", `${given.length} terms are more than an audit takes (${mostTerms})`, {
      fix: "Give the most frequent ones, or count a text of them with tokens compare.",
    });
  }
  const terms = new Map<string, number | undefined>();
  given.forEach(({ text, frequency }, i) => {
    const place = { term: i + 1 };
    if (text.trim() === "") throw new CutawayError("empty-term", `term ${i + 1} is empty`, { fix: "Leave it out.", data: place });
    if (text.length > longestTerm) {
      throw new CutawayError("term-too-long", `term ${i + 1} has ${text.length} characters: that is a text, not a term`, {
        fix: `Give words, codes or phrases of at most ${longestTerm} characters.`,
        data: place,
      });
    }
    if (frequency !== undefined && !(frequency >= 0 && Number.isFinite(frequency))) {
      throw new CutawayError("bad-frequency", `term ${i + 1} cannot occur ${frequency} times`, { fix: "Give a number, 0 or more.", data: place });
    }
    const before = terms.get(text);
    terms.set(text, frequency === undefined ? before : (before ?? 0) + frequency);
  });
  return terms;
}

function checkedThresholds(given: Partial<AuditThresholds> = {}): AuditThresholds {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaultThresholds, name) || !(value >= 0 && Number.isFinite(value))) {
      throw new CutawayError("bad-threshold", `${name} cannot be ${value}`, {
        fix: `The thresholds are ${Object.keys(defaultThresholds).join(", ")}: numbers from 0 up.`,
      });
    }
  }
  return { ...defaultThresholds, ...given };
}

interface TermMeasures {
  counts: CorpusCounts | undefined;
  ordinary: (term: string) => number;
  thresholds: AuditThresholds;
}

function figuresOf(tokenizer: Tokenizer, { text, frequency }: Term, index: number, { counts, ordinary, thresholds }: TermMeasures): TermFigures {
  const contexts = termContexts(tokenizer, text);
  const { tokens, ids } = contexts.inSentence;
  const kinds = kindsIn(tokenizer, ids);
  const decoded = roundTrip(tokenizer, text);
  const lossy = lossOf(text, decoded);
  const ordinaryCount = ordinary(text);
  const ratio = tokens / ordinaryCount;
  return {
    text,
    ...(frequency !== undefined && { frequency }),
    ...(counts && { occurrences: counts.occurrences[index] as number }),
    characters: countCharacters(text),
    ...contexts,
    special: isRefused(tokenizer, text),
    unknownTokens: kinds.unknown,
    byteTokens: kinds.byte,
    ...(lossy && { lossy }),
    decoded,
    ordinary: ordinaryCount,
    ratio,
    badlySplit: isBadlySplit({ tokens, ratio }, thresholds),
    unsayable: text.isWellFormed() && (kinds.unknown > 0 || lossy === "content"),
  };
}

/** Whether the tokenizer itself takes the term for a special token. */
function isRefused(tokenizer: Tokenizer, term: string): boolean {
  try {
    tokenizer.count(term);
    return false;
  } catch (error) {
    if (isCutawayError(error) && error.code === "special-token-in-text") return true;
    throw error;
  }
}

function summaryOf(terms: readonly TermFigures[], level: number): AuditSummary {
  const running = terms.map(({ inSentence }) => inSentence.tokens);
  const total = running.reduce((sum, count) => sum + count, 0);
  const meanOf = (of: (term: TermFigures) => number) => terms.reduce((sum, term) => sum + of(term), 0) / terms.length;
  const countOf = (is: (term: TermFigures) => boolean) => terms.filter(is).length;
  const lost = (kind: keyof LossyCounts) => countOf(({ lossy }) => lossy === kind);
  const badlySplit = countOf((term) => term.badlySplit);
  return {
    terms: terms.length,
    alone: distributionOf(terms.map(({ alone }) => alone.tokens)),
    inSentence: distributionOf(running),
    upperCaseMean: meanOf(({ upperCase }) => upperCase.tokens),
    lowerCaseMean: meanOf(({ lowerCase }) => lowerCase.tokens),
    ordinaryMean: meanOf(({ ordinary }) => ordinary),
    charactersPerToken: terms.reduce((sum, { characters }) => sum + characters, 0) / Math.max(1, total),
    whole: countOf(({ inSentence }) => inSentence.tokens === 1),
    split: countOf(({ inSentence }) => inSentence.tokens > 1),
    badlySplit,
    badlySplitShare: wilsonInterval({ hits: badlySplit, runs: terms.length }, level) as Interval,
    unsayable: countOf(({ unsayable }) => unsayable),
    unknown: shareOf(
      terms.map(({ unknownTokens }) => unknownTokens),
      total,
    ),
    byteFallback: shareOf(
      terms.map(({ byteTokens }) => byteTokens),
      total,
    ),
    lossy: { spacing: lost("spacing"), normalized: lost("normalized"), content: lost("content") },
    cutMoves: countOf(({ alone, inSentence }) => alone.cuts.join() !== inSentence.cuts.join()),
  };
}

function notesOn(given: readonly Term[], distinct: number, { corpus, price }: AuditOptions): string[] {
  const notes: string[] = [];
  const twice = given.length - distinct;
  if (twice > 0) notes.push(`${twice === 1 ? "One term is" : `${twice} terms are`} given more than once: each counts once.`);
  const illFormed = given.filter(({ text }) => !text.isWellFormed()).length;
  if (illFormed > 0) {
    notes.push(`${illFormed === 1 ? "One term holds" : `${illFormed} terms hold`} half a surrogate pair, which no tokenizer can say: mend the list.`);
  }
  const counted = given.filter(({ frequency }) => frequency !== undefined).length;
  if (corpus !== undefined && counted > 0) notes.push("The saving is measured in the corpus; the frequencies given are not used for it.");
  if (corpus === undefined && counted > 0 && counted < given.length) notes.push(withoutFrequency(given.length - counted, given.length));
  if (corpus === undefined && counted === 0) notes.push("No corpus and no frequencies: what would be saved is not known.");
  if (price) notes.push(...price.caveats);
  return notes;
}

const withoutFrequency = (some: number, all: number): string =>
  `${some} of ${all} terms ${some === 1 ? "has no frequency and does" : "have no frequency and do"} not count in the saving.`;
