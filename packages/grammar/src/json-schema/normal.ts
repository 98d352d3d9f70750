import type { Budget } from "./budget.ts";
import { schemaTooLarge } from "./errors.ts";
import type { Algebra, ClauseOf, Form, Type } from "./forms.ts";
import { noValue, types } from "./forms.ts";
import type { Place } from "./places.ts";
import type { Term, Terms } from "./terms.ts";

export type Algebras = { readonly [T in Type]: Algebra<ClauseOf<T>> };
type AnyClause = ClauseOf<Type>;
type Tables = { -readonly [T in Type]: AnyClause[] };

interface Needs {
  terms: Terms;
  algebras: Algebras;
  budget: Budget;
  /** The formula that a place of the schema stands for. */
  body(place: Place): Term;
  /** A clause is known to have no value; false where that is not known yet. */
  isEmpty(type: Type, clause: AnyClause): boolean;
  /** A place's formula needs that same formula: throws, or gives what to take for it. */
  circular(place: Place): Form;
}

/** Places that lead to each other without anything read between them. */
const deepest = 300;

const notYet = new Error("a form that is being made is needed");

/** Formulas → normal forms. What is inside arrays and objects is not looked into, except to find out that a clause has no value. */
export class Normal {
  readonly everything: Form;
  #needs: Needs;
  #forms = new Map<Term, Form>();
  /** Places whose formula is being read, each with how deep in probes that began. */
  #open = new Map<Term, number>();
  #probes = 0;
  #making = 0;

  constructor(needs: Needs) {
    this.#needs = needs;
    const tables: Partial<Tables> = {};
    for (const type of types) tables[type] = [needs.algebras[type].free];
    this.everything = { ...(tables as Tables), loose: false } as Form;
  }

  /** @throws what reading the schema throws */
  form(term: Term): Form {
    let form = this.#forms.get(term);
    if (form === undefined) {
      this.#making++;
      try {
        form = this.#within(this.everything, term);
      } finally {
        this.#making--;
      }
      this.#forms.set(term, form);
    }
    return form;
  }

  /** Some form is being made just now. */
  get isForming(): boolean {
    return this.#making > 0;
  }

  /** The form, unless a form that is being made has to be known for it: then undefined. */
  probe(term: Term): Form | undefined {
    this.#probes++;
    try {
      return this.form(term);
    } catch (error) {
      if (error !== notYet) throw error;
      return undefined;
    } finally {
      this.#probes--;
    }
  }

  /** context ∧ term. */
  #within(context: Form, term: Term): Form {
    const { terms, budget } = this.#needs;
    const shape = terms.shape(term);
    const known = this.#forms.get(term);
    if (known !== undefined) return this.meet(context, known);
    switch (shape.kind) {
      case "everything":
        return context;
      case "nothing":
        return noValue;
      case "leaf":
        return this.meet(context, shape.form);
      case "place": {
        const since = this.#open.get(term);
        if (since !== undefined && since < this.#probes) throw notYet;
        if (since !== undefined) return this.meet(context, this.#needs.circular(shape.place));
        if (this.#open.size >= deepest) throw schemaTooLarge(shape.place.pointer, "$ref", `schemas refer to each other more than ${deepest} deep`);
        const outer = [budget.place, budget.keyword] as const;
        this.#open.set(term, this.#probes);
        budget.place = shape.place;
        try {
          const form = this.#within(this.everything, this.#needs.body(shape.place));
          this.#forms.set(term, form);
          return this.meet(context, form);
        } finally {
          this.#open.delete(term);
          [budget.place, budget.keyword] = outer;
        }
      }
      case "all": {
        // what narrows most cheaply first: plain conditions, then choices, then what is taken away
        const rank = (part: Term): number => ["leaf", "place", "all", "any", "one", "not"].indexOf(terms.shape(part).kind);
        let form = context;
        for (const part of shape.parts.toSorted((a, b) => rank(a) - rank(b))) form = this.#within(form, part);
        return form;
      }
      case "any": {
        budget.keyword = "anyOf";
        return this.join(shape.parts.map((part) => this.#within(context, part)));
      }
      case "one": {
        budget.keyword = "oneOf";
        const branches = shape.parts.map((part) => this.#within(context, part));
        return this.join(
          branches.map((branch, i) => {
            let form = branch;
            budget.keyword = "oneOf";
            for (const [j, part] of shape.parts.entries()) if (j !== i) form = this.subtract(form, this.form(part));
            return form;
          }),
        );
      }
      case "not":
        budget.keyword = "not";
        return this.subtract(context, this.form(shape.part));
    }
  }

  meet(a: Form, b: Form): Form {
    if (a === this.everything) return b;
    if (b === this.everything) return a;
    return this.#each(a.loose || b.loose, (type, algebra) => {
      const met: AnyClause[] = [];
      const [left, right] = [a[type], b[type]] as const;
      const crowded = left.length * right.length > 1;
      for (const one of left) {
        for (const other of right) {
          this.#needs.budget.clause();
          const clause = algebra.isFree(one) ? other : algebra.isFree(other) ? one : algebra.meet(one, other);
          if (clause !== undefined && !(crowded && type !== "string" && this.#needs.isEmpty(type, clause))) met.push(clause);
        }
        this.#needs.budget.alternatives(met.length);
      }
      return met;
    });
  }

  /** The same form, without clauses that contradict themselves. */
  settled(form: Form): Form {
    return this.#each(form.loose, (type, algebra) =>
      (form[type] as readonly AnyClause[]).flatMap((clause) => (algebra.isFree(clause) ? clause : (algebra.meet(clause, algebra.free) ?? []))),
    );
  }

  join(forms: readonly Form[]): Form {
    const [only, second] = forms;
    if (only === undefined) return noValue;
    if (second === undefined) return only;
    return this.#each(
      forms.some((form) => form.loose),
      (type) => forms.flatMap((form) => form[type] as readonly AnyClause[]),
    );
  }

  /** a ∧ ¬b. */
  subtract(a: Form, b: Form): Form {
    // what b has too many of must not be taken away
    if (b.loose) return { ...a, loose: true };
    return this.#each(a.loose, (type, algebra) => {
      let left: readonly AnyClause[] = a[type];
      for (const taken of b[type]) {
        if (left.length === 0) break;
        left = left.flatMap((clause) => this.#without(type, algebra, clause, taken));
        this.#needs.budget.alternatives(left.length);
      }
      return [...left];
    });
  }

  #without(type: Type, algebra: Algebra<AnyClause>, clause: AnyClause, taken: AnyClause): AnyClause[] {
    const { budget, isEmpty } = this.#needs;
    budget.clause();
    if (algebra.isFree(taken)) return [];
    const common = algebra.meet(clause, taken);
    // whether two patterns have a text in common is dear to find out, and what is left of the one without the other is one clause at any rate
    if (common === undefined || (type !== "string" && isEmpty(type, common))) return [clause];
    const left: AnyClause[] = [];
    for (const opposite of algebra.opposites(taken)) {
      budget.clause();
      const rest = algebra.meet(clause, opposite);
      if (rest !== undefined && (type === "string" || !isEmpty(type, rest))) left.push(rest);
    }
    return left;
  }

  #each(loose: boolean, clauses: (type: Type, algebra: Algebra<AnyClause>) => AnyClause[]): Form {
    const form: Partial<Tables> = {};
    for (const type of types) {
      const algebra = this.#needs.algebras[type] as unknown as Algebra<AnyClause>;
      form[type] = this.#tidy(algebra, clauses(type, algebra));
    }
    return { ...(form as Tables), loose } as Form;
  }

  /** Each clause once, and one without conditions makes all others needless. */
  #tidy(algebra: Algebra<AnyClause>, clauses: AnyClause[]): AnyClause[] {
    if (clauses.length <= 1) return clauses;
    this.#needs.budget.alternatives(clauses.length);
    const free = clauses.find((clause) => algebra.isFree(clause));
    if (free !== undefined) return [free];
    const byKey = new Map<string, AnyClause>();
    for (const clause of clauses) {
      const key = algebra.key(clause);
      if (!byKey.has(key)) byKey.set(key, clause);
    }
    return byKey.size === clauses.length ? clauses : [...byKey.values()];
  }
}
