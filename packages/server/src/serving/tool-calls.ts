import { isJsonObject, type ToolCall } from "@cutaway/core";
import { refused } from "./api-error.ts";

const opening = "<tool_call>";
const closing = "</tool_call>";

/** Offering tools makes sense where both ends are known: how the template shows them, and how the model writes its calls. @throws `invalid-parameter` */
export function refuseUnreadTools({ name, template }: { name: string; template?: string }): void {
  if (template?.includes(opening)) return;
  const why = template?.includes("tools") ? `marks calls of tools in a form that is not read here (only ${opening} is)` : "knows no tools";
  throw refused("tools", `the chat template of ${name} ${why}`, "Describe the tools in a message, and read the calls from the answer's text.");
}

/** Takes the calls out of a text as it comes: `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, the form of Hermes and Qwen. */
export interface ToolCallReader {
  push(text: string): ToolPart[];
  /** What was held back is text after all, unless it is a whole call whose end is missing. */
  end(): ToolPart[];
}

export type ToolPart = { text: string } | { call: ToolCall };

export function createToolCallReader(): ToolCallReader {
  let held = "";
  const read = (isEnd: boolean): ToolPart[] => {
    const parts: ToolPart[] = [];
    for (;;) {
      const start = held.indexOf(opening);
      if (start < 0) {
        const kept = isEnd ? 0 : beginningAtEnd(held);
        parts.push({ text: held.slice(0, held.length - kept) });
        held = held.slice(held.length - kept);
        break;
      }
      parts.push({ text: held.slice(0, start) });
      held = held.slice(start);
      const end = held.indexOf(closing);
      if (end < 0 && !isEnd) break;
      const whole = end < 0 ? held : held.slice(0, end + closing.length);
      const call = callIn(whole.slice(opening.length, end < 0 ? undefined : end));
      parts.push(call ? { call } : { text: whole });
      held = held.slice(whole.length);
    }
    return parts.filter((part) => "call" in part || part.text !== "");
  };
  return {
    push(text) {
      held += text;
      return read(false);
    },
    end: () => read(true),
  };
}

/** How many characters at the end of the text may begin the opening mark. */
function beginningAtEnd(text: string): number {
  for (let length = Math.min(opening.length - 1, text.length); length > 0; length--) if (text.endsWith(opening.slice(0, length))) return length;
  return 0;
}

function callIn(text: string): ToolCall | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(json) || typeof json.name !== "string") return undefined;
  return { name: json.name, arguments: JSON.stringify(json.arguments ?? {}) };
}
