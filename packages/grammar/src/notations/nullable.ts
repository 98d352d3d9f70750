import type { Expressions } from "../expressions/index.ts";
import { components } from "./components.ts";
import { type Item, type Rules, ruleGraph } from "./items.ts";

/** Which rules have the empty text: the least set that explains itself. */
export const nullableRules = (rules: Rules, expressions: Expressions): ReadonlySet<string> => {
  const found = new Set<string>();
  const bottomUp = components(ruleGraph(rules)).flat();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const name of bottomUp) {
      const rule = rules.get(name);
      if (rule !== undefined && !found.has(name) && isNullableItem(rule.body, found, expressions)) found.add(name);
    }
  }
  return found;
};

export const isNullableItem = (item: Item, nullable: ReadonlySet<string>, expressions: Expressions): boolean => {
  switch (item.kind) {
    case "text":
      return item.text.nullable;
    case "node":
      return expressions.nullable(item.node);
    case "token":
      return false;
    case "name":
      return nullable.has(item.name);
    case "sequence":
      return item.parts.every((part) => isNullableItem(part, nullable, expressions));
    case "choice":
      return item.parts.some((part) => isNullableItem(part, nullable, expressions));
    case "repeat":
      return item.min === 0 || isNullableItem(item.part, nullable, expressions);
  }
};

/** Rules with which a text of the item can begin, before any character was read. */
export const leftNames = (item: Item, nullable: ReadonlySet<string>, expressions: Expressions): Set<string> => {
  const names = new Set<string>();
  const visit = (part: Item): void => {
    if (part.kind === "name") names.add(part.name);
    else if (part.kind === "choice") for (const inner of part.parts) visit(inner);
    else if (part.kind === "repeat") visit(part.part);
    else if (part.kind === "sequence")
      for (const inner of part.parts) {
        visit(inner);
        if (!isNullableItem(inner, nullable, expressions)) break;
      }
  };
  visit(item);
  return names;
};
