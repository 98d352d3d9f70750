import type { JsonObject, JsonValue, Message, Part, Request, Role, Tool } from "@cutaway/core";
import { isJsonObject } from "@cutaway/core";
import type { RequestContext } from "../codec.ts";
import { filledOf, listOf, objectOf, textOf } from "../json/fields.ts";
import { cacheBreakpoint } from "../request/cache-breakpoint.ts";
import { mediaPart } from "../request/media-part.ts";
import { readParameters, unreadFields } from "../request/parameter-fields.ts";
import { readTool } from "../request/read-tool.ts";
import { chatParameters } from "./parameters.ts";

/** The body of a chat completion request. Legacy `functions` are tools too. */
export function decodeRequest(body: JsonObject, sent: RequestContext = {}): Request {
  const unread: string[] = [];
  const messages = listOf(body.messages).flatMap((json, i) =>
    isJsonObject(json) ? [decodeMessage(json, `messages[${i}]`, unread)] : note(unread, `messages[${i}]`),
  );
  const tools = [
    ...listOf(body.tools).flatMap((json, i) => decodeTool(json, `tools[${i}]`)),
    ...listOf(body.functions).flatMap((json, i) => decodeTool(json, `functions[${i}]`)),
  ];
  return {
    format: "openai-chat",
    model: textOf(body.model) ?? sent.model ?? "",
    messages,
    tools,
    parameters: readParameters(body, chatParameters),
    notUnderstood: [...unreadFields(body, structural, chatParameters), ...unread],
    body,
    ...(sent.url !== undefined && { url: sent.url }),
    ...(sent.headers && { headers: sent.headers }),
  };
}

const structural = new Set(["model", "messages", "tools", "functions"]);
const messageFields = new Set([
  "role",
  "content",
  "name",
  "tool_calls",
  "tool_call_id",
  "function_call",
  "refusal",
  "reasoning_content",
  "reasoning",
  "cache_control",
]);
const roles: ReadonlyMap<string, Role> = new Map([
  ["system", "system"],
  ["developer", "developer"],
  ["user", "user"],
  ["assistant", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
]);

function decodeMessage(json: JsonObject, at: string, unread: string[]): Message {
  const role = roles.get(textOf(json.role) ?? "");
  if (!role) unread.push(`${at}.role`);
  for (const key of Object.keys(json)) if (!messageFields.has(key) && json[key] !== null) unread.push(`${at}.${key}`);
  const id = filledOf(json.tool_call_id);
  const asResult = (text: string, place: string, more = {}): Part => ({
    type: "tool-result",
    ...(id !== undefined && { id }),
    text,
    at: place,
    ...more,
  });
  const parts: Part[] = [];
  for (const name of ["reasoning_content", "reasoning"]) {
    const text = filledOf(json[name]);
    if (text !== undefined) parts.push({ type: "reasoning", text, at: `${at}.${name}` });
  }
  if (typeof json.content === "string") {
    const more = cacheBreakpoint(json);
    parts.push(role === "tool" ? asResult(json.content, `${at}.content`, more) : { type: "text", text: json.content, at: `${at}.content`, ...more });
  }
  for (const [j, part] of listOf(json.content).entries()) {
    const decoded = decodePart(part, `${at}.content[${j}]`);
    parts.push(role === "tool" && decoded.type === "text" ? asResult(decoded.text, decoded.at, cacheBreakpoint(objectOf(part) ?? {})) : decoded);
  }
  const refusal = filledOf(json.refusal);
  if (refusal !== undefined) parts.push({ type: "refusal", text: refusal, at: `${at}.refusal` });
  const legacy = objectOf(json.function_call);
  if (legacy) parts.push(toolCall({ function: legacy }, `${at}.function_call`));
  for (const [j, call] of listOf(json.tool_calls).entries())
    parts.push(
      isJsonObject(call) ? toolCall(call, `${at}.tool_calls[${j}]`) : { type: "other", name: "tool-call", json: call, at: `${at}.tool_calls[${j}]` },
    );
  const name = filledOf(json.name);
  return { role: role ?? "user", parts, ...(name !== undefined && { name }), at };
}

function decodePart(json: JsonValue, at: string): Part {
  if (typeof json === "string") return { type: "text", text: json, at };
  const part = objectOf(json) ?? {};
  const more = cacheBreakpoint(part);
  const type = textOf(part.type);
  const text = textOf(part.text);
  if ((type === "text" || type === "input_text" || type === "output_text") && text !== undefined)
    return { type: "text", text, at: `${at}.text`, ...more };
  if (type === "refusal" && typeof part.refusal === "string") return { type: "refusal", text: part.refusal, at: `${at}.refusal`, ...more };
  if (type === "image_url") {
    const image = objectOf(part.image_url);
    return { ...mediaPart("image", at, { url: textOf(part.image_url) ?? textOf(image?.url), detail: filledOf(image?.detail) }), ...more };
  }
  if (type === "input_audio") {
    const audio = objectOf(part.input_audio);
    const kind = filledOf(audio?.format);
    return { ...mediaPart("audio", at, { base64: textOf(audio?.data), mediaType: kind && `audio/${kind}` }), ...more };
  }
  if (type === "file") return { ...mediaPart("file", at, { url: filledOf(objectOf(part.file)?.file_data) }), ...more };
  if (type === "video_url") return { ...mediaPart("video", at, { url: textOf(objectOf(part.video_url)?.url) }), ...more };
  return { type: "other", name: type ?? "part", json, at, ...more };
}

function toolCall(json: JsonObject, at: string): Part {
  const body = objectOf(json.function) ?? objectOf(json.custom) ?? {};
  const id = filledOf(json.id);
  const args = body.arguments ?? body.input ?? "";
  return {
    type: "tool-call",
    ...(id !== undefined && { id }),
    name: textOf(body.name) ?? "",
    arguments: typeof args === "string" ? args : JSON.stringify(args),
    at,
  };
}

const decodeTool = (json: JsonValue, at: string): Tool[] =>
  readTool(json, at, "parameters", (tool) => objectOf(tool.function) ?? objectOf(tool.custom) ?? tool);

function note(unread: string[], path: string): Message[] {
  unread.push(path);
  return [];
}
