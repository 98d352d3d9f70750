import { isJsonObject, type JsonObject } from "@cutaway/core";
import type { Report } from "./finding.ts";
import { recursiveReferences } from "./recursion.ts";
import { annotations, type SchemaPlace, schemaPlaces } from "./walk-schema.ts";

/* `responseJsonSchema` of Gemini's generation config, as its API reference says it; looked up 2026-11-27. */

const held = new Set([
  ..."$defs $ref $anchor type format enum items prefixItems minItems maxItems minimum maximum anyOf oneOf properties".split(" "),
  ..."additionalProperties required propertyOrdering".split(" "),
]);

export function checkGemini(root: JsonObject, report: Report): void {
  for (const place of schemaPlaces(root)) checkPlace(place, report);
  const required = requiredPointers(root);
  for (const pointer of recursiveReferences(root))
    if (required.has(pointer))
      report("refused", pointer, "$ref", "a schema that comes back to itself may stand only in properties that are not required");
    else report("narrower", pointer, "$ref", "a schema that comes back to itself is written out a few levels deep");
}

function checkPlace({ schema, pointer }: SchemaPlace, report: Report): void {
  const hasReference = schema.$ref !== undefined;
  for (const keyword of Object.keys(schema)) {
    if (hasReference && !keyword.startsWith("$")) report("refused", pointer, keyword, "beside $ref only keywords that begin with $ may stand");
    else if (!held.has(keyword) && !annotations.has(keyword))
      report("not-held", pointer, keyword, "this keyword is not on the list of what is supported");
  }
  if (schema.oneOf !== undefined) report("not-held", pointer, "oneOf", "it is taken as anyOf: an answer may fit several");
  if (Array.isArray(schema.enum) && schema.enum.some((value) => typeof value !== "string" && typeof value !== "number"))
    report("not-held", pointer, "enum", "only texts and numbers are supported");
}

const requiredPointers = (root: JsonObject): Set<string> => {
  const pointers = new Set<string>();
  for (const { schema, pointer } of schemaPlaces(root)) {
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    for (const name of Array.isArray(schema.required) ? schema.required : [])
      if (typeof name === "string" && Object.hasOwn(properties, name))
        pointers.add(`${pointer}/properties/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
  return pointers;
};
