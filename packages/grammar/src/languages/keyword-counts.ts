import { isJsonObject, type JsonValue, type LanguagePlace } from "@cutaway/core";

/** How often a schema uses a keyword, and how often of these the mask leaves it to be checked at the end. */
export interface KeywordCount {
  keyword: string;
  times: number;
  checkedAfter: number;
  /** It says something for people, or only holds other schemas: there is nothing to hold an answer to. */
  isAnnotation: boolean;
}

const annotations = new Set(
  "$schema $id $anchor $comment $defs definitions $vocabulary title description default examples deprecated readOnly writeOnly contentMediaType contentEncoding contentSchema".split(
    " ",
  ),
);
const ofNames = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"]);
const single = new Set(
  "additionalProperties additionalItems unevaluatedProperties unevaluatedItems propertyNames items contains not if then else contentSchema".split(
    " ",
  ),
);
const lists = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);

/** Every keyword of the schema and its parts, the most used first. */
export function keywordCounts(schema: JsonValue, checkedAfter: readonly LanguagePlace[]): KeywordCount[] {
  const times = new Map<string, number>();
  const open: JsonValue[] = [schema];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (!isJsonObject(part)) continue;
    for (const [keyword, value] of Object.entries(part)) {
      if (value === undefined) continue;
      times.set(keyword, (times.get(keyword) ?? 0) + 1);
      if (ofNames.has(keyword) && isJsonObject(value)) for (const inner of Object.values(value)) if (isJsonObject(inner)) open.push(inner);
      if (single.has(keyword) && isJsonObject(value)) open.push(value);
      if (lists.has(keyword) && Array.isArray(value)) open.push(...value);
    }
  }
  const after = (keyword: string) => checkedAfter.filter((place) => place.keyword === keyword).length;
  return [...times]
    .map(([keyword, count]) => ({ keyword, times: count, checkedAfter: after(keyword), isAnnotation: annotations.has(keyword) }))
    .toSorted((a, b) => Number(a.isAnnotation) - Number(b.isAnnotation) || b.times - a.times || (a.keyword < b.keyword ? -1 : 1));
}
