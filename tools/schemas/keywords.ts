const single = new Set([
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const lists = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);
const maps = new Set(["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"]);

/** Keywords of JSON Schema that say something of a value. */
export const asserting = [
  "type",
  "enum",
  "const",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "properties",
  "required",
  "additionalProperties",
  "patternProperties",
  "propertyNames",
  "minProperties",
  "maxProperties",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "items",
  "prefixItems",
  "additionalItems",
  "minItems",
  "maxItems",
  "uniqueItems",
  "contains",
  "minContains",
  "maxContains",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "$ref",
  "$dynamicRef",
  "unevaluatedProperties",
  "unevaluatedItems",
] as const;

/** The keywords that occur in a schema and in all schemas inside it. */
export const keywordsIn = (schema: unknown): Set<string> => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [keyword, inner] of Object.entries(value)) {
      found.add(keyword);
      if (single.has(keyword)) visit(inner);
      if (lists.has(keyword) && Array.isArray(inner)) inner.forEach(visit);
      if (maps.has(keyword) && typeof inner === "object" && inner !== null) Object.values(inner).forEach(visit);
    }
  };
  visit(schema);
  return found;
};
