import { isJsonObject, type JsonObject, type JsonValue, type Message, type Part, type Request, type Tool } from "@cutaway/core";
import { deepEqual } from "../json/deep-equal.ts";
import { objectOf } from "../json/fields.ts";
import { valueAt } from "../json/path.ts";
import { modelInUrl } from "../request/model-in-url.ts";
import { writeParameters } from "../request/parameter-fields.ts";
import { type MessageWriter, writeMessages } from "../request/write-messages.ts";
import { writeToolFields, writeTools } from "../request/write-tools.ts";
import { decodeRequest } from "./decode-request.ts";
import { responsesParameters } from "./parameters.ts";

/** The body to send: `request.body` with what differs from it written over. */
export function encodeRequest(request: Request): JsonObject {
  const body = structuredClone(request.body ?? {});
  const before = decodeRequest(request.body ?? {}, modelInUrl(request));
  if (request.model !== before.model && request.model !== "") body.model = request.model;
  if (!request.body || !deepEqual(before.messages, request.messages)) setMessages(body, request, before.messages);
  if (!deepEqual(before.tools, request.tools)) {
    if (request.tools.length > 0) body.tools = writeTools(before.tools, request.tools, buildTool, writeTool);
    else delete body.tools;
  }
  writeParameters(body, before.parameters, request.parameters, responsesParameters, "openai-responses");
  return body;
}

function setMessages(body: JsonObject, request: Request, before: readonly Message[]): void {
  const written = writeMessages(request.body ?? {}, before, request.messages, writer);
  const instructions = written.find(({ message }) => message.at === "instructions");
  if (instructions) body.instructions = instructions.message.parts.map((part) => ("text" in part ? part.text : "")).join("");
  else delete body.instructions;
  const input = written.filter((entry) => entry !== instructions);
  const [only] = input;
  if (input.length === 1 && only && typeof only.items[0] === "string") body.input = only.items[0];
  else
    body.input = input.flatMap(({ message, items }) =>
      items.map((item) => (typeof item === "string" ? { role: message.role, content: item } : item)),
    );
}

const buildTool = (tool: Tool): JsonObject => {
  const json: JsonObject = { type: "function" };
  writeTool(json, tool);
  return json;
};

const writeTool = (json: JsonObject, tool: Tool): void => writeToolFields(json, tool, "parameters");

const writer: MessageWriter = {
  build(message, rawPart) {
    const items: JsonValue[] = [];
    const content = message.parts.filter(
      (part) => part.type !== "tool-call" && part.type !== "tool-result" && part.type !== "reasoning" && !isItem(part),
    );
    for (const part of message.parts)
      if (part.type === "reasoning") items.push({ type: "reasoning", summary: [{ type: "summary_text", text: part.text }] });
    const [only] = content;
    if (content.length === 1 && only?.type === "text" && rawPart(only) === undefined) items.push({ role: message.role, content: only.text });
    else if (content.length > 0)
      items.push({
        role: message.role,
        content: content.map((part) => rawPart(part) ?? buildPart(part, message.role === "assistant" ? "output_text" : "input_text")),
      });
    for (const part of message.parts) {
      if (isItem(part)) items.push(part.json);
      if (part.type === "tool-call")
        items.push({ type: "function_call", ...(part.id !== undefined && { call_id: part.id }), name: part.name, arguments: part.arguments });
      if (part.type === "tool-result")
        items.push({ type: "function_call_output", ...(part.id !== undefined && { call_id: part.id }), output: part.text });
    }
    return items;
  },
  writeToolCall(body, part) {
    const call = objectOf(valueAt(body, part.at));
    if (!call) return false;
    call.name = part.name;
    call["input" in call ? "input" : "arguments"] = part.arguments;
    return true;
  },
  elementOf: (part) => /^input\[\d+\]\.content\[\d+\]/.exec(part.at)?.[0],
};

/** A whole input item that is kept as it is, rather than a part of a message's content. */
const isItem = (part: Part): part is Part & { type: "other" } => part.type === "other" && /^input\[\d+\]$/.test(part.at);

function buildPart(part: Part, textType: string): JsonValue {
  switch (part.type) {
    case "text":
      return { type: textType, text: part.text };
    case "refusal":
      return { type: "refusal", refusal: part.text };
    case "media":
      return {
        type: `input_${part.media}`,
        ...(part.url !== undefined && (part.media === "image" ? { image_url: part.url } : { file_url: part.url })),
        ...(part.detail !== undefined && { detail: part.detail }),
      };
    case "other":
      return isJsonObject(part.json) ? part.json : { type: "input_text", text: JSON.stringify(part.json) };
    default:
      return { type: part.type };
  }
}
