/** An interned expression: equal structure, equal number. Only the `Expressions` object that made it can say what it is. */
export type Node = number;

/** Where a part of a grammar comes from. */
export interface Source {
  /** JSON pointer into the schema. */
  pointer?: string;
  /** The keyword of the schema at that pointer. */
  keyword?: string;
  /** Line of a grammar's text, from 1. */
  line?: number;
  /** The rule's name in a grammar's text. */
  rule?: string;
}

/** What a node is, and what its fields a, b, c hold. */
export const Kind = {
  /** No text at all. */
  nothing: 0,
  /** The empty text. */
  empty: 1,
  /** One byte of a set: a = the set. */
  bytes: 2,
  /** a = head (never itself a sequence), b = what follows. */
  sequence: 3,
  /** Any one of several: a = where they begin in the pool, b = how many. */
  choice: 4,
  /** a = part, b = least number of times, c = greatest (−1: no limit). */
  repeat: 5,
  /** All of several at once: as `choice`. Regular parts only. */
  both: 6,
  /** Any bytes that are not a text of a. Regular parts only. */
  not: 7,
  /** a = the rule. */
  rule: 8,
  /** b with the label a. */
  at: 9,
  /** a = id of a special token. */
  token: 10,
  /** A state of a table: a = the table, b = the state. */
  automaton: 11,
} as const;
