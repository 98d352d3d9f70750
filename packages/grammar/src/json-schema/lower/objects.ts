import type { Node, Source } from "../../expressions/index.ts";
import { located } from "../errors.ts";
import type { ObjectClause } from "../forms.ts";
import type { ObjectMove, ObjectPlan, ObjectState } from "../plans/object-plan.ts";
import type { Slot } from "../shape.ts";
import { sourcesOfNames } from "../types/objects.ts";
import type { Writer } from "./writer.ts";

/** `{ … }` of one clause: a rule for each state between two properties, made when it is reached. */
export const writeObject = (writer: Writer, clause: ObjectClause, where: Source | undefined): Node => {
  const { expressions: x, schema, layout } = writer;
  const plan = schema.objectPlan(clause);
  const bracket = (text: string): Node => writer.label(where === undefined ? clause.sources : [where], x.text(text));
  const end = x.sequence(layout.inside, writer.label(clause.sources, x.text("}")));
  const about = clause.sources.filter(({ keyword }) => keyword !== "type");

  const pair = (move: ObjectMove): Node => {
    const { slot, keys: others } = move;
    const key =
      slot === undefined
        ? writer.label(about, others === undefined ? x.nothing : located(sourcesOfNames(clause), () => writer.quoted(others.keys)))
        : named(slot);
    return x.sequence(key, layout.colon, writer.value(move.term), state(move.next, false));
  };
  const keys = new Map<Slot, Node>();
  const named = (slot: Slot): Node => {
    let key = keys.get(slot);
    if (key === undefined) {
      const place = writer.placeOf(slot.term);
      key = writer.label([...(place === undefined ? [] : [place]), ...(slot.required === undefined ? [] : [slot.required])], writer.key(slot.name));
      keys.set(slot, key);
    }
    return key;
  };
  const state = (at: ObjectState, first: boolean): Node =>
    writer.rule(clause, `${first ? "first" : stateName(plan, at)}`, () => {
      const pairs = x.choice(...[...plan.moves(at, (term) => schema.isEmpty(term))].map(pair));
      const next = x.sequence(first ? layout.inside : layout.comma, pairs);
      return plan.mayClose(at) ? x.choice(next, end) : next;
    });
  return x.sequence(bracket("{"), state(plan.start, true));
};

const stateName = (plan: ObjectPlan, { index, seen, count, pending }: ObjectState): string =>
  plan.isPlain ? `${index} ${seen}` : `${index} ${seen} ${count} ${pending}`;
