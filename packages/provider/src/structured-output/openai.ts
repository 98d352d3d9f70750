import { isJsonObject, type JsonObject } from "@cutaway/core";
import type { Report } from "./finding.ts";
import { referencesIn } from "./recursion.ts";
import { escaped, isObjectSchema, type SchemaPlace, schemaPlaces, typesOf } from "./walk-schema.ts";

/*
 * OpenAI's structured outputs with `strict: true`, as its guide (“Supported schemas”) and the unsupported keywords of its SDK (openai 7.57.0,
 * lib/transform) say it; looked up 2026-11-27.
 */

const refused = new Set([
  ..."$anchor $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef allOf contains contentEncoding contentMediaType contentSchema".split(" "),
  ..."dependentRequired dependentSchemas dependencies else if maxContains maxProperties minContains minProperties not oneOf".split(" "),
  ..."patternProperties prefixItems propertyNames then unevaluatedItems unevaluatedProperties uniqueItems".split(" "),
]);
const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);

const most = { properties: 5000, objects: 10, characters: 120_000, enumValues: 1000, largeEnum: 250, largeEnumCharacters: 15_000 };

export function checkOpenAi(root: JsonObject, report: Report): void {
  if (!typesOf(root).includes("object") || typesOf(root).length > 1) report("refused", "", "type", "the root has to be an object");
  if (root.anyOf !== undefined) report("refused", "", "anyOf", "the root cannot be a choice");
  const size = { properties: 0, characters: 0, enumValues: 0 };
  for (const place of schemaPlaces(root)) {
    checkPlace(place, report);
    count(place, size, report);
  }
  for (const { pointer, target } of referencesIn(root))
    if (target === undefined) report("refused", pointer, "$ref", "only references inside the schema are followed");
  if (size.properties > most.properties) report("refused", "", "properties", `${size.properties} properties; ${most.properties} are allowed`);
  if (size.characters > most.characters)
    report("refused", "", "properties", `names and values of ${size.characters} characters; ${most.characters} are allowed`);
  if (size.enumValues > most.enumValues) report("refused", "", "enum", `${size.enumValues} values of enum; ${most.enumValues} are allowed`);
}

function checkPlace({ schema, pointer, objects }: SchemaPlace, report: Report): void {
  for (const keyword of Object.keys(schema))
    if (refused.has(keyword)) report("refused", pointer, keyword, "this keyword is not supported with strict");
  for (const keyword of ["minLength", "maxLength"])
    if (schema[keyword] !== undefined)
      report("depends", pointer, keyword, "it is not on the list of what strings are held to, and was refused before");
  if (typeof schema.format === "string" && !formats.has(schema.format)) report("depends", pointer, "format", "this format is not on the list");
  if (!isObjectSchema(schema)) return;
  if (schema.additionalProperties !== false) report("refused", pointer, "additionalProperties", "every object needs additionalProperties: false");
  const required = Array.isArray(schema.required) ? schema.required : [];
  for (const name of Object.keys(isJsonObject(schema.properties) ? schema.properties : {}))
    if (!required.includes(name))
      report(
        "refused",
        `${pointer}/properties/${escaped(name)}`,
        "required",
        "every property has to be required; let it be null where it may be missing",
      );
  if (objects >= most.objects) report("refused", pointer, "properties", `objects stand more than ${most.objects} deep`);
}

function count({ schema, pointer }: SchemaPlace, size: { properties: number; characters: number; enumValues: number }, report: Report): void {
  for (const keyword of ["properties", "$defs", "definitions"]) {
    const names = Object.keys(isJsonObject(schema[keyword]) ? schema[keyword] : {});
    if (keyword === "properties") size.properties += names.length;
    size.characters += names.join("").length;
  }
  const values = [...(Array.isArray(schema.enum) ? schema.enum : []), ...(schema.const === undefined ? [] : [schema.const])];
  const characters = values.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
  size.characters += characters;
  if (!Array.isArray(schema.enum)) return;
  size.enumValues += schema.enum.length;
  if (schema.enum.length > most.largeEnum && characters > most.largeEnumCharacters)
    report("refused", pointer, "enum", `${schema.enum.length} values of ${characters} characters together; ${most.largeEnumCharacters} are allowed`);
}
