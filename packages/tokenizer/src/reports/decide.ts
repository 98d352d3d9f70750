import type { AuditAdvice, AuditThresholds, AuditVerdict } from "./report-types.ts";

export const defaultThresholds: AuditThresholds = {
  splitTokens: 4,
  splitRatio: 2,
  splitShare: 0.25,
  unsayableShare: 0.02,
  mostAdded: 1000,
  corpusFertility: 2,
};

/** What the verdict is made from; nothing else decides. */
export interface AuditFacts {
  /** Not empty. Tokens in running text, how many times those of ordinary words, and whether the tokenizer can say it at all. */
  terms: readonly { tokens: number; ratio: number; unsayable: boolean }[];
  /** Tokens a word of the corpus, the worst terms taken as one token each; absent without a corpus. */
  corpusFertility?: number;
}

export const isBadlySplit = ({ tokens, ratio }: { tokens: number; ratio: number }, { splitTokens, splitRatio }: AuditThresholds): boolean =>
  tokens >= splitTokens && ratio >= splitRatio;

/** splitShare  of badly split terms; given to ask what another share would mean */
export function decide(facts: AuditFacts, thresholds: AuditThresholds, splitShare?: number): AuditAdvice {
  const { splits, unsayable, worst } = countsOf(facts, thresholds);
  const terms = facts.terms.length;
  const share = splitShare ?? splits / terms;
  const corpusIsBad = facts.corpusFertility !== undefined && facts.corpusFertility >= thresholds.corpusFertility;
  const termsAreBad = (share > 0 && share >= thresholds.splitShare) || (unsayable > 0 && unsayable / terms >= thresholds.unsayableShare);
  if (corpusIsBad || (termsAreBad && worst > thresholds.mostAdded)) return "train";
  return termsAreBad ? "add-tokens" : "keep";
}

export function countsOf({ terms }: AuditFacts, thresholds: AuditThresholds): { splits: number; unsayable: number; worst: number } {
  const splits = terms.filter((term) => isBadlySplit(term, thresholds)).length;
  const unsayable = terms.filter((term) => term.unsayable).length;
  const worst = terms.filter((term) => term.unsayable || isBadlySplit(term, thresholds)).length;
  return { splits, unsayable, worst };
}

/** For each threshold the nearest value that turns the verdict, the others as they are; thresholds that cannot are left out. */
export function flipsOf(facts: AuditFacts, thresholds: AuditThresholds): AuditVerdict["flips"] {
  const now = decide(facts, thresholds);
  return (Object.keys(thresholds) as (keyof AuditThresholds)[]).flatMap((threshold) => {
    const from = thresholds[threshold];
    const candidates = candidatesFor(threshold, facts, thresholds).sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
    for (const to of candidates) {
      const advice = decide(facts, { ...thresholds, [threshold]: to });
      if (advice !== now) return [{ threshold, from, to, advice }];
    }
    return [];
  });
}

/** Values at which a comparison with this threshold can change its answer. */
function candidatesFor(threshold: keyof AuditThresholds, facts: AuditFacts, thresholds: AuditThresholds): number[] {
  const { splits, unsayable, worst } = countsOf(facts, thresholds);
  const terms = facts.terms.length;
  switch (threshold) {
    case "splitTokens":
      return [...new Set(facts.terms.flatMap(({ tokens }) => [tokens, tokens + 1]))];
    case "splitRatio":
      return [...new Set(facts.terms.flatMap(({ ratio }) => [roundDown(ratio), roundUp(ratio)]))];
    case "splitShare":
      return [splits / terms, (splits + 1) / terms];
    case "unsayableShare":
      return [unsayable / terms, (unsayable + 1) / terms];
    case "mostAdded":
      return [worst - 1, worst];
    case "corpusFertility":
      return facts.corpusFertility === undefined ? [] : [roundDown(facts.corpusFertility), roundUp(facts.corpusFertility)];
  }
}

/** To hundredths, at or below; above. */
const roundDown = (value: number) => Math.floor(value * 100) / 100;
const roundUp = (value: number) => (Math.floor(value * 100) + 1) / 100;
