import type { ArrayClause, ObjectClause } from "../forms.ts";
import type { Schema } from "../schema.ts";
import type { Term } from "../terms.ts";
import type { Writer } from "./writer.ts";

/** Reads every formula that a text could come to, so that what has to be refused is refused now and not in the middle of an answer. */
export const readAll = (schema: Schema, writer: Writer): void => {
  const seen = new Set<Term>([schema.root]);
  const waiting: Term[] = [schema.root];
  const meet = (term: Term): void => {
    if (seen.has(term)) return;
    seen.add(term);
    waiting.push(term);
  };
  for (let term = waiting.pop(); term !== undefined; term = waiting.pop()) {
    schema.budget.clause();
    const form = schema.clauses(term);
    for (const clause of form.number) writer.number(clause);
    for (const clause of form.string) writer.string(clause);
    for (const clause of form.array) for (const inner of insideArray(schema, clause)) meet(inner);
    for (const clause of form.object) for (const inner of insideObject(schema, clause)) meet(inner);
  }
  schema.settle([...seen]);
};

const insideArray = (schema: Schema, clause: ArrayClause): Term[] => {
  schema.checkUnique(clause);
  const { terms } = schema;
  const items = [...clause.prefix, clause.rest];
  const counted = clause.contains.flatMap(({ term, max }) => [term, ...(max === undefined ? [] : [terms.not(term)])]);
  return [...items, ...items.flatMap((item) => counted.map((term) => terms.all(item, term)))];
};

const insideObject = (schema: Schema, clause: ObjectClause): Term[] => {
  const { declared, floating, classes, some } = schema.shape(clause);
  return [...declared, ...floating, ...classes].flatMap((part) => [
    part.term,
    ...some.filter((_, i) => (part.meets & (1 << i)) !== 0).map((one) => schema.terms.all(part.term, one.term)),
  ]);
};
