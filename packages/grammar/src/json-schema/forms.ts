import type { Source } from "../expressions/kinds.ts";
import type { NumberSet } from "../numbers/index.ts";
import type { Text } from "../text/index.ts";
import type { Term } from "./terms.ts";

/**
 * The normal form of a schema: for each type of JSON value a union of clauses, each clause a conjunction of plain conditions on one value of that
 * type. What is inside arrays and objects stays a formula, unread. Unions, intersections and complements of forms are forms again.
 */
export interface Form {
  readonly null: readonly NullClause[];
  readonly boolean: readonly BooleanClause[];
  readonly number: readonly NumberClause[];
  readonly string: readonly StringClause[];
  readonly array: readonly ArrayClause[];
  readonly object: readonly ObjectClause[];
  /** Something was left to be checked afterwards: the form has more values than the schema, and says nothing of what the schema does not have. */
  readonly loose: boolean;
}

export const types = ["null", "boolean", "number", "string", "array", "object"] as const;
export type Type = (typeof types)[number];
export type ClauseOf<T extends Type> = Form[T][number];

/** What the intersection and complement of one type's clauses need. */
export interface Algebra<C> {
  /** No condition. */
  readonly free: C;
  isFree(clause: C): boolean;
  /** undefined: seen at once to have no value. */
  meet(a: C, b: C): C | undefined;
  /** Clauses whose union is every value of the type that the clause does not have. */
  opposites(clause: C): C[];
  /** Equal keys, equal clauses. */
  key(clause: C): string;
}

interface Clause {
  /** The keywords that the conditions come from. */
  readonly sources: readonly Source[];
}

export interface NullClause extends Clause {}

export interface BooleanClause extends Clause {
  readonly values: readonly boolean[];
}

export interface NumberClause extends Clause {
  readonly set: NumberSet;
  /** Only these, already tried against `set`. */
  readonly values?: readonly number[];
}

export interface StringClause extends Clause {
  /** Patterns, formats and what is excluded. Length is apart. */
  readonly text: Text;
  /** Characters. */
  readonly min: number;
  readonly max?: number;
  /** Only these, already tried against the rest. */
  readonly values?: readonly string[];
}

/** At least `min` and at most `max` items from index `from` on are as `term` says. */
export interface Contains {
  readonly term: Term;
  readonly from: number;
  readonly min: number;
  readonly max?: number;
  readonly source: Source;
}

export interface ArrayClause extends Clause {
  /** The first items, one by one. */
  readonly prefix: readonly Term[];
  /** All items after those. */
  readonly rest: Term;
  readonly min: number;
  readonly max?: number;
  readonly contains: readonly Contains[];
  /** Where it is asked that no two items are equal. */
  readonly unique?: Source;
}

export interface Named {
  readonly term: Term;
  /** Named under `properties`, and so with a place in the order of properties. */
  readonly declared: boolean;
}

/** What one schema says of the properties that no clause names: those of the patterns that match decide, and `rest` where none does. */
export interface Others {
  readonly patterns: readonly { readonly keys: Text; readonly term: Term }[];
  readonly rest: Term;
}

/** Some property whose name is of `keys` has a value as `term` says. */
export interface Some {
  readonly keys: Text;
  readonly term: Term;
  readonly source: Source;
}

export interface ObjectClause extends Clause {
  /** All that is said of these names is said here. */
  readonly names: ReadonlyMap<string, Named>;
  readonly others: readonly Others[];
  readonly required: ReadonlyMap<string, Source>;
  readonly min: number;
  readonly max?: number;
  readonly some: readonly Some[];
}

export const noValue: Form = { null: [], boolean: [], number: [], string: [], array: [], object: [], loose: false };

/** Both lists of sources, each source once. */
export const bothSources = (a: readonly Source[], b: readonly Source[]): readonly Source[] => {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])];
};

export const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
