import { isJsonObject, type JsonObject } from "@cutaway/core";
import type { Report } from "./finding.ts";
import { type SchemaPlace, schemaPlaces, typesOf } from "./walk-schema.ts";

/*
 * vLLM: what its check `has_xgrammar_unsupported_json_features` finds (commit 030141c) goes to another backend where the server's backend is `auto`, and is
 * refused where it is `xgrammar`; and what xgrammar's converter only writes to its log.
 */

const formats = new Set([
  ..."email date time date-time duration ipv4 ipv6 hostname uuid uri uri-reference uri-template json-pointer relative-json-pointer".split(" "),
]);
const onlyLogged = ["not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"];
const elsewhere = "xgrammar does not take it: another backend does with “auto”, and the request is refused with “xgrammar”";

export function checkVllm(root: JsonObject, report: Report): void {
  for (const place of schemaPlaces(root)) checkPlace(place, report);
}

function checkPlace({ schema, pointer }: SchemaPlace, report: Report): void {
  const has = (keyword: string): boolean => schema[keyword] !== undefined;
  const types = typesOf(schema);
  const goesElsewhere = (keyword: string): void => report("depends", pointer, keyword, elsewhere);
  for (const keyword of onlyLogged)
    if (has(keyword)) report("not-held", pointer, keyword, "xgrammar passes over it, and says so in the server's log only");
  if ((types.includes("integer") || types.includes("number")) && has("multipleOf")) goesElsewhere("multipleOf");
  if (types.includes("array"))
    for (const keyword of ["uniqueItems", "contains", "minContains", "maxContains"]) if (has(keyword)) goesElsewhere(keyword);
  if (types.includes("string")) {
    if (typeof schema.format === "string" && !formats.has(schema.format)) goesElsewhere("format");
    if (has("pattern") || has("format")) for (const keyword of ["minLength", "maxLength"]) if (has(keyword)) goesElsewhere(keyword);
  }
  if (!types.includes("object")) return;
  const others =
    ["properties", "patternProperties"].some(has) || isJsonObject(schema.additionalProperties) || (schema.unevaluatedProperties ?? true) !== true;
  if (has("propertyNames") && others) goesElsewhere("propertyNames");
  if (isJsonObject(schema.patternProperties) && (has("properties") || Object.keys(schema.patternProperties).length > 1))
    goesElsewhere("patternProperties");
}
