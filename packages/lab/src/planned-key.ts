import { createHash } from "node:crypto";
import { isJsonObject, type JsonValue, plain } from "@cutaway/core";

/** A name made from values: equal values, whatever the order of their fields, give the same one. 32 hex digits. */
export const keyOf = (...values: unknown[]): string =>
  createHash("sha256")
    .update(JSON.stringify(values.map(canonical)))
    .digest("hex")
    .slice(0, 32);

/** A seed made from a key: 31 bits, which every runtime and provider takes. */
export const seedOf = (key: string): number => Number.parseInt(keyOf("seed", key).slice(0, 8), 16) >>> 1;

/** Whether two values are the same as far as JSON can tell. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

const canonical = (value: unknown): JsonValue => sorted(plain(value) ?? null);

function sorted(json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isJsonObject(json)) return json;
  const fields = Object.keys(json)
    .sort()
    .map((name): [string, JsonValue] => [name, sorted(json[name] ?? null)]);
  return Object.fromEntries(fields);
}
