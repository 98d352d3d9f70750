import type { Spelling } from "../text/index.ts";
import type { Dialect } from "./dialect.ts";

export interface SchemaOptions {
  /** How a schema is read that does not say it with `$schema`. Default "lenient". */
  dialect?: Dialect;
  /**
   * Where white space may stand. `none`: nowhere. `bounded` (default): after `{`, `[`, `,` and before `}`, `]` one space, or a line break and at most
   * 20 spaces or tabs; after `:` one space. `any`: wherever JSON allows it, without end.
   */
  whitespace?: "none" | "bounded" | "any";
  /** `declared` (default): properties in the order in which the schema names them, all others after those. `any`: as they come. */
  propertyOrder?: "declared" | "any";
  /** `canonical` (default): each character of a string in the one way `JSON.stringify` writes it. `any`: every way JSON allows. */
  spelling?: Spelling;
  /** `assert` (default): a string has to be of its `format`. `annotate`: formats say nothing. Unknown formats never do, and are among the notices. */
  formats?: "assert" | "annotate";
  /** What cannot be enforced is left out and named in `checkedAfter`, instead of refused. */
  checkAfter?: boolean;
  /** Parts carry the pointer and keyword that they come from. Default true. */
  labels?: boolean;
  /** Other documents that `$ref` may lead to, by address. None is ever fetched. */
  documents?: Readonly<Record<string, unknown>>;
  limits?: Partial<SchemaLimits>;
}

/** How much one schema may cost. */
export interface SchemaLimits {
  /** Clauses made while alternatives and negations are multiplied out. */
  clauses: number;
  /** Clauses of one type in one union. */
  alternatives: number;
  milliseconds: number;
}

export const defaultSchemaLimits: SchemaLimits = { clauses: 200_000, alternatives: 2_000, milliseconds: 2_000 };

/** A keyword that the grammar leaves to be checked when the answer is there. */
export interface Deferred {
  pointer: string;
  keyword: string;
  /** Why it is not enforced. */
  says: string;
}
