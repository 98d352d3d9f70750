import type { Keywords } from "./keywords.ts";

const known = new Set(["null", "boolean", "integer", "number", "string", "array", "object"]);

/** The names under `type`; undefined: any type. @throws `schema-invalid` for a name that is no type */
export const typesOf = (keywords: Keywords): ReadonlySet<string> | undefined => {
  const named = keywords.get("type");
  if (named === undefined) return undefined;
  const list: unknown = typeof named === "string" ? [named] : named;
  if (!Array.isArray(list)) throw keywords.invalid("type", "is neither a name nor a list of names");
  for (const name of list) if (!known.has(name)) throw keywords.invalid("type", `names ${JSON.stringify(name).slice(0, 40)}, which is no type`);
  return new Set(list as string[]);
};
