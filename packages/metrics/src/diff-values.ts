import { isJsonObject, type JsonValue } from "@cutaway/core";
import { firstDifference } from "./first-difference.ts";

export interface FieldDifference {
  /** Dotted: `parameters.temperature`, `messages[2].parts[0].text`. */
  path: string;
  /** Absent: the field was not there. */
  before?: JsonValue;
  after?: JsonValue;
  /** For two strings: the UTF-16 offset at which they part. */
  at?: number;
}

/**
 * The differences of two JSON values, leaf by leaf, in the order of the first value's fields. Lists are compared after their common
 * head and tail are set aside, so that one inserted message is one difference. No recursion: depth costs memory only.
 */
export function diffValues(a: JsonValue | undefined, b: JsonValue | undefined, root = "", limit = 1_000): FieldDifference[] {
  const differences: FieldDifference[] = [];
  const open: { path: string; a: JsonValue | undefined; b: JsonValue | undefined }[] = [{ path: root, a, b }];
  while (open.length > 0 && differences.length < limit) {
    const { path, a: before, b: after } = open.pop() as (typeof open)[number];
    if (before === after) continue;
    const inner: typeof open = [];
    if (isJsonObject(before) && isJsonObject(after)) {
      const names = [...Object.keys(before), ...Object.keys(after).filter((name) => !Object.hasOwn(before, name))];
      for (const name of names) inner.push({ path: fieldPath(path, name), a: own(before, name), b: own(after, name) });
    } else if (Array.isArray(before) && Array.isArray(after)) {
      const { head, tail } = commonEnds(before, after);
      const longest = Math.max(before.length, after.length) - tail;
      for (let i = head; i < longest; i++) {
        inner.push({ path: `${path}[${i}]`, a: i < before.length - tail ? before[i] : undefined, b: i < after.length - tail ? after[i] : undefined });
      }
    } else {
      const at = typeof before === "string" && typeof after === "string" ? firstDifference(before, after) : undefined;
      differences.push({
        path,
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
        ...(at !== undefined && { at }),
      });
    }
    for (let i = inner.length - 1; i >= 0; i--) open.push(inner[i] as (typeof open)[number]);
  }
  return differences;
}

const own = (object: { [key: string]: JsonValue | undefined }, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);
const fieldPath = (path: string, name: string) => (path ? `${path}.${name}` : name);

function commonEnds(a: JsonValue[], b: JsonValue[]): { head: number; tail: number } {
  const keysA = a.map((item) => JSON.stringify(item));
  const keysB = b.map((item) => JSON.stringify(item));
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && keysA[head] === keysB[head]) head++;
  let tail = 0;
  while (tail < shorter - head && keysA[a.length - 1 - tail] === keysB[b.length - 1 - tail]) tail++;
  return { head, tail };
}
