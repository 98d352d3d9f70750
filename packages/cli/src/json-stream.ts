import type { JsonValue } from "@cutaway/core";
import type { Output } from "./output.ts";

const writeFrom = 1 << 16;

/**
 * One JSON object with a list that is written as it grows, so that a thousand calls need the memory of one:
 * `{"schema": …, "version": …, "explanations": [ … ], "unsupported": [ … ]}`.
 */
export function startJsonList(out: Output, schema: string, version: number, list: string) {
  let waiting = `{\n"schema": ${JSON.stringify(schema)},\n"version": ${version},\n${JSON.stringify(list)}: [`;
  let items = 0;
  return {
    push(item: JsonValue) {
      waiting += `${items++ === 0 ? "\n" : ",\n"}${JSON.stringify(item)}`;
      if (waiting.length < writeFrom) return;
      out.write(waiting);
      waiting = "";
    },
    /** The rest of the object after the list. */
    end(rest: Record<string, JsonValue>) {
      const fields = Object.entries(rest).map(([name, value]) => `,\n${JSON.stringify(name)}: ${JSON.stringify(value)}`);
      out.write(`${waiting}${items === 0 ? "]" : "\n]"}${fields.join("")}\n}\n`);
    },
  };
}
