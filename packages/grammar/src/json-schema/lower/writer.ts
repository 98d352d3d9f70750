import { isCutawayError } from "@cutaway/core";
import type { Expressions, Node, Source } from "../../expressions/index.ts";
import { type NumberSet, writeNumber } from "../../numbers/index.ts";
import { literal, type Text, writeJsonString } from "../../text/index.ts";
import { located } from "../errors.ts";
import type { BooleanClause, NumberClause, StringClause } from "../forms.ts";
import type { Schema } from "../schema.ts";
import type { Term } from "../terms.ts";
import { wholeText } from "../types/strings.ts";
import { writeArray } from "./arrays.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { writeObject } from "./objects.ts";

const grammars = new WeakMap<Expressions, number>();
const mostLabels = 4;

/** Formulas → expressions. Objects, and arrays that have to count, are written when matching first comes to them. */
export class Writer {
  readonly expressions: Expressions;
  readonly schema: Schema;
  readonly layout: Layout;
  readonly #prefix: string;
  readonly #values = new Map<Term, Node>();
  readonly #scalars = new WeakMap<object, Node>();
  readonly #ids = new WeakMap<object, number>();
  #count = 0;

  constructor(expressions: Expressions, schema: Schema) {
    this.expressions = expressions;
    this.schema = schema;
    this.layout = layoutOf(expressions, schema.options.whitespace ?? "bounded");
    const number = (grammars.get(expressions) ?? 0) + 1;
    grammars.set(expressions, number);
    this.#prefix = `schema${number}`;
  }

  /** The texts of the values of a formula; `nothing` if it has none. */
  value(term: Term): Node {
    let node = this.#values.get(term);
    if (node === undefined) {
      node = this.#value(term);
      this.#values.set(term, node);
    }
    return node;
  }

  #value(term: Term): Node {
    const { expressions: x, schema } = this;
    if (schema.isEmpty(term)) return x.nothing;
    const where = this.placeOf(term);
    const form = schema.clauses(term);
    const scalars = [
      ...form.null.map((clause) => this.#labelled(where, clause, x.text("null"))),
      ...form.boolean.map((clause) => this.#labelled(where, clause, this.#boolean(clause))),
      ...form.number.map((clause) => this.#labelled(where, clause, this.number(clause))),
      ...form.string.map((clause) => this.#labelled(where, clause, this.string(clause))),
    ];
    if (form.array.length === 0 && form.object.length === 0) return x.choice(...scalars);
    const build = (): Node =>
      x.choice(
        ...scalars,
        ...form.array.map((clause) => writeArray(this, clause, where)),
        ...form.object.map((clause) => writeObject(this, clause, where)),
      );
    return x.rule(`${this.#prefix} value ${term}`, build, { promiseNonEmpty: true });
  }

  /** A rule of this schema: what is asked of one thing in one state. */
  rule(thing: object, state: string, build: () => Node): Node {
    let id = this.#ids.get(thing);
    if (id === undefined) {
      id = this.#count++;
      this.#ids.set(thing, id);
    }
    return this.expressions.rule(`${this.#prefix} ${id} ${state}`, build, { promiseNonEmpty: true });
  }

  /** A JSON string, quotes and all. */
  quoted(text: Text): Node {
    const { expressions: x, schema } = this;
    return x.sequence(x.text('"'), writeJsonString(x, text, { spelling: schema.options.spelling ?? "canonical" }), x.text('"'));
  }

  key(name: string): Node {
    return this.quoted(literal(name));
  }

  string(clause: StringClause): Node {
    return this.#once(clause, () => located(clause.sources, () => this.quoted(wholeText(clause))));
  }

  number(clause: NumberClause): Node {
    return this.#once(clause, () => {
      const { values, set } = clause;
      if (values !== undefined)
        return this.expressions.choice(...values.map((value) => writeNumber(this.expressions, { minimum: value, maximum: value })));
      return this.#numberSet(set, clause.sources);
    });
  }

  #numberSet(set: NumberSet, sources: readonly Source[]): Node {
    try {
      return writeNumber(this.expressions, set);
    } catch (error) {
      if (!isCutawayError(error) || error.code !== "number-too-large") throw error;
      const keyword = typeof error.data.keyword === "string" ? error.data.keyword : "multipleOf";
      const source = sources.find((one) => one.keyword === keyword) ?? sources[0];
      this.schema.refuse(source?.pointer ?? "", keyword, error.message);
      const { multipleOf: _, notMultipleOf: __, ...rest } = set;
      return writeNumber(this.expressions, rest);
    }
  }

  #boolean(clause: BooleanClause): Node {
    return this.expressions.choice(...clause.values.map((value) => this.expressions.text(String(value))));
  }

  #once(clause: object, write: () => Node): Node {
    let node = this.#scalars.get(clause);
    if (node === undefined) {
      node = write();
      this.#scalars.set(clause, node);
    }
    return node;
  }

  #labelled(where: Source | undefined, clause: { sources: readonly Source[] }, node: Node): Node {
    return this.label(clause.sources.length > 0 || where === undefined ? clause.sources : [where], node);
  }

  label(sources: readonly Source[], node: Node): Node {
    if (this.schema.options.labels === false) return node;
    let labelled = node;
    for (const source of sources.slice(0, mostLabels)) labelled = this.expressions.at(source, labelled);
    return labelled;
  }

  /** Where a formula stands in the schema: the first place in it. */
  placeOf(term: Term): Source | undefined {
    const shape = this.schema.terms.shape(term);
    if (shape.kind === "place") return { pointer: shape.place.pointer };
    if (shape.kind === "not") return this.placeOf(shape.part);
    if (!("parts" in shape)) return undefined;
    for (const part of shape.parts) {
      const where = this.placeOf(part);
      if (where !== undefined) return where;
    }
    return undefined;
  }
}
