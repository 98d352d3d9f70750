/** How a schema is to be read. `draft7` stands for draft 4, 6 and 7: `$ref` there hides its siblings, and `items` may be a list. */
export type Dialect = "draft7" | "2020-12" | "lenient";

/**
 * The dialect that a schema names with `$schema`. One that names none is read leniently: the keywords of every draft mean what they mean where
 * they were defined, as far as they do not contradict each other.
 */
export const dialectOf = (schema: unknown, otherwise: Dialect): Dialect => {
  const named = typeof schema === "object" && schema !== null ? (schema as { $schema?: unknown }).$schema : undefined;
  if (typeof named !== "string") return otherwise;
  if (/draft-0[3467]\b/.test(named)) return "draft7";
  if (/json-schema\.org\/draft\/(2019-09|2020-12)\b/.test(named)) return "2020-12";
  return otherwise;
};
