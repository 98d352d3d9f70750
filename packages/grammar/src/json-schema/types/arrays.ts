import { type Algebra, type ArrayClause, bothSources, type Contains, least } from "../forms.ts";
import type { Term, Terms } from "../terms.ts";

/** @param uniqueOpposite what stands for “two items are equal”, which no clause can say: throws, or is a clause without conditions */
export const arrays = (terms: Terms, uniqueOpposite: (clause: ArrayClause) => ArrayClause): Algebra<ArrayClause> => {
  const { everything, nothing } = terms;
  const free: ArrayClause = { sources: [], prefix: [], rest: everything, min: 0, contains: [] };

  /** An array ends before the first item that can have no value. */
  const tidy = (clause: ArrayClause): ArrayClause | undefined => {
    let { prefix, rest, max } = clause;
    const end = prefix.indexOf(nothing);
    if (end >= 0) [prefix, rest] = [prefix.slice(0, end), nothing];
    if (rest === nothing) max = least(max, prefix.length);
    if (max !== undefined && max < prefix.length) prefix = prefix.slice(0, max);
    while (prefix.length > 0 && prefix.at(-1) === rest) prefix = prefix.slice(0, -1);
    return max !== undefined && max < clause.min ? undefined : { ...clause, prefix, rest, max };
  };

  return {
    free,
    isFree: (clause) =>
      clause.prefix.length === 0 &&
      clause.rest === everything &&
      clause.min === 0 &&
      clause.max === undefined &&
      clause.contains.length === 0 &&
      clause.unique === undefined,
    meet(a, b) {
      const prefix: Term[] = [];
      for (let i = 0; i < Math.max(a.prefix.length, b.prefix.length); i++) prefix.push(terms.all(a.prefix[i] ?? a.rest, b.prefix[i] ?? b.rest));
      return tidy({
        sources: bothSources(a.sources, b.sources),
        prefix,
        rest: terms.all(a.rest, b.rest),
        min: Math.max(a.min, b.min),
        max: least(a.max, b.max),
        contains: [...a.contains, ...b.contains.filter((one) => !a.contains.includes(one))],
        unique: a.unique ?? b.unique,
      });
    },
    opposites(clause) {
      const { sources } = clause;
      const [source = {}] = sources;
      const has = (one: Contains): ArrayClause => ({ ...free, sources, contains: [one] });
      const opposites: ArrayClause[] = [];
      for (const [i, term] of clause.prefix.entries()) {
        if (term === everything) continue;
        const prefix = [...Array<Term>(i).fill(everything), terms.not(term)];
        opposites.push({ ...free, sources, prefix, min: i + 1 });
      }
      if (clause.rest !== everything) opposites.push(has({ term: terms.not(clause.rest), from: clause.prefix.length, min: 1, source }));
      if (clause.min > 0) opposites.push({ ...free, sources, max: clause.min - 1 });
      if (clause.max !== undefined) opposites.push({ ...free, sources, min: clause.max + 1 });
      for (const one of clause.contains) {
        if (one.min > 0) opposites.push(has({ ...one, min: 0, max: one.min - 1 }));
        if (one.max !== undefined) opposites.push(has({ ...one, min: one.max + 1, max: undefined }));
      }
      if (clause.unique !== undefined) opposites.push(uniqueOpposite(clause));
      return opposites;
    },
    key: (clause) =>
      `${clause.prefix.join()}|${clause.rest}|${clause.min}|${clause.max}|${clause.contains
        .map((one) => `${one.term},${one.from},${one.min},${one.max}`)
        .sort()
        .join(";")}|${clause.unique !== undefined}`,
  };
};
