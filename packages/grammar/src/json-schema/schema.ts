import type { Expressions } from "../expressions/index.ts";
import { type NumberSet, numberMatches } from "../numbers/index.ts";
import { Budget } from "./budget.ts";
import { Emptiness } from "./empty.ts";
import { located, unsupportedSchema } from "./errors.ts";
import type { ArrayClause, ClauseOf, Form, ObjectClause, Type } from "./forms.ts";
import { types } from "./forms.ts";
import { Normal } from "./normal.ts";
import { type Deferred, defaultSchemaLimits, type SchemaOptions } from "./options.ts";
import { Places } from "./places.ts";
import { ArrayPlan } from "./plans/array-plan.ts";
import { ObjectPlan } from "./plans/object-plan.ts";
import { readPlace } from "./read/place.ts";
import { Values } from "./read/values.ts";
import { type ObjectShape, shapeOf } from "./shape.ts";
import { type Term, Terms } from "./terms.ts";
import { arrays } from "./types/arrays.ts";
import { booleans, nulls } from "./types/constants.ts";
import { numbers } from "./types/numbers.ts";
import { objects, sourcesOfNames } from "./types/objects.ts";
import { strings } from "./types/strings.ts";

/** More values than these are not told apart one by one. */
const mostValues = 64;

/** A schema that is being read: its formulas, their normal forms, and whether they have a value. */
export class Schema {
  readonly terms = new Terms();
  readonly values = new Values(this.terms);
  readonly notices: Deferred[] = [];
  readonly deferred: Deferred[] = [];
  readonly options: SchemaOptions;
  readonly budget: Budget;
  readonly places: Places;
  readonly root: Term;
  readonly #normal: Normal;
  readonly #emptiness: Emptiness;
  readonly #shapes = new WeakMap<ObjectClause, ObjectShape>();
  readonly #objectPlans = new WeakMap<ObjectClause, ObjectPlan>();
  readonly #arrayPlans = new WeakMap<ArrayClause, { plan: ArrayPlan | undefined }>();

  constructor(schema: unknown, expressions: Expressions, options: SchemaOptions) {
    this.options = options;
    this.budget = new Budget({ ...defaultSchemaLimits, ...options.limits });
    this.places = new Places(schema, options.dialect ?? "lenient", options.documents);
    const { terms } = this;
    this.#normal = new Normal({
      terms,
      budget: this.budget,
      algebras: {
        null: nulls,
        boolean: booleans,
        number: numbers,
        string: strings,
        array: arrays(terms, (clause) => this.#notUnique(clause)),
        object: objects(terms),
      },
      body: (place) => readPlace(this, place),
      isEmpty: (type, clause) => located(clause.sources, () => this.#emptiness.clause(type, clause)),
      circular: (place) => {
        this.refuse(place.pointer, "$ref", "what it means depends on itself");
        return { ...this.everything, loose: true };
      },
    });
    this.#emptiness = new Emptiness({
      expressions,
      spelling: options.spelling ?? "canonical",
      terms,
      form: (term) => this.#normal.probe(term),
      isForming: () => this.#normal.isForming,
      objectPlan: (clause) => this.objectPlan(clause),
      arrayPlan: (clause) => this.arrayPlan(clause),
    });
    this.root = terms.place(this.places.top(schema));
  }

  get everything(): Form {
    return this.#normal.everything;
  }

  form(term: Term): Form {
    return this.#normal.form(term);
  }

  settled(form: Form): Form {
    return this.#normal.settled(form);
  }

  isEmpty(term: Term): boolean {
    return this.#emptiness.term(term);
  }

  /** Finds out from the inside out which formulas have a value, should that lie too deep to be found from the outside. @param terms outer ones first */
  settle(terms: readonly Term[]): void {
    if (this.#emptiness.gaveUp) for (const term of terms.toReversed()) this.isEmpty(term);
  }

  /** The clauses of a formula that have a value. */
  clauses(term: Term): Form {
    const form = this.form(term);
    const kept: Partial<Record<keyof Form, unknown>> = { loose: form.loose };
    for (const type of types)
      kept[type] = (form[type] as readonly never[]).filter(
        (clause: ClauseOf<Type>) => !located(clause.sources, () => this.#emptiness.clause(type, clause)),
      );
    return kept as unknown as Form;
  }

  refuse(pointer: string, keyword: string, says: string): void {
    if (this.options.checkAfter !== true) throw unsupportedSchema(pointer, keyword, says);
    if (!this.deferred.some((one) => one.pointer === pointer && one.keyword === keyword)) this.deferred.push({ pointer, keyword, says });
  }

  shape(clause: ObjectClause): ObjectShape {
    let shape = this.#shapes.get(clause);
    if (shape === undefined) {
      shape = located(sourcesOfNames(clause), () => shapeOf(this.terms, this.budget, clause));
      this.#shapes.set(clause, shape);
    }
    return shape;
  }

  objectPlan(clause: ObjectClause): ObjectPlan {
    let plan = this.#objectPlans.get(clause);
    if (plan === undefined) {
      plan = new ObjectPlan(this.terms, clause, this.shape(clause), this.options.propertyOrder ?? "declared");
      this.#objectPlans.set(clause, plan);
    }
    return plan;
  }

  /** undefined: the array needs no plan, or wants items to differ that cannot be told apart (which `checkUnique` refuses). */
  arrayPlan(clause: ArrayClause): ArrayPlan | undefined {
    let known = this.#arrayPlans.get(clause);
    if (known === undefined) {
      const values = this.#differing(clause) ? this.#itemValues(clause) : undefined;
      const needed = clause.contains.length > 0 || values !== undefined;
      const source = clause.contains[0]?.source ?? clause.unique;
      const tooMany = (): Error => unsupportedSchema(source?.pointer ?? "", source?.keyword ?? "contains", "too many items would have to be counted");
      known = { plan: needed ? new ArrayPlan(this.terms, clause, values, tooMany) : undefined };
      this.#arrayPlans.set(clause, known);
    }
    return known.plan;
  }

  checkUnique(clause: ArrayClause): void {
    if (!this.#differing(clause) || this.#itemValues(clause) !== undefined) return;
    this.refuse(clause.unique?.pointer ?? "", "uniqueItems", `its items may have more than ${mostValues} values`);
  }

  #differing(clause: ArrayClause): boolean {
    return clause.unique !== undefined && (clause.max === undefined || clause.max > 1);
  }

  #notUnique(clause: ArrayClause): ArrayClause {
    this.refuse(clause.unique?.pointer ?? "", "uniqueItems", "it is negated, so that two items would have to be equal");
    return this.everything.array[0] as ArrayClause;
  }

  /** Every value that an item may have. */
  #itemValues(clause: ArrayClause): Term[] | undefined {
    const found = new Set<Term>();
    const last = clause.max === undefined ? clause.prefix.length + 1 : Math.min(clause.max, clause.prefix.length + 1);
    for (let i = 0; i < last; i++) {
      const values = this.#valuesOf(clause.prefix[i] ?? clause.rest);
      if (values === undefined) return undefined;
      for (const value of values) found.add(this.values.one(value, clause.unique ?? {}));
      if (found.size > mostValues) return undefined;
    }
    return [...found];
  }

  #valuesOf(term: Term): unknown[] | undefined {
    const form = this.clauses(term);
    if (form.array.length > 0 || form.object.length > 0) return undefined;
    const values: unknown[] = form.null.length > 0 ? [null] : [];
    for (const clause of form.boolean) values.push(...clause.values);
    for (const clause of form.string) {
      if (clause.values === undefined) return undefined;
      values.push(...clause.values);
    }
    for (const clause of form.number) {
      const numbers = clause.values ?? fewIntegers(clause.set);
      if (numbers === undefined) return undefined;
      values.push(...numbers);
    }
    return values;
  }
}

/** The integers of a set that has no more than a few of them. */
const fewIntegers = (set: NumberSet): number[] | undefined => {
  const { integer, minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity, exclusiveMaximum = Infinity } = set;
  const from = Math.ceil(Math.max(minimum, exclusiveMinimum));
  const to = Math.floor(Math.min(maximum, exclusiveMaximum));
  if (integer !== true || !(to - from <= mostValues + 1)) return undefined;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((value) => numberMatches(set, value));
};
