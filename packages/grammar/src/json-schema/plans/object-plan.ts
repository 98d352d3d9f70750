import type { ObjectClause } from "../forms.ts";
import type { KeyClass, ObjectShape, Slot } from "../shape.ts";
import type { Term, Terms } from "../terms.ts";

/** Where one is between two properties of an object. */
export interface ObjectState {
  /** Declared properties before this index are done with. */
  readonly index: number;
  /** Floating ones that are written, as bits. */
  readonly seen: bigint;
  /** Properties written so far, as far as it matters. */
  readonly count: number;
  /** Which of `some` are still to be met, as bits. */
  readonly pending: number;
}

/** A property that may come next, and what is then the case. */
export interface ObjectMove {
  readonly slot?: Slot;
  readonly keys?: KeyClass;
  readonly term: Term;
  readonly next: ObjectState;
}

/** Which properties may follow each other in an object of a clause. Knows formulas only, nothing of how they are written. */
export class ObjectPlan {
  readonly start: ObjectState;
  readonly declared: readonly Slot[];
  readonly floating: readonly Slot[];
  readonly #terms: Terms;
  readonly #shape: ObjectShape;
  readonly #min: number;
  readonly #max: number | undefined;

  constructor(terms: Terms, clause: ObjectClause, shape: ObjectShape, order: "declared" | "any") {
    this.#terms = terms;
    this.#shape = shape;
    this.declared = order === "declared" ? shape.declared : [];
    this.floating = order === "declared" ? shape.floating : [...shape.declared, ...shape.floating];
    this.#min = clause.min <= clause.required.size ? 0 : clause.min;
    this.#max = clause.max;
    this.start = { index: 0, seen: 0n, count: 0, pending: (1 << shape.some.length) - 1 };
  }

  /** Nothing but the required properties has to be thought of. */
  get isPlain(): boolean {
    return this.#min === 0 && this.#max === undefined && this.#shape.some.length === 0;
  }

  /** The object may end here. */
  mayClose(state: ObjectState): boolean {
    if (state.pending !== 0 || state.count < this.#min) return false;
    for (let i = state.index; i < this.declared.length; i++) if (this.declared[i]?.required !== undefined) return false;
    return !this.floating.some((slot, i) => slot.required !== undefined && (state.seen & (1n << BigInt(i))) === 0n);
  }

  /** The properties that may come next; `isEmpty` leaves out what has no value or leads nowhere. */
  *moves(state: ObjectState, isEmpty: (term: Term) => boolean): Generator<ObjectMove> {
    const count = this.#count(state.count + 1);
    if (count === undefined) return;
    let index = state.index;
    for (; index < this.declared.length; index++) {
      const slot = this.declared[index] as Slot;
      yield* this.#ways(slot, { ...state, index: index + 1, count }, isEmpty, { slot });
      if (slot.required !== undefined) return;
    }
    for (const [i, slot] of this.floating.entries()) {
      const bit = 1n << BigInt(i);
      if ((state.seen & bit) === 0n) yield* this.#ways(slot, { ...state, index, count, seen: state.seen | bit }, isEmpty, { slot });
    }
    for (const keys of this.#shape.classes) yield* this.#ways(keys, { ...state, index, count }, isEmpty, { keys });
  }

  *#ways(part: Slot | KeyClass, next: ObjectState, isEmpty: (term: Term) => boolean, what: Pick<ObjectMove, "slot" | "keys">): Generator<ObjectMove> {
    for (const [met, term] of this.#meeting(part, next.pending)) {
      const after = met === 0 ? next : { ...next, pending: next.pending & ~met };
      if (!isEmpty(term) && (this.isPlain || this.canFinish(after, isEmpty))) yield { ...what, term, next: after };
    }
  }

  /** Which of the pending conditions a property may meet at once, and what its value is then. */
  *#meeting(part: Slot | KeyClass, pending: number): Generator<[met: number, term: Term]> {
    const possible = part.meets & pending;
    for (let met = possible; ; met = (met - 1) & possible) {
      const conditions = this.#shape.some.filter((_, i) => (met & (1 << i)) !== 0).map((one) => one.term);
      yield [met, this.#terms.all(part.term, ...conditions)];
      if (met === 0) return;
    }
  }

  /** As far as it matters: undefined where it would be too many. */
  #count(count: number): number | undefined {
    if (this.#max !== undefined) return count > this.#max ? undefined : count;
    return Math.min(count, this.#min);
  }

  /** Some way leads from here to the end. */
  canFinish(state: ObjectState, isEmpty: (term: Term) => boolean): boolean {
    const left = [...this.declared.slice(state.index), ...this.floating.filter((_, i) => (state.seen & (1n << BigInt(i))) === 0n)];
    const required = left.filter((slot) => slot.required !== undefined);
    let count = state.count + required.length;
    if (this.#max !== undefined && count > this.#max) return false;
    // what is still pending after all required properties, in each way to write them
    let reached = new Set([state.pending]);
    for (const slot of required) {
      const after = new Set<number>();
      for (const pending of reached) for (const [met, term] of this.#meeting(slot, pending)) if (!isEmpty(term)) after.add(pending & ~met);
      if (after.size === 0) return false;
      reached = after;
    }
    const optional = left.filter((slot) => slot.required === undefined);
    if (!reached.has(0)) {
      const extra = this.#fewest(reached, optional, isEmpty);
      if (extra === undefined || (this.#max !== undefined && count + extra > this.#max)) return false;
    }
    if (count >= this.#min || this.#shape.classes.some((one) => !isEmpty(one.term))) return true;
    for (const slot of optional) if (!isEmpty(slot.term) && ++count >= this.#min) return true;
    return false;
  }

  /** How many optional properties it takes to meet what is pending. */
  #fewest(from: ReadonlySet<number>, optional: readonly Slot[], isEmpty: (term: Term) => boolean): number | undefined {
    const cost = new Map([...from].map((pending) => [pending, 0]));
    const use = (part: Slot | KeyClass): boolean => {
      let better = false;
      for (const [pending, spent] of [...cost]) {
        for (const [met, term] of this.#meeting(part, pending)) {
          const after = pending & ~met;
          if (met === 0 || spent + 1 >= (cost.get(after) ?? Infinity) || isEmpty(term)) continue;
          cost.set(after, spent + 1);
          better = true;
        }
      }
      return better;
    };
    for (const slot of optional) use(slot);
    for (const keys of this.#shape.classes) while (use(keys));
    return cost.get(0);
  }
}
