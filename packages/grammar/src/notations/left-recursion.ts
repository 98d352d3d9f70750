import type { Expressions } from "../expressions/index.ts";
import { components } from "./components.ts";
import { choiceOf, emptyItem, type Item, noItem, type Rules, repeatOf, sequenceOf } from "./items.ts";
import { leftNames, nullableRules } from "./nullable.ts";

/** Rules of one circle, at most: solving writes each into the others. */
const longestCircle = 8;

/**
 * The same language without rules that begin with themselves, directly or by way of others. Each circle of such rules is a set of equations
 * A = A·a | B·b | c, and solved as such: A = (B·b | c)·a*, put in wherever A begins another one.
 * @throws what `refuse` makes of a rule that begins with itself behind something that may be empty, or by way of too many others
 */
export const withoutLeftRecursion = (rules: Rules, expressions: Expressions, refuse: (name: string) => Error): Rules => {
  const circles = leftCircles(rules, expressions);
  if (circles.length === 0) return rules;
  const changed = new Map(rules);
  const nullable = nullableRules(rules, expressions);
  const large = circles.find((circle) => circle.length > longestCircle);
  if (large !== undefined) throw refuse(large[0] ?? "");
  for (const circle of circles) solve(circle, changed, nullable, expressions);
  const left = leftCircles(changed, expressions)[0]?.[0];
  if (left !== undefined) throw refuse(left);
  return changed;
};

/** Which rules each rule can begin with. */
export const leftGraph = (rules: Rules, expressions: Expressions): Map<string, ReadonlySet<string>> => {
  const nullable = nullableRules(rules, expressions);
  return new Map([...rules].map(([name, { body }]) => [name, leftNames(body, nullable, expressions)]));
};

const leftCircles = (rules: Rules, expressions: Expressions): string[][] => {
  const graph = leftGraph(rules, expressions);
  return components(graph).filter(([first = "", ...more]) => more.length > 0 || graph.get(first)?.has(first));
};

/** A rule of a circle as what may follow each rule of the circle that it begins with, and the texts that begin otherwise. */
interface Equation {
  after: Map<string, Item>;
  otherwise: Item;
}

const solve = (
  circle: readonly string[],
  rules: Map<string, { body: Item; position: number }>,
  nullable: ReadonlySet<string>,
  expressions: Expressions,
): void => {
  const members = new Set(circle);
  const equations = new Map(circle.map((name) => [name, equationOf(rules.get(name)?.body ?? noItem, members, nullable, expressions)]));
  for (const [name, equation] of equations) {
    closeOwn(name, equation);
    for (const other of equations.values()) if (other !== equation) putIn(name, equation, other);
  }
  for (const [name, { otherwise }] of equations) rules.set(name, { position: rules.get(name)?.position ?? 0, body: otherwise });
};

/** A = A·a | rest becomes A = rest·a*. */
const closeOwn = (name: string, equation: Equation): void => {
  const again = equation.after.get(name);
  if (again === undefined) return;
  equation.after.delete(name);
  const loop = repeatOf(again, 0, undefined);
  equation.otherwise = sequenceOf([equation.otherwise, loop]);
  for (const [other, item] of equation.after) equation.after.set(other, sequenceOf([item, loop]));
};

/** Where `other` begins with the rule, its equation takes the place. */
const putIn = (name: string, equation: Equation, other: Equation): void => {
  const tail = other.after.get(name);
  if (tail === undefined) return;
  other.after.delete(name);
  for (const [first, item] of equation.after) addAfter(other, first, sequenceOf([item, tail]));
  other.otherwise = choiceOf([other.otherwise, sequenceOf([equation.otherwise, tail])]);
};

const addAfter = (equation: Equation, name: string, item: Item): void => {
  const known = equation.after.get(name);
  equation.after.set(name, known === undefined ? item : choiceOf([known, item]));
};

const equationOf = (item: Item, members: ReadonlySet<string>, nullable: ReadonlySet<string>, expressions: Expressions): Equation => {
  const equation: Equation = { after: new Map(), otherwise: noItem };
  const add = (part: Item, tail: readonly Item[]): void => {
    if (!begins(part)) {
      equation.otherwise = choiceOf([equation.otherwise, sequenceOf([part, ...tail])]);
      return;
    }
    if (part.kind === "name") addAfter(equation, part.name, sequenceOf(tail));
    else if (part.kind === "choice") for (const inner of part.parts) add(inner, tail);
    else if (part.kind === "sequence") addSequence(part.parts, tail);
    else if (part.kind === "repeat") {
      const max = part.max === undefined ? undefined : part.max - 1;
      add(part.part, max === 0 ? tail : [repeatOf(part.part, Math.max(part.min - 1, 0), max), ...tail]);
      if (part.min === 0) add(emptyItem, tail);
    }
  };
  const addSequence = (parts: readonly Item[], tail: readonly Item[]): void => {
    const [first = emptyItem, ...rest] = parts;
    if (first.kind === "repeat" && first.min === 0 && !begins(first) && begins(sequenceOf(rest))) {
      // x? A…: A begins where x is left out
      add(repeatOf(first.part, 1, first.max), [...rest, ...tail]);
      add(sequenceOf(rest), tail);
    } else add(first, [...rest, ...tail]);
  };
  const begins = (part: Item): boolean => [...leftNames(part, nullable, expressions)].some((name) => members.has(name));
  add(item, []);
  return equation;
};
