import type { Source } from "../expressions/kinds.ts";
import { allText, both, choice, isEmptyText, matchesText, oneOf, type Text, without } from "../text/index.ts";
import type { Budget } from "./budget.ts";
import type { ObjectClause, Some } from "./forms.ts";
import type { Term, Terms } from "./terms.ts";
import { saidOf } from "./types/objects.ts";

/** A property with a name that the clause speaks of. */
export interface Slot {
  readonly name: string;
  readonly term: Term;
  readonly required: Source | undefined;
  /** Which of `some` its name could meet, as bits. */
  readonly meets: number;
}

/** All properties without a slot whose names are of one kind. */
export interface KeyClass {
  readonly keys: Text;
  readonly term: Term;
  readonly meets: number;
}

/** What an object of a clause may consist of. */
export interface ObjectShape {
  /** In the order in which the schema names them. */
  readonly declared: readonly Slot[];
  /** Named by a condition only, without a place in the order. */
  readonly floating: readonly Slot[];
  readonly classes: readonly KeyClass[];
  readonly some: readonly Some[];
}

const mostSome = 12;
const mostClasses = 64;

/** @throws `schema-too-large` for patterns that overlap in too many ways */
export const shapeOf = (terms: Terms, budget: Budget, clause: ObjectClause): ObjectShape => {
  budget.alternatives(clause.some.length > mostSome ? Infinity : 0);
  const named = new Set([...clause.names.keys(), ...clause.required.keys()]);
  const slot = (name: string): Slot => ({
    name,
    // A name with half a character has no UTF-8: no text has it.
    term: name.isWellFormed() ? saidOf(terms, clause, name) : terms.nothing,
    required: clause.required.get(name),
    meets: clause.some.reduce((bits, { keys }, i) => (keys === allText || matchesText(keys, name) ? bits | (1 << i) : bits), 0),
  });
  const declared: Slot[] = [];
  const floating: Slot[] = [];
  for (const name of named) {
    const one = slot(name);
    if (one.term === terms.nothing && one.required === undefined) continue;
    (clause.names.get(name)?.declared === true ? declared : floating).push(one);
  }
  return { declared, floating, classes: classesOf(terms, budget, clause, [...named]), some: clause.some };
};

/**
 * The names without a slot, split by which patterns they match. Kinds that no name is of are left out only where properties are counted or the kinds
 * would become many: otherwise they do no harm, and to find them takes time.
 */
const classesOf = (terms: Terms, budget: Budget, clause: ObjectClause, named: readonly string[]): KeyClass[] => {
  const unnamed = named.length === 0 ? allText : without(allText, oneOf(named));
  const patterned = clause.others.reduce((sum, one) => sum + one.patterns.length, clause.some.length);
  const thorough = patterned > 3 || clause.some.length > 0 || clause.min > clause.required.size;
  const split = (from: readonly KeyClass[], keys: Text) => divided(budget, from, keys, thorough);
  let classes: KeyClass[] = [{ keys: unnamed, term: terms.everything, meets: 0 }];
  for (const { patterns, rest } of clause.others) {
    let open: KeyClass[] = classes;
    let met: KeyClass[] = [];
    for (const { keys, term } of patterns) {
      const also = (one: KeyClass): KeyClass => ({ ...one, term: terms.all(one.term, term) });
      const again = split(met, keys);
      const first = split(open, keys);
      met = [...again.beyond, ...again.within.map(also), ...first.within.map(also)];
      open = first.beyond;
    }
    classes = [...met, ...open.map((one) => ({ ...one, term: terms.all(one.term, rest) }))].filter((one) => one.term !== terms.nothing);
  }
  for (const [i, { keys }] of clause.some.entries()) {
    const { within, beyond } = split(classes, keys);
    classes = [...beyond, ...within.map((one) => ({ ...one, meets: one.meets | (1 << i) }))];
  }
  return merged(classes);
};

const divided = (budget: Budget, classes: readonly KeyClass[], keys: Text, thorough: boolean): { within: KeyClass[]; beyond: KeyClass[] } => {
  const parts: { within: KeyClass[]; beyond: KeyClass[] } = { within: [], beyond: [] };
  if (keys === allText) return { within: [...classes], beyond: [] };
  for (const one of classes) {
    budget.clause();
    const [within, beyond] = [both(one.keys, keys), without(one.keys, keys)];
    if (!thorough || !isEmptyText(within)) parts.within.push({ ...one, keys: within });
    if (!thorough || !isEmptyText(beyond)) parts.beyond.push({ ...one, keys: beyond });
  }
  if (parts.within.length + parts.beyond.length > mostClasses) budget.alternatives(Infinity);
  return parts;
};

/** Classes about which the same is said are one. */
const merged = (classes: readonly KeyClass[]): KeyClass[] => {
  const byWhat = new Map<string, KeyClass>();
  for (const one of classes) {
    const what = `${one.term} ${one.meets}`;
    const before = byWhat.get(what);
    byWhat.set(what, before === undefined ? one : { ...one, keys: choice(before.keys, one.keys) });
  }
  return [...byWhat.values()];
};
