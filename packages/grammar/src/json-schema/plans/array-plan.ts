import type { ArrayClause } from "../forms.ts";
import type { Term, Terms } from "../terms.ts";

/** Where one is between two items of an array. */
export interface ArrayState {
  /** Items so far, as far as it matters. */
  readonly index: number;
  /** How many items were as each of `contains` says, as far as it matters. */
  readonly counts: readonly number[];
  /** Which of the possible values are there already, as bits; only where items have to differ. */
  readonly seen: bigint;
}

export interface ArrayMove {
  readonly term: Term;
  readonly next: ArrayState;
}

const mostStates = 50_000;

/**
 * Which items may follow each other in an array of a clause that counts items (`contains`) or wants them to differ. Knows formulas only.
 * @throws what `tooMany` throws, if there are too many states to look at
 */
export class ArrayPlan {
  readonly start: ArrayState;
  readonly #terms: Terms;
  readonly #clause: ArrayClause;
  readonly #values: readonly Term[] | undefined;
  /** Beyond this index all items are alike. */
  readonly #last: number;
  readonly #tooMany: () => Error;

  /** @param values where items have to differ: every value that an item may have */
  constructor(terms: Terms, clause: ArrayClause, values: readonly Term[] | undefined, tooMany: () => Error) {
    this.#terms = terms;
    this.#clause = clause;
    this.#values = values;
    this.#tooMany = tooMany;
    this.#last = clause.max ?? Math.max(clause.prefix.length, clause.min, ...clause.contains.map((one) => one.from));
    this.start = { index: 0, counts: clause.contains.map(() => 0), seen: 0n };
    if (this.#last > mostStates) throw tooMany();
  }

  mayClose(state: ArrayState): boolean {
    return state.index >= this.#clause.min && this.#clause.contains.every((one, i) => (state.counts[i] as number) >= one.min);
  }

  /** The items that may come next, without those that have no value. */
  *#items(state: ArrayState, isEmpty: (term: Term) => boolean): Generator<ArrayMove> {
    const { prefix, rest, max, contains } = this.#clause;
    if (max !== undefined && state.index >= max) return;
    const item = prefix[state.index] ?? rest;
    const index = Math.min(state.index + 1, this.#last);
    for (const [value, bit] of this.#differing(state.seen)) {
      const here = value === undefined ? item : this.#terms.all(item, value);
      // each condition that is still counted holds of the item, or does not
      const counted = contains.map((_, i) => i).filter((i) => this.#counts(state, i));
      for (let ways = 0; ways < 1 << counted.length; ways++) {
        const counts = [...state.counts];
        let term = here;
        for (const [j, i] of counted.entries()) {
          const one = contains[i] as ArrayClause["contains"][number];
          const holds = (ways & (1 << j)) === 0;
          if (holds) counts[i] = (counts[i] as number) + 1;
          if (holds) term = this.#terms.all(term, one.term);
          else if (one.max !== undefined) term = this.#terms.all(term, this.#terms.not(one.term));
        }
        if (contains.some((one, i) => one.max !== undefined && (counts[i] as number) > one.max) || isEmpty(term)) continue;
        yield { term, next: { index, counts, seen: state.seen | bit } };
      }
    }
  }

  #counts(state: ArrayState, i: number): boolean {
    const one = this.#clause.contains[i];
    return one !== undefined && state.index >= one.from && (one.max !== undefined || (state.counts[i] as number) < one.min);
  }

  *#differing(seen: bigint): Generator<[value: Term | undefined, bit: bigint]> {
    if (this.#values === undefined) {
      yield [undefined, 0n];
      return;
    }
    for (const [i, value] of this.#values.entries()) {
      const bit = 1n << BigInt(i);
      if ((seen & bit) === 0n) yield [value, bit];
    }
  }

  *moves(state: ArrayState, isEmpty: (term: Term) => boolean): Generator<ArrayMove> {
    for (const move of this.#items(state, isEmpty)) if (this.canFinish(move.next, isEmpty)) yield move;
  }

  /** Some way leads from here to the end: a search that goes deep first, each state once. */
  canFinish(from: ArrayState, isEmpty: (term: Term) => boolean): boolean {
    const visited = new Set<string>([keyOf(from)]);
    const path: Generator<ArrayMove>[] = [];
    let state: ArrayState | undefined = from;
    for (;;) {
      if (state !== undefined) {
        if (this.mayClose(state)) return true;
        path.push(this.#items(state, isEmpty));
      }
      const top = path.at(-1);
      if (top === undefined) return false;
      const { value: move, done } = top.next();
      state = undefined;
      if (done === true) {
        path.pop();
      } else if (!visited.has(keyOf(move.next))) {
        visited.add(keyOf(move.next));
        if (visited.size > mostStates) throw this.#tooMany();
        state = move.next;
      }
    }
  }
}

export const keyOf = (state: ArrayState): string => `${state.index} ${state.counts.join()} ${state.seen}`;
