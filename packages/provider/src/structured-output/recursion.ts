import type { JsonObject } from "@cutaway/core";
import { schemaPlaces } from "./walk-schema.ts";

interface Reference {
  /** Where the `$ref` stands. */
  pointer: string;
  /** Where it leads, as a pointer; undefined outside this document. */
  target: string | undefined;
}

export const referencesIn = (root: JsonObject): Reference[] =>
  [...schemaPlaces(root)].flatMap(({ schema, pointer }) => (typeof schema.$ref === "string" ? [{ pointer, target: localTarget(schema.$ref) }] : []));

const localTarget = (reference: string): string | undefined => {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return undefined;
  }
};

/** Places of `$ref`s that lead back to themselves. */
export const recursiveReferences = (root: JsonObject): string[] => {
  const references = referencesIn(root);
  const inside = (target: string): Reference[] => references.filter(({ pointer }) => pointer === target || pointer.startsWith(`${target}/`));
  const leadsTo = new Map(references.flatMap(({ target }) => (target === undefined ? [] : [[target, inside(target)] as const])));
  return references.filter((reference) => comesBack(reference, leadsTo)).map(({ pointer }) => pointer);
};

const comesBack = (from: Reference, leadsTo: ReadonlyMap<string, readonly Reference[]>): boolean => {
  const seen = new Set<string>();
  const open = [from.target];
  for (let target = open.pop(); target !== undefined; target = open.pop()) {
    if (seen.has(target)) continue;
    seen.add(target);
    for (const next of leadsTo.get(target) ?? []) {
      if (next.pointer === from.pointer) return true;
      if (next.target !== undefined) open.push(next.target);
    }
  }
  return false;
};
