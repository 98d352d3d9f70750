import type { Source } from "../../expressions/kinds.ts";
import type { ArrayClause } from "../forms.ts";
import type { Term } from "../terms.ts";
import type { Keywords } from "./keywords.ts";

/** The conditions on arrays. `items` as a list is `prefixItems` in a schema that does not say it is newer. */
export const readArray = (
  keywords: Keywords,
  source: (keyword: string) => Source,
  child: (schema: unknown, ...path: (string | number)[]) => Term,
  everything: Term,
): ArrayClause => {
  const sources: Source[] = [];
  const { dialect } = keywords.place;
  const old = dialect !== "2020-12" && Array.isArray(keywords.get("items"));
  const prefixKeyword = old ? "items" : "prefixItems";
  const restKeyword = old ? "additionalItems" : "items";
  const prefix = dialect === "draft7" && !old ? [] : (keywords.list(prefixKeyword) ?? []).map((schema, i) => child(schema, prefixKeyword, i));
  const rest = keywords.has(restKeyword) ? child(keywords.get(restKeyword), restKeyword) : everything;
  const min = keywords.count("minItems");
  const max = keywords.count("maxItems");
  if (prefix.length > 0) sources.push(source(prefixKeyword));
  if (keywords.has(restKeyword)) sources.push(source(restKeyword));
  if (min !== undefined) sources.push(source("minItems"));
  if (max !== undefined) sources.push(source("maxItems"));
  const unique = keywords.get("uniqueItems");
  if (unique !== undefined && typeof unique !== "boolean") throw keywords.invalid("uniqueItems", "is neither true nor false");
  return {
    sources,
    prefix,
    rest,
    min: min ?? 0,
    max,
    contains: keywords.has("contains") ? [readContains(keywords, source("contains"), child)] : [],
    unique: unique === true ? source("uniqueItems") : undefined,
  };
};

const readContains = (keywords: Keywords, source: Source, child: (schema: unknown, keyword: string) => Term): ArrayClause["contains"][number] => {
  const counted = keywords.place.dialect !== "draft7";
  return {
    term: child(keywords.get("contains"), "contains"),
    from: 0,
    min: (counted ? keywords.count("minContains") : undefined) ?? 1,
    max: counted ? keywords.count("maxContains") : undefined,
    source,
  };
};
