import { isJsonObject, type JsonObject } from "@cutaway/core";
import type { Report } from "./finding.ts";
import { recursiveReferences, referencesIn } from "./recursion.ts";
import { annotations, isObjectSchema, type SchemaPlace, schemaPlaces } from "./walk-schema.ts";

/* Anthropic's structured outputs (“JSON Schema limitations”), and what its SDK (1.12.0, lib/transform-json-schema) leaves of a schema; looked up 2026-11-27. */

const held = new Set([
  ..."type enum const anyOf allOf $ref $defs definitions properties required additionalProperties items minItems format pattern".split(" "),
]);
const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);
const most = { optional: 24, unions: 16 };

export function checkAnthropic(root: JsonObject, report: Report): void {
  let optional = 0;
  let unions = 0;
  for (const place of schemaPlaces(root)) {
    checkPlace(place, report);
    const required = Array.isArray(place.schema.required) ? place.schema.required : [];
    const properties = isJsonObject(place.schema.properties) ? place.schema.properties : {};
    optional += Object.keys(properties).filter((name) => !required.includes(name)).length;
    unions += Object.values(properties).filter((value) => isJsonObject(value) && (value.anyOf !== undefined || Array.isArray(value.type))).length;
  }
  for (const { pointer, target } of referencesIn(root))
    if (target === undefined) report("refused", pointer, "$ref", "only references inside the schema are followed");
  for (const pointer of recursiveReferences(root)) report("refused", pointer, "$ref", "a schema cannot come back to itself");
  if (optional > most.optional) report("refused", "", "required", `${optional} properties may be missing; ${most.optional} are allowed`);
  if (unions > most.unions) report("refused", "", "anyOf", `${unions} properties of several types; ${most.unions} are allowed`);
}

function checkPlace({ schema, pointer }: SchemaPlace, report: Report): void {
  for (const keyword of Object.keys(schema))
    if (!held.has(keyword) && !annotations.has(keyword)) report("refused", pointer, keyword, "this keyword is not supported");
  if (isObjectSchema(schema) && schema.additionalProperties !== false)
    report("refused", pointer, "additionalProperties", "every object needs additionalProperties: false");
  if (typeof schema.minItems === "number" && schema.minItems > 1) report("refused", pointer, "minItems", "only 0 and 1 are supported");
  if (typeof schema.format === "string" && !formats.has(schema.format)) report("refused", pointer, "format", "this format is not on the list");
  if (Array.isArray(schema.enum) && schema.enum.some((value) => typeof value === "object" && value !== null))
    report("refused", pointer, "enum", "values are texts, numbers, true, false and null only");
  if (typeof schema.pattern === "string" && /\(\?[=!<]|\\[bB1-9k]/.test(schema.pattern))
    report("refused", pointer, "pattern", "look-around, \\b and back-references are not supported");
  if (Array.isArray(schema.allOf) && schema.allOf.some((part) => isJsonObject(part) && part.$ref !== undefined))
    report("refused", pointer, "allOf", "a reference inside of allOf is not supported");
}
