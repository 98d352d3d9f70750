import { isCutawayError } from "@cutaway/core";
import type { Expressions } from "../expressions/index.ts";
import { numberMatches, writeNumber } from "../numbers/index.ts";
import { allText, type Spelling, writeJsonString } from "../text/index.ts";
import type { ArrayClause, ClauseOf, Form, NumberClause, ObjectClause, StringClause, Type } from "./forms.ts";
import { types } from "./forms.ts";
import type { ArrayPlan } from "./plans/array-plan.ts";
import type { ObjectPlan } from "./plans/object-plan.ts";
import type { Term, Terms } from "./terms.ts";
import { wholeText } from "./types/strings.ts";

interface Needs {
  expressions: Expressions;
  spelling: Spelling;
  terms: Terms;
  /** undefined: not known yet. */
  form(term: Term): Form | undefined;
  /** Some form is being made just now. */
  isForming(): boolean;
  objectPlan(clause: ObjectClause): ObjectPlan;
  /** For a clause that counts items or wants them to differ; undefined: one that cannot be planned (and is refused elsewhere). */
  arrayPlan(clause: ArrayClause): ArrayPlan | undefined;
}

interface Answer {
  empty: boolean;
  /** The outermost term in progress that was taken to be empty to get here; Infinity: none. */
  assumed: number;
  /** Something was taken to have a value because it is not known yet. */
  unsure: boolean;
}

/** How far down it is looked: while forms are being made, where an answer only saves work; and then. */
const [deepestGuess, deepest] = [6, 100];

const inhabited: Answer = { empty: false, assumed: Infinity, unsure: false };
const empty: Answer = { empty: true, assumed: Infinity, unsure: false };
const unsure: Answer = { empty: false, assumed: Infinity, unsure: true };

/**
 * Whether a formula has a value at all. A schema that needs a value of itself inside every value of itself has none: the least solution is taken.
 * While forms are being made, what is not known yet counts as having a value.
 */
export class Emptiness {
  /** Some formula was taken to have a value because what it needs lies too deep. From the inside out it can still be found out. */
  gaveUp = false;
  #needs: Needs;
  #known = new Map<Term, boolean>();
  #path = new Map<Term, number>();
  #scalars = new WeakMap<object, boolean>();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  term(term: Term): boolean {
    return this.#term(term).empty;
  }

  clause<T extends Type>(type: T, clause: ClauseOf<T>): boolean {
    const answer = this.#clause(type, clause);
    // asked in the midst of another search, an answer may rest on what that search has only assumed
    return answer.empty && answer.assumed === Infinity;
  }

  #term(term: Term): Answer {
    const { terms } = this.#needs;
    if (term === terms.nothing) return empty;
    if (term === terms.everything) return inhabited;
    const known = this.#known.get(term);
    if (known !== undefined) return known ? empty : inhabited;
    const open = this.#path.get(term);
    if (open !== undefined) return { empty: true, assumed: open, unsure: false };
    const depth = this.#path.size;
    if (this.#needs.isForming()) {
      if (depth > deepestGuess) return unsure;
    } else if (depth > deepest) {
      this.gaveUp = true;
      return unsure;
    }
    this.#path.set(term, depth);
    let answer: Answer;
    try {
      const form = this.#needs.form(term);
      if (form === undefined) return unsure;
      answer = this.#any(types.flatMap((type) => (form[type] as readonly ClauseOf<Type>[]).map((clause) => () => this.#clause(type, clause))));
    } finally {
      this.#path.delete(term);
    }
    if (answer.assumed >= depth) answer = { ...answer, assumed: Infinity };
    if (answer.empty ? answer.assumed === Infinity : !answer.unsure) this.#known.set(term, answer.empty);
    return answer;
  }

  #any(alternatives: readonly (() => Answer)[]): Answer {
    let assumed = Infinity;
    let doubtful: Answer | undefined;
    for (const alternative of alternatives) {
      const answer = alternative();
      if (!answer.empty && !answer.unsure) return inhabited;
      if (!answer.empty) doubtful = answer;
      assumed = Math.min(assumed, answer.assumed);
    }
    return doubtful ?? { empty: true, assumed, unsure: false };
  }

  #clause(type: Type, clause: ClauseOf<Type>): Answer {
    switch (type) {
      case "null":
      case "boolean":
        return inhabited;
      case "number":
        return this.#scalar(clause, () => noNumber(this.#needs.expressions, clause as NumberClause));
      case "string":
        return this.#scalar(clause, () => this.#noString(clause as StringClause));
      case "array":
        return this.#array(clause as ArrayClause);
      case "object":
        return this.#object(clause as ObjectClause);
    }
  }

  #scalar(clause: object, find: () => boolean): Answer {
    let found = this.#scalars.get(clause);
    if (found === undefined) {
      found = find();
      this.#scalars.set(clause, found);
    }
    return found ? empty : inhabited;
  }

  #noString(clause: StringClause): boolean {
    if (clause.values !== undefined) return clause.values.every((value) => !value.isWellFormed());
    // written as it will be needed if it is not empty
    const { expressions, spelling } = this.#needs;
    return clause.text !== allText && expressions.isEmpty(writeJsonString(expressions, wholeText(clause), { spelling }));
  }

  #array(clause: ArrayClause): Answer {
    if (clause.min === 0 && clause.contains.length === 0) return inhabited;
    if (clause.contains.length > 0 || clause.unique !== undefined) {
      const plan = this.#needs.arrayPlan(clause);
      if (plan !== undefined) return this.#search((isEmpty) => plan.canFinish(plan.start, isEmpty));
    }
    const items = Array.from({ length: Math.min(clause.min, clause.prefix.length + 1) }, (_, i) => clause.prefix[i] ?? clause.rest);
    return this.#search((isEmpty) => !items.some(isEmpty));
  }

  #object(clause: ObjectClause): Answer {
    if (clause.required.size === 0 && clause.some.length === 0 && clause.min === 0) return inhabited;
    const plan = this.#needs.objectPlan(clause);
    return this.#search((isEmpty) => plan.canFinish(plan.start, isEmpty));
  }

  /** A search that asks of some formulas whether they are empty: how sure its outcome is depends on how sure those answers were. */
  #search(find: (isEmpty: (term: Term) => boolean) => boolean): Answer {
    let assumed = Infinity;
    let doubt = false;
    const found = find((term) => {
      const answer = this.#term(term);
      assumed = Math.min(assumed, answer.assumed);
      doubt ||= answer.unsure;
      return answer.empty;
    });
    return found ? { empty: false, assumed: Infinity, unsure: doubt } : { empty: true, assumed, unsure: false };
  }
}

const noNumber = (expressions: Expressions, clause: NumberClause): boolean => {
  if (clause.values !== undefined) return clause.values.length === 0;
  const { integer, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, notMultipleOf, not } = clause.set;
  if (multipleOf === undefined && notMultipleOf === undefined && not === undefined) {
    const low = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity);
    const high = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity);
    if (low === -Infinity || high === Infinity || (integer !== true && low < high)) return false;
    if (integer !== true) return !numberMatches(clause.set, low);
    if (high - low > 2) return false;
    return ![Math.ceil(low), Math.ceil(low) + 1, Math.floor(high)].some((value) => numberMatches(clause.set, value));
  }
  try {
    return expressions.isEmpty(writeNumber(expressions, clause.set));
  } catch (error) {
    // it is refused where it is written
    if (isCutawayError(error) && error.code === "number-too-large") return false;
    throw error;
  }
};
