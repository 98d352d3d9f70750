import { CutawayError, isJsonObject, type JsonObject, type JsonValue, type Message, type Part, type Request, type Tool } from "@cutaway/core";
import { deepEqual } from "../json/deep-equal.ts";
import { objectOf } from "../json/fields.ts";
import { tryJson } from "../json/parse-json.ts";
import { valueAt } from "../json/path.ts";
import { cacheControl } from "../request/cache-breakpoint.ts";
import { modelInUrl } from "../request/model-in-url.ts";
import { writeParameters } from "../request/parameter-fields.ts";
import { type MessageWriter, writeMessages } from "../request/write-messages.ts";
import { writeToolFields, writeTools } from "../request/write-tools.ts";
import { decodeRequest } from "./decode-request.ts";
import { messagesParameters } from "./parameters.ts";

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
  const { parallelToolCalls } = request.parameters;
  const choiceChanged = !deepEqual(before.parameters.toolChoice, request.parameters.toolChoice);
  writeParameters(
    body,
    choiceChanged ? { ...before.parameters, parallelToolCalls: undefined } : before.parameters,
    request.parameters,
    messagesParameters,
    "anthropic-messages",
  );
  if (choiceChanged && parallelToolCalls === undefined && isJsonObject(body.tool_choice)) delete body.tool_choice.disable_parallel_tool_use;
  return body;
}

/** System and developer messages go into `system`, unless they stand among the others already. */
function setMessages(body: JsonObject, request: Request, before: readonly Message[]): void {
  const written = writeMessages(request.body ?? {}, before, request.messages, writer);
  const isSystem = (message: Message) => (message.role === "system" || message.role === "developer") && !/^messages\[/.test(message.at);
  const system = written.filter(({ message }) => isSystem(message));
  const [only] = system;
  if (only === undefined) delete body.system;
  else if (system.length === 1 && only.message.at === "system" && only.items.length === 1) body.system = only.items[0] as JsonValue;
  else body.system = system.flatMap(({ message }) => message.parts.map((part) => buildBlock(part)));
  body.messages = written.filter(({ message }) => !isSystem(message)).flatMap(({ items }) => items);
}

const buildTool = (tool: Tool): JsonObject => {
  const json: JsonObject = {};
  writeTool(json, tool);
  return { ...json, ...cacheControl(tool) };
};

const writeTool = (json: JsonObject, tool: Tool): void => writeToolFields(json, tool, "input_schema");

const writer: MessageWriter = {
  build(message, rawPart) {
    const [only] = message.parts;
    const isPlain = message.parts.length === 1 && only?.type === "text" && !only.cacheBreakpoint && rawPart(only) === undefined;
    if (message.at === "system") return isPlain ? [only.text] : [message.parts.map((part) => rawPart(part) ?? buildBlock(part))];
    const role = message.role === "assistant" || message.role === "system" ? message.role : "user";
    const blocks: JsonValue[] = [];
    for (const part of message.parts) {
      const raw = rawPart(part);
      // Several parts of one tool result share its block, which stands once.
      if (raw === undefined) blocks.push(buildBlock(part));
      else if (!blocks.some((block) => block === raw)) blocks.push(raw);
    }
    return [{ role, content: isPlain ? only.text : blocks }];
  },
  writeToolCall(body, part) {
    const block = objectOf(valueAt(body, part.at));
    if (!block) return false;
    block.name = part.name;
    block.input = inputOf(part.arguments);
    return true;
  },
  elementOf: (part) => /^(?:messages\[\d+\]\.content|system)\[\d+\]/.exec(part.at)?.[0],
};

function buildBlock(part: Part): JsonValue {
  const more = cacheControl(part);
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", text: part.text, ...more };
    case "reasoning":
      return { type: "thinking", thinking: part.text, signature: "", ...more };
    case "tool-call":
      return { type: "tool_use", ...(part.id !== undefined && { id: part.id }), name: part.name, input: inputOf(part.arguments), ...more };
    case "tool-result":
      return {
        type: "tool_result",
        ...(part.id !== undefined && { tool_use_id: part.id }),
        content: part.text,
        ...(part.isError !== undefined && { is_error: part.isError }),
        ...more,
      };
    case "media":
      return { type: part.media === "image" ? "image" : "document", source: { type: "url", url: part.url ?? "" }, ...more };
    case "other":
      return isJsonObject(part.json) ? { ...part.json, ...more } : part.json;
  }
}

/** Anthropic takes a tool's arguments as JSON, not as text. */
function inputOf(text: string): JsonValue {
  const json = text.trim() === "" ? {} : tryJson(text);
  if (json === undefined) {
    throw new CutawayError("arguments-not-json", "a tool call's arguments are not JSON, and anthropic-messages sends them as JSON", {
      data: { arguments: text.slice(0, 200) },
      fix: "Mend the arguments, or leave the call out.",
    });
  }
  return json;
}
