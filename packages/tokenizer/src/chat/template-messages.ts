import { CutawayError, type JsonObject, type JsonValue, type Message, type Part, type SegmentKind, type Tool } from "@cutaway/core";

/** What is done to each text of the messages on its way to the template. */
export type Marker = (text: string, segment: SegmentKind) => string;

/**
 * Messages as chat templates know them: `role`, `content`, and where there are any `name`, `reasoning_content`, `tool_calls`, `tool_call_id`.
 * Text parts are joined by line ends; each tool result becomes a message of the role `tool`.
 * throws  `unsupported-content` for a part that a text template cannot take.
 */
export function templateMessages(messages: readonly Message[], mark: Marker): JsonObject[] {
  const lastUser = messages.findLastIndex((message) => message.role === "user" && message.parts.some((part) => part.type === "text"));
  return messages.flatMap((message, index) => {
    const results = message.parts.filter((part) => part.type === "tool-result");
    const rest = message.parts.filter((part) => part.type !== "tool-result");
    const list = results.map((part) => ({
      role: "tool",
      content: mark(part.text, "context"),
      ...(part.id !== undefined && { tool_call_id: part.id }),
    }));
    return rest.length === 0 && list.length > 0 ? list : [...list, templateMessage(message, rest, segmentOf(message, index === lastUser), mark)];
  });
}

export const templateTools = (tools: readonly Tool[]): JsonObject[] =>
  tools.map(({ name, description, schema }) => ({
    type: "function",
    function: { name, ...(description !== undefined && { description }), ...(schema !== undefined && { parameters: schema }) },
  }));

function segmentOf({ role }: Message, isLastUser: boolean): SegmentKind {
  if (role === "system" || role === "developer") return "system";
  if (role === "tool") return "context";
  return isLastUser ? "user" : "history";
}

function templateMessage(message: Message, parts: readonly Part[], segment: SegmentKind, mark: Marker): JsonObject {
  const texts: string[] = [];
  const reasoning: string[] = [];
  const calls: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === "text" || part.type === "refusal") texts.push(part.text);
    else if (part.type === "reasoning") reasoning.push(part.text);
    else if (part.type === "tool-call") calls.push(toolCall(part, segment, mark));
    else throw unsupported(part);
  }
  return {
    role: message.role,
    content: mark(texts.join("\n"), segment),
    ...(message.name !== undefined && { name: mark(message.name, segment) }),
    ...(reasoning.length > 0 && { reasoning_content: mark(reasoning.join("\n"), segment) }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** Templates expect the arguments as an object; text that is none stays text. */
function toolCall(call: Extract<Part, { type: "tool-call" }>, segment: SegmentKind, mark: Marker): JsonObject {
  return {
    type: "function",
    ...(call.id !== undefined && { id: call.id }),
    function: { name: mark(call.name, segment), arguments: markLeaves(parsed(call.arguments), (text) => mark(text, segment), 0) },
  };
}

function parsed(text: string): JsonValue {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as JsonValue) : text;
  } catch {
    return text;
  }
}

const maxDepth = 100;

function markLeaves(value: JsonValue, mark: (text: string) => string, depth: number): JsonValue {
  if (typeof value === "string") return mark(value);
  if (typeof value !== "object" || value === null || depth === maxDepth) return value;
  if (Array.isArray(value)) return value.map((element) => markLeaves(element, mark, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, markLeaves(element ?? null, mark, depth + 1)]));
}

const unsupported = (part: Part) =>
  new CutawayError(
    "unsupported-content",
    `${part.at || "a message"} is ${part.type === "media" ? part.media : part.type}: a chat template takes text`,
    {
      fix: "Leave it out, or put it in words.",
      data: { at: part.at, type: part.type },
    },
  );
