import type { JsonObject, JsonValue, Message, Part, Request, Tool } from "@cutaway/core";
import { isJsonObject } from "@cutaway/core";
import { deepEqual } from "../json/deep-equal.ts";
import { objectOf } from "../json/fields.ts";
import { valueAt } from "../json/path.ts";
import { cacheControl } from "../request/cache-breakpoint.ts";
import { modelInUrl } from "../request/model-in-url.ts";
import { writeParameters } from "../request/parameter-fields.ts";
import { type MessageWriter, writeMessages } from "../request/write-messages.ts";
import { writeToolFields, writeTools } from "../request/write-tools.ts";
import { decodeRequest } from "./decode-request.ts";
import { chatParameters } from "./parameters.ts";

/** The body to send: `request.body` with what differs from it written over. */
export function encodeRequest(request: Request): JsonObject {
  const body = structuredClone(request.body ?? {});
  const before = decodeRequest(request.body ?? {}, modelInUrl(request));
  if (request.model !== before.model && request.model !== "") body.model = request.model;
  if (!request.body || !deepEqual(before.messages, request.messages))
    body.messages = writeMessages(request.body ?? {}, before.messages, request.messages, writer).flatMap(({ items }) => items);
  if (!deepEqual(before.tools, request.tools)) setTools(body, before.tools, request.tools);
  writeParameters(body, before.parameters, request.parameters, chatParameters, "openai-chat");
  return body;
}

function setTools(body: JsonObject, before: readonly Tool[], after: readonly Tool[]): void {
  const isLegacy = (tool: Tool) => tool.at.startsWith("functions[");
  for (const [name, own] of [
    ["tools", after.filter((tool) => !isLegacy(tool))],
    ["functions", after.filter(isLegacy)],
  ] as const) {
    if (own.length > 0) body[name] = writeTools(before, own, buildTool, writeTool);
    else delete body[name];
  }
}

const buildTool = (tool: Tool): JsonObject => {
  const json: JsonObject = tool.at.startsWith("functions[") ? {} : { type: "function", function: {} };
  writeTool(json, tool);
  return { ...json, ...cacheControl(tool) };
};

const writeTool = (json: JsonObject, tool: Tool): void =>
  writeToolFields(objectOf(json.function) ?? objectOf(json.custom) ?? json, tool, "parameters");

const writer: MessageWriter = {
  build(message, rawPart) {
    return message.role === "tool" ? buildResults(message) : [buildMessage(message, rawPart)];
  },
  writeToolCall(body, part) {
    const call = objectOf(valueAt(body, part.at));
    const inner = objectOf(call?.function) ?? objectOf(call?.custom) ?? call;
    if (!inner) return false;
    inner.name = part.name;
    inner["input" in inner ? "input" : "arguments"] = part.arguments;
    return true;
  },
  elementOf: (part) => /^messages\[\d+\]\.(?:content|tool_calls)\[\d+\]/.exec(part.at)?.[0],
};

function buildMessage(message: Message, rawPart: (part: Part) => JsonValue | undefined): JsonObject {
  const json: JsonObject = { role: message.role };
  if (message.name !== undefined) json.name = message.name;
  const calls = message.parts.filter((part) => part.type === "tool-call");
  const content = message.parts.filter((part) => part.type !== "tool-call" && part.type !== "reasoning" && !isBareRefusal(part));
  const [only] = content;
  if (content.length === 1 && only?.type === "text" && !only.cacheBreakpoint && rawPart(only) === undefined) json.content = only.text;
  else if (content.length > 0) json.content = content.map((part) => rawPart(part) ?? buildPart(part));
  else json.content = calls.length > 0 || message.parts.length > 0 ? null : "";
  for (const part of message.parts) {
    if (part.type === "reasoning") json[part.at.endsWith(".reasoning") ? "reasoning" : "reasoning_content"] = part.text;
    else if (part.type === "refusal" && isBareRefusal(part)) json.refusal = part.text;
  }
  if (calls.length > 0) {
    json.tool_calls = calls.map(
      (part) =>
        rawPart(part) ?? {
          ...(part.id !== undefined && { id: part.id }),
          type: "function",
          function: { name: part.name, arguments: part.arguments },
        },
    );
  }
  return json;
}

/** A refusal stands beside the content, unless it came as a part of it. */
const isBareRefusal = (part: Part) => part.type === "refusal" && !/\.content\[\d+\]/.test(part.at);

/** One message for each call that is answered; several parts of one answer stay together. */
function buildResults(message: Message): JsonValue[] {
  const byCall = new Map<string | undefined, Part[]>();
  for (const part of message.parts) {
    const id = part.type === "tool-result" ? part.id : [...byCall.keys()].at(-1);
    byCall.set(id, [...(byCall.get(id) ?? []), part]);
  }
  return [...byCall].map(([id, parts]) => {
    const [only] = parts;
    const content = parts.length === 1 && only?.type === "tool-result" && !only.cacheBreakpoint ? only.text : parts.map(buildPart);
    return { role: "tool", ...(id !== undefined && { tool_call_id: id }), content };
  });
}

function buildPart(part: Part): JsonValue {
  const more = cacheControl(part);
  switch (part.type) {
    case "text":
    case "tool-result":
      return { type: "text", text: part.text, ...more };
    case "refusal":
      return { type: "refusal", refusal: part.text, ...more };
    case "media":
      if (part.media === "image" && part.url !== undefined)
        return { type: "image_url", image_url: { url: part.url, ...(part.detail !== undefined && { detail: part.detail }) }, ...more };
      return { type: part.media, ...(part.url !== undefined && { url: part.url }), ...more };
    case "other":
      return isJsonObject(part.json) ? { ...part.json, ...more } : part.json;
    default:
      return { type: part.type, ...more };
  }
}
