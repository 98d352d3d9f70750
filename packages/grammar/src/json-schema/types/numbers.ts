import { type NumberSet, numberMatches } from "../../numbers/index.ts";
import { type Algebra, bothSources, type NumberClause } from "../forms.ts";

const greatest = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined ? b : b === undefined ? a : Math.max(a, b));
const smallest = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined ? b : b === undefined ? a : Math.min(a, b));
const joined = (a: readonly number[] = [], b: readonly number[] = []): readonly number[] | undefined =>
  a.length + b.length === 0 ? undefined : [...new Set([...a, ...b])].sort((x, y) => x - y);

/** Only the conditions that are there: two sets that say the same have the same keys. */
const tidy = (set: NumberSet): NumberSet => Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));

const meetSets = (a: NumberSet, b: NumberSet): NumberSet | undefined => {
  if (a.integer !== undefined && b.integer !== undefined && a.integer !== b.integer) return undefined;
  const set: NumberSet = {
    integer: a.integer ?? b.integer,
    minimum: greatest(a.minimum, b.minimum),
    exclusiveMinimum: greatest(a.exclusiveMinimum, b.exclusiveMinimum),
    maximum: smallest(a.maximum, b.maximum),
    exclusiveMaximum: smallest(a.exclusiveMaximum, b.exclusiveMaximum),
    multipleOf: joined(a.multipleOf, b.multipleOf),
    notMultipleOf: joined(a.notMultipleOf, b.notMultipleOf),
    not: joined(a.not, b.not),
  };
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = set;
  const empty = minimum > maximum || minimum >= exclusiveMaximum || exclusiveMinimum >= maximum || exclusiveMinimum >= exclusiveMaximum;
  return empty ? undefined : tidy(set);
};

export const numbers: Algebra<NumberClause> = {
  free: { sources: [], set: {} },
  isFree: (clause) => clause.values === undefined && Object.keys(clause.set).length === 0,
  meet(a, b) {
    const sources = bothSources(a.sources, b.sources);
    if (a.values !== undefined || b.values !== undefined) {
      const [some, other] = a.values === undefined ? [b, a] : [a, b];
      const among = other.values === undefined ? undefined : new Set(other.values);
      const values = (some.values ?? []).filter((value) => (among === undefined ? numberMatches(other.set, value) : among.has(value)));
      return values.length === 0 ? undefined : { sources, set: {}, values };
    }
    const set = meetSets(a.set, b.set);
    return set === undefined ? undefined : { sources, set };
  },
  opposites({ set, values, sources }) {
    const otherwise = (not: NumberSet): NumberClause => ({ sources, set: not });
    if (values !== undefined) return [otherwise({ not: [...values].sort((x, y) => x - y) })];
    const opposites: NumberClause[] = [];
    if (set.integer !== undefined) opposites.push(otherwise({ integer: !set.integer }));
    if (set.minimum !== undefined) opposites.push(otherwise({ exclusiveMaximum: set.minimum }));
    if (set.exclusiveMinimum !== undefined) opposites.push(otherwise({ maximum: set.exclusiveMinimum }));
    if (set.maximum !== undefined) opposites.push(otherwise({ exclusiveMinimum: set.maximum }));
    if (set.exclusiveMaximum !== undefined) opposites.push(otherwise({ minimum: set.exclusiveMaximum }));
    for (const factor of set.multipleOf ?? []) opposites.push(otherwise({ notMultipleOf: [factor] }));
    for (const factor of set.notMultipleOf ?? []) opposites.push(otherwise({ multipleOf: [factor] }));
    if (set.not !== undefined) opposites.push({ sources, set: {}, values: set.not });
    return opposites;
  },
  key: (clause) => JSON.stringify([clause.set, clause.values]),
};
