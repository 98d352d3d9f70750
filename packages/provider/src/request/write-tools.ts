import type { JsonObject, JsonValue, Tool } from "@cutaway/core";
import { isJsonObject } from "@cutaway/core";
import { deepEqual } from "../json/deep-equal.ts";

/**
 * The body's `tools` for `after`. A tool whose JSON was changed is sent as that JSON; a change of name, description or schema is written into it.
 * place  where a format keeps the three: the tool itself, or an object in it
 */
export function writeTools(
  before: readonly Tool[],
  after: readonly Tool[],
  build: (tool: Tool) => JsonObject,
  write: (json: JsonObject, tool: Tool) => void,
): JsonValue[] {
  const byPlace = new Map(before.map((tool) => [tool.at, tool]));
  return after.map((tool) => {
    const original = byPlace.get(tool.at);
    if (!original || !isJsonObject(tool.json)) return isJsonObject(tool.json) && !original ? tool.json : build(tool);
    if (deepEqual(original, tool) || !deepEqual(original.json, tool.json)) return tool.json;
    const json = structuredClone(tool.json);
    write(json, tool);
    return json;
  });
}

/** Writes name, description and schema into the object that holds them; `schemaField` is what the format calls the schema. */
export function writeToolFields(json: JsonObject, tool: Tool, schemaField: "parameters" | "input_schema"): void {
  json.name = tool.name;
  for (const [field, value] of [
    ["description", tool.description],
    [schemaField, tool.schema],
  ] as const) {
    if (value === undefined) delete json[field];
    else json[field] = value;
  }
}
