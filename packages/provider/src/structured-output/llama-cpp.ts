import type { JsonObject } from "@cutaway/core";
import type { Report } from "./finding.ts";
import { isObjectSchema, type SchemaPlace, schemaPlaces, typesOf } from "./walk-schema.ts";

/* llama.cpp's conversion of schemas to its grammars, as its guide (grammars/README.md, commit 363a490) lists its limits. Ollama converts with the same code. */

const skipped = [
  ..."uniqueItems contains minContains maxContains $anchor not if then else dependentSchemas dependentRequired patternProperties".split(" "),
  ..."multipleOf propertyNames minProperties maxProperties unevaluatedProperties unevaluatedItems".split(" "),
];
const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
const formatsWithout = new Set(["uri", "email"]);

export function checkLlamaCpp(root: JsonObject, report: Report): void {
  for (const place of schemaPlaces(root)) checkPlace(place, report);
}

function checkPlace({ schema, pointer }: SchemaPlace, report: Report): void {
  for (const keyword of skipped) if (schema[keyword] !== undefined) report("not-held", pointer, keyword, "it is skipped without a word");
  if (!typesOf(schema).includes("integer"))
    for (const keyword of bounds) if (schema[keyword] !== undefined) report("not-held", pointer, keyword, "bounds are held for integers only");
  if (typeof schema.format === "string" && formatsWithout.has(schema.format)) report("not-held", pointer, "format", "this format is not there");
  if (typeof schema.pattern === "string" && !(schema.pattern.startsWith("^") && schema.pattern.endsWith("$")))
    report("refused", pointer, "pattern", "a pattern has to begin with ^ and end with $");
  if (schema.prefixItems !== undefined) report("depends", pointer, "prefixItems", "its guide calls it broken");
  if (typeof schema.$ref === "string" && !schema.$ref.startsWith("#"))
    report("depends", pointer, "$ref", "references to other documents are not followed by the server");
  if (isObjectSchema(schema) && schema.properties !== undefined && schema.additionalProperties === undefined)
    report("narrower", pointer, "additionalProperties", "without it no other properties are written");
}
