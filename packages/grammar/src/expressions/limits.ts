import { CutawayError } from "@cutaway/core";

/** How much a grammar may cost before it is refused. */
export interface Limits {
  /** Expressions, those made while matching included. */
  nodes: number;
  /** Bytes of memory for expressions and what is remembered of them. */
  bytes: number;
  /** States looked at to decide whether one intersection or complement has any text. */
  searchStates: number;
  /** Time for compiling, from the making of `Expressions` to `closed`. */
  milliseconds: number;
}

export const defaultLimits: Limits = { nodes: 2_000_000, bytes: 128 * 2 ** 20, searchStates: 50_000, milliseconds: 5_000 };

export const tooLarge = (what: string, data: Record<string, unknown>): CutawayError =>
  new CutawayError("grammar-too-large", `The grammar is too large: ${what}.`, {
    data,
    fix: "Make it smaller: fewer alternatives, shorter bounded repeats, fewer combined conditions.",
  });

/** What to throw for an error that came out of a recursion: a stack that is full means parts that stand in each other too deeply. */
export const unlessTooDeep = (error: unknown): unknown =>
  error instanceof RangeError ? tooLarge("its parts stand in each other too deeply", { cause: error.message }) : error;
