import type { Text } from "../../text/index.ts";
import type { Place } from "../places.ts";
import { Keywords } from "./keywords.ts";

/** Which properties, or how many items, the keywords beside and below a place look at, whatever the value. */
export interface Evaluated {
  readonly names: Set<string>;
  readonly patterns: Text[];
  /** Every property. */
  everyProperty: boolean;
  /** Items before this index. */
  items: number;
}

interface Needs {
  follow(place: Place, keyword: "$ref" | "$dynamicRef", reference: string): Place | boolean;
  child(place: Place, schema: unknown, ...path: (string | number)[]): Place | boolean;
  pattern(place: Place, value: string): Text | undefined;
}

/** Keywords whose part in evaluating depends on the value. */
const depending = ["anyOf", "oneOf", "if", "dependentSchemas", "dependencies"];

/**
 * What is evaluated at a place, where that is the same for every value.
 * @returns the keyword that makes it depend on the value, if there is one
 */
export const evaluatedAt = (
  place: Place,
  needs: Needs,
  what: "properties" | "items",
  own = true,
  path: readonly Place[] = [],
): Evaluated | string => {
  const keywords = new Keywords(place);
  const evaluated: Evaluated = { names: new Set(), patterns: [], everyProperty: false, items: 0 };
  if (path.includes(place)) return evaluated;
  const inside: (Place | boolean)[] = [];
  for (const keyword of ["$ref", "$dynamicRef"] as const) {
    const reference = keywords.string(keyword);
    if (reference !== undefined) inside.push(needs.follow(place, keyword, reference));
  }
  for (const [i, schema] of (keywords.list("allOf") ?? []).entries()) inside.push(needs.child(place, schema, "allOf", i));
  for (const keyword of depending) if (keywords.has(keyword)) return keyword;
  if (what === "items" && keywords.has("contains")) return "contains";

  for (const name of Object.keys(keywords.record("properties") ?? {})) evaluated.names.add(name);
  for (const pattern of Object.keys(keywords.record("patternProperties") ?? {})) {
    const keys = needs.pattern(place, pattern);
    if (keys === undefined) return "patternProperties";
    evaluated.patterns.push(keys);
  }
  if (keywords.has("additionalProperties") || (!own && keywords.has("unevaluatedProperties"))) evaluated.everyProperty = true;
  evaluated.items = keywords.list("prefixItems")?.length ?? 0;
  if (keywords.has("items") || (!own && keywords.has("unevaluatedItems"))) evaluated.items = Infinity;

  for (const other of inside) {
    if (typeof other === "boolean") continue;
    const more = evaluatedAt(other, needs, what, false, [...path, place]);
    if (typeof more === "string") return more;
    for (const name of more.names) evaluated.names.add(name);
    evaluated.patterns.push(...more.patterns);
    evaluated.everyProperty ||= more.everyProperty;
    evaluated.items = Math.max(evaluated.items, more.items);
  }
  return evaluated;
};
