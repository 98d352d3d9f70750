import type { Node } from "../expressions/index.ts";
import type { Text } from "../text/index.ts";

/** What stands on the right of a rule, in any notation. `position`: where in the grammar's text, in UTF-16 units. */
export type Item =
  | { readonly kind: "text"; readonly text: Text }
  | { readonly kind: "node"; readonly node: Node }
  | { readonly kind: "token"; readonly id: number }
  | { readonly kind: "name"; readonly name: string; readonly position: number }
  | { readonly kind: "sequence"; readonly parts: readonly Item[] }
  | { readonly kind: "choice"; readonly parts: readonly Item[] }
  | { readonly kind: "repeat"; readonly part: Item; readonly min: number; readonly max: number | undefined };

export interface Rule {
  readonly body: Item;
  readonly position: number;
}

/** Rules by name, in the order in which they were written. */
export type Rules = ReadonlyMap<string, Rule>;

export const sequenceOf = (parts: readonly Item[]): Item => {
  const flat = parts.flatMap((part) => (part.kind === "sequence" ? part.parts : [part]));
  const [only, second] = flat;
  return only !== undefined && second === undefined ? only : { kind: "sequence", parts: flat };
};

export const choiceOf = (parts: readonly Item[]): Item => {
  const flat = parts.flatMap((part) => (part.kind === "choice" ? part.parts : [part]));
  const [only, second] = flat;
  return only !== undefined && second === undefined ? only : { kind: "choice", parts: flat };
};

export const repeatOf = (part: Item, min: number, max: number | undefined): Item => ({ kind: "repeat", part, min, max });

/** The empty text. */
export const emptyItem: Item = { kind: "sequence", parts: [] };
/** No text at all. */
export const noItem: Item = { kind: "choice", parts: [] };

export const partsOf = (item: Item): readonly Item[] => {
  if (item.kind === "sequence" || item.kind === "choice") return item.parts;
  return item.kind === "repeat" ? [item.part] : [];
};

/** Names of rules in it, with their places. */
export const namesOf = (item: Item): (Item & { kind: "name" })[] => (item.kind === "name" ? [item] : partsOf(item).flatMap(namesOf));

/** Which rules each rule names. */
export const ruleGraph = (rules: Rules): Map<string, ReadonlySet<string>> =>
  new Map([...rules].map(([name, { body }]) => [name, new Set(namesOf(body).map((item) => item.name))]));
