import type { JsonValue } from "@cutaway/core";
import type { Output } from "./output.ts";

/**
 * One JSON object whose arrays are written item by item, so that a thousand calls need the memory of one:
 * `{"schema": …, "version": …, "explanations": [ … ], "unsupported": [ … ]}`.
 */
export function startJsonList(out: Output, schema: string, version: number, list: string) {
  let items = 0;
  out.write(`{\n"schema": ${JSON.stringify(schema)},\n"version": ${version},\n${JSON.stringify(list)}: [`);
  return {
    push(item: JsonValue) {
      out.write(`${items++ === 0 ? "\n" : ",\n"}${JSON.stringify(item)}`);
    },
    /** The rest of the object after the list. */
    end(rest: Record<string, JsonValue>) {
      const fields = Object.entries(rest).map(([name, value]) => `,\n${JSON.stringify(name)}: ${JSON.stringify(value)}`);
      out.write(`${items === 0 ? "]" : "\n]"}${fields.join("")}\n}\n`);
    },
  };
}
