import { type Algebra, type BooleanClause, bothSources, type NullClause } from "../forms.ts";

export const nulls: Algebra<NullClause> = {
  free: { sources: [] },
  isFree: () => true,
  meet: (a, b) => ({ sources: bothSources(a.sources, b.sources) }),
  opposites: () => [],
  key: () => "",
};

export const booleans: Algebra<BooleanClause> = {
  free: { sources: [], values: [false, true] },
  isFree: (clause) => clause.values.length === 2,
  meet(a, b) {
    const values = a.values.filter((value) => b.values.includes(value));
    return values.length === 0 ? undefined : { sources: bothSources(a.sources, b.sources), values };
  },
  opposites(clause) {
    const values = [false, true].filter((value) => !clause.values.includes(value));
    return values.length === 0 ? [] : [{ sources: clause.sources, values }];
  },
  key: (clause) => clause.values.join(),
};
