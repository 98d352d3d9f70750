import { step } from "../pointer.ts";
import type { Keywords } from "../read/keywords.ts";
import { canonical } from "../read/values.ts";
import type { CheckChild, Fault } from "./logic.ts";
import { include, type Outcome } from "./violation.ts";

export const checkArray = (keywords: Keywords, value: readonly unknown[], at: string, outcome: Outcome, child: CheckChild, fault: Fault): void => {
  const { dialect } = keywords.place;
  const old = dialect !== "2020-12" && Array.isArray(keywords.get("items"));
  const prefixKeyword = old ? "items" : "prefixItems";
  const restKeyword = old ? "additionalItems" : "items";
  const prefix = dialect === "draft7" && !old ? [] : (keywords.list(prefixKeyword) ?? []);
  const look = (i: number, found: Outcome): void => {
    include(outcome, { ...found, names: new Set(), items: new Set() });
    outcome.items.add(i);
  };
  for (const [i, item] of value.entries()) {
    if (i < prefix.length) look(i, child(prefix[i], item, step(at, i), prefixKeyword, i));
    else if (keywords.has(restKeyword)) look(i, child(keywords.get(restKeyword), item, step(at, i), restKeyword));
  }
  const [min, max] = [keywords.count("minItems"), keywords.count("maxItems")];
  if (min !== undefined && value.length < min) fault("minItems", `it has ${value.length} items, at least ${min} are wanted`);
  if (max !== undefined && value.length > max) fault("maxItems", `it has ${value.length} items, at most ${max} are wanted`);
  if (keywords.get("uniqueItems") === true) {
    const seen = new Map<string, number>();
    for (const [i, item] of value.entries()) {
      const before = seen.get(canonical(item));
      if (before !== undefined) {
        fault("uniqueItems", `items ${before} and ${i} are equal`);
        break;
      }
      seen.set(canonical(item), i);
    }
  }
  if (keywords.has("contains")) checkContains(keywords, value, at, outcome, child, fault);
  if (dialect !== "draft7" && keywords.has("unevaluatedItems")) {
    for (const [i, item] of value.entries()) {
      if (!outcome.items.has(i)) look(i, child(keywords.get("unevaluatedItems"), item, step(at, i), "unevaluatedItems"));
    }
  }
};

const checkContains = (keywords: Keywords, value: readonly unknown[], at: string, outcome: Outcome, child: CheckChild, fault: Fault): void => {
  const counted = keywords.place.dialect !== "draft7";
  const min = (counted ? keywords.count("minContains") : undefined) ?? 1;
  const max = counted ? keywords.count("maxContains") : undefined;
  const found = [...value.keys()].filter((i) => child(keywords.get("contains"), value[i], step(at, i), "contains").violations.length === 0);
  if (counted) for (const i of found) outcome.items.add(i);
  if (found.length < min)
    fault(
      keywords.has("minContains") ? "minContains" : "contains",
      `${found.length} of its items are as “contains” says, at least ${min} are wanted`,
    );
  if (max !== undefined && found.length > max) fault("maxContains", `${found.length} of its items are as “contains” says, at most ${max} are wanted`);
};
