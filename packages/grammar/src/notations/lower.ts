import type { Expressions, Node } from "../expressions/index.ts";
import { writePlain } from "../text/index.ts";
import { components } from "./components.ts";
import { type Item, type Rules, ruleGraph } from "./items.ts";
import { leftGraph, withoutLeftRecursion } from "./left-recursion.ts";

export interface LowerOptions {
  /** The rule that a text must be. */
  start: string;
  /** The line of a rule, for what the expressions say of themselves. */
  lineOf: (position: number) => number;
  refuse: (says: string, position: number, name: string) => Error;
}

/** Rules in rules, at most: each is a call when a byte is read. */
const deepest = 500;

const made = new WeakMap<Expressions, number>();

/** Rules as expressions. A rule that does not come back to itself stands where it is named; the others stay rules, under names of their own. */
export const lower = (rules: Rules, expressions: Expressions, options: LowerOptions): Node => {
  const number = (made.get(expressions) ?? 0) + 1;
  made.set(expressions, number);
  const cleared = withoutLeftRecursion(rules, expressions, (name) =>
    options.refuse("begins with itself behind something that may be empty, or by way of too many others", rules.get(name)?.position ?? 0, name),
  );
  const graph = ruleGraph(cleared);
  const bottomUp = components(graph);
  const recursive = new Set(bottomUp.filter(([first = "", ...more]) => more.length > 0 || graph.get(first)?.has(first)).flat());
  checkDepth(leftGraph(cleared, expressions), new Set(), options, cleared);
  checkDepth(graph, recursive, options, cleared);
  const known = new Map<string, Node>();
  const ruleNode = (name: string): Node => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const rule = cleared.get(name);
    if (rule === undefined) throw new Error(`no rule ${name}`);
    const source = { rule: name, line: options.lineOf(rule.position) };
    const node = recursive.has(name)
      ? expressions.rule(`${number}:${name}`, () => itemNode(rule.body), { source })
      : expressions.at(source, itemNode(rule.body));
    known.set(name, node);
    return node;
  };
  const itemNode = (item: Item): Node => {
    switch (item.kind) {
      case "text":
        return writePlain(expressions, item.text);
      case "node":
        return item.node;
      case "token":
        return expressions.token(item.id);
      case "name":
        return ruleNode(item.name);
      case "sequence":
        return expressions.sequence(...item.parts.map(itemNode));
      case "choice":
        return expressions.choice(...item.parts.map(itemNode));
      case "repeat":
        return expressions.repeat(itemNode(item.part), item.min, item.max);
    }
  };
  for (const name of bottomUp.flat()) ruleNode(name); // what a rule names is there before it, however long the chain
  return ruleNode(options.start);
};

/** @throws where rules stand in rules more than `deepest` deep, not counting those that come back to themselves */
const checkDepth = (graph: ReadonlyMap<string, ReadonlySet<string>>, recursive: ReadonlySet<string>, options: LowerOptions, rules: Rules): void => {
  const depths = new Map<string, number>();
  for (const name of components(graph).flat()) {
    if (recursive.has(name)) continue;
    const depth = 1 + Math.max(0, ...[...(graph.get(name) ?? [])].map((inner) => depths.get(inner) ?? 0));
    if (depth > deepest) throw options.refuse(`stands on more than ${deepest} rules, one in the other`, rules.get(name)?.position ?? 0, name);
    depths.set(name, depth);
  }
};
