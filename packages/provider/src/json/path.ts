import { isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";

/** `messages[2].content[0].text` → `["messages", 2, "content", 0, "text"]`. Paths are ours: keys hold no dot and no bracket. */
export function pathSteps(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, key, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) steps.push(index === undefined ? (key as string) : Number(index));
  return steps;
}

export function valueAt(root: JsonValue | undefined, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const step of pathSteps(path)) {
    if (typeof step === "number") value = Array.isArray(value) ? value[step] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** Sets the value where its parent exists; returns whether it did. */
export function setAt(root: JsonValue, path: string, value: JsonValue): boolean {
  const steps = pathSteps(path);
  const last = steps.pop();
  let parent: JsonValue | undefined = root;
  for (const step of steps)
    parent = typeof step === "number" ? (Array.isArray(parent) ? parent[step] : undefined) : isJsonObject(parent) ? parent[step] : undefined;
  if (typeof last === "number" && Array.isArray(parent) && last < parent.length) parent[last] = value;
  else if (typeof last === "string" && isJsonObject(parent)) (parent as JsonObject)[last] = value;
  else return false;
  return true;
}
