import type { TermAudit, TermFigures } from "./report-types.ts";

type Tokens = Pick<TermFigures, "text" | "inSentence">;

/** Groups of terms with the same ids in running text, in the order in which they first occur. */
export function sameIds(terms: readonly Tokens[]): string[][] {
  const groups = groupBy(terms, ({ inSentence }) => [inSentence.ids.join(" ")]);
  return [...groups.values()].filter((group) => group.length > 1).map((group) => group.map(({ text }) => text));
}

/**
 * Groups of terms of three tokens or more that differ in one, at the same place, those that share most tokens first.
 * Each term is filed under its ids with each place left blank in turn, so that the work grows with the number of tokens only.
 */
export function oneTokenApart(terms: readonly Tokens[]): TermAudit["oneTokenApart"] {
  const distinct = [...new Map(terms.map((term) => [term.inSentence.ids.join(" "), term])).values()];
  const several = distinct.filter(({ inSentence }) => inSentence.tokens > 2);
  const groups = groupBy(several, ({ inSentence: { ids } }) => ids.map((_, place) => withBlank(ids, place).join(" ")));
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .map(([key, group]) => {
      const place = key.split(" ").indexOf(blank);
      const pieces = (group[0] as Tokens).inSentence.pieces;
      return { terms: group.map(({ text }) => text), shared: withBlank(pieces, place) };
    })
    .sort((a, b) => b.shared.length - a.shared.length || b.terms.length - a.terms.length);
}

const blank = "…";

const withBlank = <T>(values: readonly T[], place: number): (T | typeof blank)[] => values.map((value, i) => (i === place ? blank : value));

function groupBy(terms: readonly Tokens[], keysOf: (term: Tokens) => string[]): Map<string, Tokens[]> {
  const groups = new Map<string, Tokens[]>();
  for (const term of terms) {
    for (const key of keysOf(term)) {
      const group = groups.get(key);
      if (group) group.push(term);
      else groups.set(key, [term]);
    }
  }
  return groups;
}
