import { isJsonObject } from "@cutaway/core";

/** Unknown is null in JSON and absent here. The same object where it holds no null of its own, else a copy without them. */
export function withoutNulls<T>(value: T): T {
  if (!isJsonObject(value)) return value;
  for (const key in value) {
    if (value[key] === null) return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null)) as T;
  }
  return value;
}
