import type { Source } from "../../expressions/kinds.ts";
import { allText, choice, matchesText, oneOf, type Text, without } from "../../text/index.ts";
import { located } from "../errors.ts";
import { type Algebra, bothSources, least, type Named, type ObjectClause, type Others, type Some } from "../forms.ts";
import type { Term, Terms } from "../terms.ts";
import { idOf } from "./strings.ts";

const has = (keys: Text, name: string): boolean => keys === allText || matchesText(keys, name);

/** Where clauses speak of names by pattern, and then of anything. */
export const sourcesOfNames = (...clauses: ObjectClause[]): Source[] => {
  const sources = clauses.flatMap((clause) => clause.sources);
  return [...sources.filter(({ keyword }) => keyword === "patternProperties" || keyword === "propertyNames"), ...sources];
};

/** What a clause says of the value of a property with this name. */
export const saidOf = (terms: Terms, clause: Pick<ObjectClause, "names" | "others">, name: string): Term =>
  clause.names.get(name)?.term ?? saidOfOther(terms, clause.others, name);

export const saidOfOther = (terms: Terms, others: readonly Others[], name: string): Term => {
  const parts: Term[] = [];
  for (const { patterns, rest } of others) {
    const matching = patterns.filter(({ keys }) => has(keys, name));
    if (matching.length === 0) parts.push(rest);
    for (const { term } of matching) parts.push(term);
  }
  return terms.all(...parts);
};

export const objects = (terms: Terms): Algebra<ObjectClause> => {
  const { everything, nothing } = terms;
  const free: ObjectClause = { sources: [], names: new Map(), others: [], required: new Map(), min: 0, some: [] };
  const keyOfOthers = (one: Others): string => `${one.patterns.map(({ keys, term }) => `${idOf(keys)},${term}`).join()}:${one.rest}`;

  const meetNames = (a: ObjectClause, b: ObjectClause): Map<string, Named> => {
    const names = new Map<string, Named>();
    const add = (name: string): void => {
      if (names.has(name)) return;
      const declared = a.names.get(name)?.declared === true || b.names.get(name)?.declared === true;
      names.set(name, { term: terms.all(saidOf(terms, a, name), saidOf(terms, b, name)), declared });
    };
    for (const clause of [a, b]) for (const [name, { declared }] of clause.names) if (declared) add(name);
    for (const clause of [a, b]) for (const name of clause.names.keys()) add(name);
    return names;
  };

  return {
    free,
    isFree: (clause) =>
      clause.names.size === 0 &&
      clause.others.length === 0 &&
      clause.required.size === 0 &&
      clause.min === 0 &&
      clause.max === undefined &&
      clause.some.length === 0,
    meet(a, b) {
      const names = located(sourcesOfNames(a, b), () => meetNames(a, b));
      const required = new Map<string, Source>([...a.required, ...b.required]);
      const known = new Set(a.others.map(keyOfOthers));
      const met: ObjectClause = {
        sources: bothSources(a.sources, b.sources),
        names,
        others: [...a.others, ...b.others.filter((one) => !known.has(keyOfOthers(one)))],
        required,
        min: Math.max(a.min, b.min),
        max: least(a.max, b.max),
        some: [...a.some, ...b.some.filter((one) => !a.some.includes(one))],
      };
      if (met.max !== undefined && (met.max < met.min || met.max < required.size)) return undefined;
      const says = (name: string): Term => located(sourcesOfNames(met), () => saidOf(terms, met, name));
      for (const name of required.keys()) if (says(name) === nothing) return undefined;
      return met;
    },
    opposites(clause) {
      const { sources } = clause;
      const [source = {}] = sources;
      const opposites: ObjectClause[] = [];
      const some = (keys: Text, term: Term): void => {
        const one: Some = { keys, term, source };
        opposites.push({ ...free, sources, some: [one] });
      };
      for (const [name, from] of clause.required)
        opposites.push({ ...free, sources: [from], names: new Map([[name, { term: nothing, declared: false }]]) });
      for (const [name, { term }] of clause.names) {
        if (term === everything) continue;
        opposites.push({
          ...free,
          sources,
          names: new Map([[name, { term: terms.not(term), declared: false }]]),
          required: new Map([[name, source]]),
        });
      }
      const unnamed = clause.names.size === 0 ? allText : without(allText, oneOf([...clause.names.keys()]));
      for (const { patterns, rest } of clause.others) {
        for (const { keys, term } of patterns) if (term !== everything) some(narrowed(unnamed, keys), terms.not(term));
        if (rest !== everything)
          some(patterns.length === 0 ? unnamed : without(unnamed, choice(...patterns.map(({ keys }) => keys))), terms.not(rest));
      }
      if (clause.min > 0) opposites.push({ ...free, sources, max: clause.min - 1 });
      if (clause.max !== undefined) opposites.push({ ...free, sources, min: clause.max + 1 });
      for (const { keys, term } of clause.some) {
        opposites.push({ ...free, sources, others: [{ patterns: [{ keys, term: terms.not(term) }], rest: everything }] });
      }
      return opposites;
    },
    key: (clause) =>
      [
        [...clause.names].map(([name, { term, declared }]) => `${JSON.stringify(name)}${term}${declared ? "d" : ""}`).join(),
        clause.others.map(keyOfOthers).join(";"),
        [...clause.required.keys()]
          .sort()
          .map((name) => JSON.stringify(name))
          .join(),
        clause.min,
        clause.max,
        clause.some.map(({ keys, term }) => `${idOf(keys)},${term}`).join(),
      ].join("|"),
  };
};

const narrowed = (a: Text, b: Text): Text => (a === allText ? b : without(b, without(allText, a)));
