import { isJsonObject, type JsonObject, type JsonValue, type Message, type Part, type Request, type Role, type Tool } from "@cutaway/core";
import type { RequestContext } from "../codec.ts";
import { booleanOf, filledOf, listOf, objectOf, textOf } from "../json/fields.ts";
import { cacheBreakpoint } from "../request/cache-breakpoint.ts";
import { mediaPart } from "../request/media-part.ts";
import { readParameters, unreadFields } from "../request/parameter-fields.ts";
import { readTool } from "../request/read-tool.ts";
import { messagesParameters } from "./parameters.ts";

/** The body of a Messages request. The system prompt stands apart in it and becomes the first message. */
export function decodeRequest(body: JsonObject, sent: RequestContext = {}): Request {
  const unread: string[] = [];
  const messages: Message[] = [];
  const system = body.system === undefined || body.system === null ? [] : decodeContent(body.system, "system");
  if (system.length > 0) messages.push({ role: "system", parts: system, at: "system" });
  for (const [i, json] of listOf(body.messages).entries()) {
    const at = `messages[${i}]`;
    if (isJsonObject(json)) messages.push(decodeMessage(json, at, unread));
    else unread.push(at);
  }
  return {
    format: "anthropic-messages",
    model: textOf(body.model) ?? sent.model ?? "",
    messages,
    tools: listOf(body.tools).flatMap((json, i) => decodeTool(json, `tools[${i}]`)),
    parameters: readParameters(body, messagesParameters),
    notUnderstood: [...unreadFields(body, structural, messagesParameters), ...unread],
    body,
    ...(sent.url !== undefined && { url: sent.url }),
    ...(sent.headers && { headers: sent.headers }),
  };
}

const structural = new Set(["model", "messages", "system", "tools"]);
const roles: ReadonlyMap<string, Role> = new Map([
  ["user", "user"],
  ["assistant", "assistant"],
  ["system", "system"],
]);

function decodeMessage(json: JsonObject, at: string, unread: string[]): Message {
  const role = roles.get(textOf(json.role) ?? "");
  if (!role) unread.push(`${at}.role`);
  for (const key of Object.keys(json)) if (key !== "role" && key !== "content") unread.push(`${at}.${key}`);
  return { role: role ?? "user", parts: decodeContent(json.content, `${at}.content`), at };
}

function decodeContent(content: JsonValue | undefined, at: string): Part[] {
  if (typeof content === "string") return [{ type: "text", text: content, at }];
  return listOf(content).flatMap((json, j) => decodeBlock(json, `${at}[${j}]`));
}

function decodeBlock(json: JsonValue, at: string): Part[] {
  const block = objectOf(json) ?? {};
  const more = cacheBreakpoint(block);
  const id = filledOf(block.id);
  switch (block.type) {
    case "text":
      if (typeof block.text === "string") return [{ type: "text", text: block.text, at: `${at}.text`, ...more }];
      break;
    case "thinking":
      if (typeof block.thinking === "string") return [{ type: "reasoning", text: block.thinking, at: `${at}.thinking`, ...more }];
      break;
    case "image":
    case "document": {
      const source = objectOf(block.source) ?? {};
      if (source.type === "text" && typeof source.data === "string") return [{ type: "text", text: source.data, at: `${at}.source.data`, ...more }];
      if (source.type !== "base64" && source.type !== "url") break;
      return [
        {
          ...mediaPart(block.type === "image" ? "image" : "file", at, {
            url: textOf(source.url),
            base64: textOf(source.data),
            mediaType: filledOf(source.media_type),
          }),
          ...more,
        },
      ];
    }
    case "tool_use":
      return [
        {
          type: "tool-call",
          ...(id !== undefined && { id }),
          name: textOf(block.name) ?? "",
          arguments: JSON.stringify(block.input ?? {}),
          at,
          ...more,
        },
      ];
    case "tool_result":
      return decodeResult(block, at, more);
  }
  return [{ type: "other", name: textOf(block.type) ?? "block", json, at, ...more }];
}

/** A tool's result: one part a text, so that each has its place; media stand beside them. */
function decodeResult(block: JsonObject, at: string, more: object): Part[] {
  const id = filledOf(block.tool_use_id);
  const isError = booleanOf(block.is_error);
  const result = (text: string, place: string): Part => ({
    type: "tool-result",
    ...(id !== undefined && { id }),
    text,
    ...(isError !== undefined && { isError }),
    at: place,
  });
  const parts = decodeContent(block.content, `${at}.content`).map((part) =>
    part.type === "text" ? { ...part, ...result(part.text, part.at) } : part,
  );
  if (parts.length === 0) parts.push(result("", at));
  const last = parts[parts.length - 1] as Part;
  return [...parts.slice(0, -1), { ...last, ...more }];
}

const decodeTool = (json: JsonValue, at: string): Tool[] => readTool(json, at, "input_schema");
