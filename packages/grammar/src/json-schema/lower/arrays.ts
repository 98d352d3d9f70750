import type { Node, Source } from "../../expressions/index.ts";
import type { ArrayClause } from "../forms.ts";
import { type ArrayPlan, type ArrayState, keyOf } from "../plans/array-plan.ts";
import type { Writer } from "./writer.ts";

/** `[ … ]` of one clause. */
export const writeArray = (writer: Writer, clause: ArrayClause, where: Source | undefined): Node => {
  const { expressions: x, schema, layout } = writer;
  const plan = schema.arrayPlan(clause);
  const open = writer.label(where === undefined ? clause.sources : [where], x.text("["));
  const close = x.sequence(layout.inside, writer.label(clause.sources, x.text("]")));
  if (plan !== undefined) return x.sequence(open, planned(writer, clause, plan, close));
  const items = plainItems(writer, clause);
  const some = x.sequence(layout.inside, items);
  return x.sequence(open, clause.min === 0 ? x.optional(some) : some, close);
};

/** One item or more: the first ones each as its place says, then as many as may be of the rest. */
const plainItems = (writer: Writer, clause: ArrayClause): Node => {
  const { expressions: x, layout } = writer;
  const prefix = clause.prefix.map((term) => writer.value(term));
  const rest = writer.value(clause.rest);
  let max = clause.max ?? Infinity;
  if (rest === x.nothing) max = Math.min(max, prefix.length);
  const end = prefix.indexOf(x.nothing);
  if (end >= 0) max = Math.min(max, end);
  if (max === 0) return x.nothing;

  const first = Math.min(prefix.length, max);
  const least = (before: number): number => Math.max(0, clause.min - before);
  const more = (before: number): Node => x.repeat(x.sequence(layout.comma, rest), least(before), max === Infinity ? undefined : max - before);
  if (first === 0) return x.sequence(rest, more(1));
  let tail = max > first ? more(first) : x.empty;
  for (let i = first - 1; i >= 1; i--) {
    const with_ = x.sequence(layout.comma, prefix[i] as Node, tail);
    tail = i >= clause.min ? x.optional(with_) : with_;
  }
  return x.sequence(prefix[0] as Node, tail);
};

/** Items that are counted, or have to differ: a rule for each state between two of them. */
const planned = (writer: Writer, clause: ArrayClause, plan: ArrayPlan, close: Node): Node => {
  const { expressions: x, schema, layout } = writer;
  const state = (at: ArrayState, first: boolean): Node =>
    writer.rule(clause, first ? "first" : keyOf(at), () => {
      const items = [...plan.moves(at, (term) => schema.isEmpty(term))].map((move) => x.sequence(writer.value(move.term), state(move.next, false)));
      const next = x.sequence(first ? layout.inside : layout.comma, x.choice(...items));
      return plan.mayClose(at) ? x.choice(next, close) : next;
    });
  return state(plan.start, true);
};
