import { isJsonObject, type JsonObject, type JsonValue, type Message, type Part, type Request, type Role, type Tool } from "@cutaway/core";
import type { RequestContext } from "../codec.ts";
import { filledOf, listOf, objectOf, textOf } from "../json/fields.ts";
import { mediaPart } from "../request/media-part.ts";
import { readParameters, unreadFields } from "../request/parameter-fields.ts";
import { readTool } from "../request/read-tool.ts";
import { responsesParameters } from "./parameters.ts";

/** The body of a Responses request. Every input item is a message of its own: calls of tools by the assistant, their outputs by the tool. */
export function decodeRequest(body: JsonObject, sent: RequestContext = {}): Request {
  const messages: Message[] = [];
  if (typeof body.instructions === "string")
    messages.push({ role: "system", parts: [{ type: "text", text: body.instructions, at: "instructions" }], at: "instructions" });
  if (typeof body.input === "string") messages.push({ role: "user", parts: [{ type: "text", text: body.input, at: "input" }], at: "input" });
  for (const [i, item] of listOf(body.input).entries()) messages.push(decodeItem(item, `input[${i}]`));
  const structural = new Set([
    "model",
    "tools",
    ...(typeof body.instructions === "string" || body.instructions === null ? ["instructions"] : []),
    ...(body.input !== undefined ? ["input"] : []),
  ]);
  const onlyLogprobs = listOf(body.include).length > 0 && listOf(body.include).every((item) => item === "message.output_text.logprobs");
  if (onlyLogprobs) structural.add("include");
  return {
    format: "openai-responses",
    model: textOf(body.model) ?? sent.model ?? "",
    messages,
    tools: listOf(body.tools).flatMap((json, i) => decodeTool(json, `tools[${i}]`)),
    parameters: readParameters(body, responsesParameters),
    notUnderstood: unreadFields(body, structural, responsesParameters),
    body,
    ...(sent.url !== undefined && { url: sent.url }),
    ...(sent.headers && { headers: sent.headers }),
  };
}

const roles: ReadonlyMap<string, Role> = new Map([
  ["system", "system"],
  ["developer", "developer"],
  ["user", "user"],
  ["assistant", "assistant"],
]);

function decodeItem(item: JsonValue, at: string): Message {
  const json = objectOf(item) ?? {};
  const type = textOf(json.type) ?? (json.role === undefined ? "item" : "message");
  const id = filledOf(json.call_id) ?? filledOf(json.id);
  switch (type) {
    case "message":
      return { role: roles.get(textOf(json.role) ?? "") ?? "user", parts: decodeContent(json.content, `${at}.content`), at };
    case "function_call":
    case "custom_tool_call": {
      const args = json.arguments ?? json.input ?? "";
      return {
        role: "assistant",
        parts: [
          {
            type: "tool-call",
            ...(id !== undefined && { id }),
            name: textOf(json.name) ?? "",
            arguments: typeof args === "string" ? args : JSON.stringify(args),
            at,
          },
        ],
        at,
      };
    }
    case "function_call_output":
    case "custom_tool_call_output": {
      const result = (part: Part): Part =>
        part.type === "text" ? { type: "tool-result", ...(id !== undefined && { id }), text: part.text, at: part.at } : part;
      return { role: "tool", parts: decodeContent(json.output, `${at}.output`).map(result), at };
    }
    case "reasoning": {
      const parts = [...reasoningParts(json.summary, `${at}.summary`), ...reasoningParts(json.content, `${at}.content`)];
      return { role: "assistant", parts: parts.length > 0 ? parts : [{ type: "other", name: "reasoning", json: item, at }], at };
    }
    default:
      return { role: type.endsWith("_output") ? "tool" : "assistant", parts: [{ type: "other", name: type, json: item, at }], at };
  }
}

function decodeContent(content: JsonValue | undefined, at: string): Part[] {
  if (typeof content === "string") return [{ type: "text", text: content, at }];
  return listOf(content).map((json, j) => decodePart(json, `${at}[${j}]`));
}

function decodePart(json: JsonValue, at: string): Part {
  const part = objectOf(json) ?? {};
  const type = textOf(part.type) ?? "part";
  const text = textOf(part.text);
  if ((type === "input_text" || type === "output_text" || type === "text" || type === "summary_text") && text !== undefined)
    return { type: "text", text, at: `${at}.text` };
  if (type === "refusal" && typeof part.refusal === "string") return { type: "refusal", text: part.refusal, at: `${at}.refusal` };
  if (type === "input_image") return mediaPart("image", at, { url: textOf(part.image_url), detail: filledOf(part.detail) });
  if (type === "input_file") return mediaPart("file", at, { url: filledOf(part.file_url) ?? filledOf(part.file_data) });
  if (type === "input_audio") {
    const audio = objectOf(part.input_audio);
    const format = filledOf(audio?.format);
    return mediaPart("audio", at, { base64: textOf(audio?.data), mediaType: format && `audio/${format}` });
  }
  return { type: "other", name: type, json, at };
}

const reasoningParts = (value: JsonValue | undefined, at: string): Part[] =>
  listOf(value).flatMap((json, k) =>
    isJsonObject(json) && typeof json.text === "string" ? [{ type: "reasoning" as const, text: json.text, at: `${at}[${k}].text` }] : [],
  );

const decodeTool = (json: JsonValue, at: string): Tool[] => readTool(json, at, "parameters");
