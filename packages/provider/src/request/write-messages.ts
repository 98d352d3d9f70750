import type { JsonObject, JsonValue, Message, Part } from "@cutaway/core";
import { deepEqual } from "../json/deep-equal.ts";
import { setAt, valueAt } from "../json/path.ts";

/** How a format writes messages that are not in the body as they stand. */
export interface MessageWriter {
  /** The body's items for a new message; `rawPart` gives a part's JSON as the body has it, where it is unchanged. */
  build(message: Message, rawPart: (part: Part) => JsonValue | undefined): JsonValue[];
  /** Writes a changed tool call at its place in the body; false where it must be built anew. */
  writeToolCall(body: JsonObject, part: Part & { type: "tool-call" }): boolean;
  /** The JSON element a part stands in, from its `at`: `messages[2].content[0].text` → `messages[2].content[0]`. */
  elementOf(part: Part): string | undefined;
}

/**
 * The body's items for `after`, where the body holds `before`: untouched messages as they came, messages whose wording alone changed
 * with the new wording in the same place, everything else built anew.
 */
export function writeMessages(
  body: JsonObject,
  before: readonly Message[],
  after: readonly Message[],
  writer: MessageWriter,
): { message: Message; items: JsonValue[] }[] {
  const byPlace = new Map(before.map((message) => [message.at, message]));
  const parts = new Map(before.flatMap((message) => message.parts.map((part) => [part.at, part] as const)));
  const rawPart = (part: Part): JsonValue | undefined => {
    const element = writer.elementOf(part);
    return element !== undefined && deepEqual(parts.get(part.at), part) ? valueAt(body, element) : undefined;
  };
  return after.map((message) => {
    const original = byPlace.get(message.at);
    const raw = original && valueAt(body, message.at);
    if (original === undefined || raw === undefined) return { message, items: writer.build(message, rawPart) };
    if (deepEqual(original, message)) return { message, items: [raw] };
    const reworded = reword(body, original, message, writer);
    return { message, items: reworded === undefined ? writer.build(message, rawPart) : [reworded] };
  });
}

/** The message's JSON with the new wording, or undefined where more than wording changed. */
function reword(body: JsonObject, before: Message, after: Message, writer: MessageWriter): JsonValue | undefined {
  if (before.role !== after.role || before.name !== after.name || before.parts.length !== after.parts.length) return undefined;
  const copy = structuredClone(body);
  for (const [i, part] of after.parts.entries()) {
    const old = before.parts[i] as Part;
    if (deepEqual(old, part)) continue;
    if (old.at !== part.at || old.type !== part.type) return undefined;
    if ("text" in part && "text" in old && deepEqual({ ...old, text: "" }, { ...part, text: "" }) && typeof valueAt(copy, part.at) === "string")
      setAt(copy, part.at, part.text);
    else if (!(part.type === "tool-call" && old.type === "tool-call" && deepEqual(old.id, part.id) && writer.writeToolCall(copy, part)))
      return undefined;
  }
  return valueAt(copy, after.at);
}
