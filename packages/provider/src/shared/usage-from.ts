import type { JsonObject, JsonValue, Usage, UsageCount } from "@cutaway/core";
import { countOf } from "../json/fields.ts";
import { valueAt } from "../json/path.ts";

/** The first of the paths that holds a count. */
export function countAt(json: JsonObject, ...paths: string[]): number | undefined {
  for (const path of paths) {
    const count = countOf(valueAt(json, path));
    if (count !== undefined) return count;
  }
  return undefined;
}

/** Provider counts as a Usage; empty when there is not one count. */
export function usageFrom(counts: { [count in UsageCount]?: number | undefined }, raw: JsonValue): Usage {
  const usage: Usage = {};
  for (const [name, count] of Object.entries(counts) as [UsageCount, number | undefined][]) if (count !== undefined) usage[name] = count;
  if (Object.keys(usage).length === 0) return {};
  usage.source = "provider";
  usage.raw = raw;
  return usage;
}
