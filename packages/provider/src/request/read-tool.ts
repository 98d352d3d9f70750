import type { JsonObject, JsonValue, Tool } from "@cutaway/core";
import { objectOf, textOf } from "../json/fields.ts";
import { cacheBreakpoint } from "./cache-breakpoint.ts";

/**
 * One entry of the body's `tools`; none where the entry is no object. A tool that the provider runs itself has a type and no name.
 * fields  the object that holds name, description and schema: the entry itself, or one in it
 */
export function readTool(json: JsonValue, at: string, schemaField: "parameters" | "input_schema", fields = (tool: JsonObject) => tool): Tool[] {
  const tool = objectOf(json);
  if (!tool) return [];
  const body = fields(tool);
  const description = textOf(body.description);
  const schema = body[schemaField] ?? undefined;
  return [
    {
      name: textOf(body.name) ?? textOf(tool.type) ?? "",
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { schema }),
      json,
      at,
      ...cacheBreakpoint(tool),
    },
  ];
}
