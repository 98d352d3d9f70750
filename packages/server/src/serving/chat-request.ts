import { isJsonObject, type JsonObject, type JsonValue, type Message, type Request, type Tool } from "@cutaway/core";
import { codecs } from "@cutaway/provider";
import { localRequest } from "@cutaway/runtime";
import { refused } from "./api-error.ts";
import { type Asked, given, mostLogprobs, readAsked } from "./asked.ts";
import { Fields, wrong } from "./fields.ts";
import { refuseUnreadTools } from "./tool-calls.ts";

export interface ChatRequest extends Asked {
  request: Request;
  /** Alternatives to tell of each token of the answer; absent: no logprobs at all. */
  logprobs?: number;
  hasTools: boolean;
}

/** The body of POST /v1/chat/completions. @throws `invalid-parameter` naming the field */
export function readChatRequest(body: JsonObject, model: { name: string; template?: string }): ChatRequest {
  const fields = new Fields(body);
  fields.value("model");
  const asked = readAsked(fields);
  const maxOutputTokens = capOf(fields);
  const logprobs = logprobsOf(fields);
  fields.neutral("modalities", [["text"]], "the answer is text.");
  const { messages, tools } = conversation(fields, body, model);
  fields.end();
  if (tools.length > 0 && isHeld(asked))
    throw refused("tools", "an answer that is held to a format cannot call a tool", 'Leave the tools out, or set tool_choice to "none".');
  const parameters = { ...asked.parameters, ...given({ maxOutputTokens, topLogprobs: logprobs }) };
  const request: Request = { ...localRequest({ model: model.name, messages, parameters, local: asked.local }), tools };
  return { ...asked, request, hasTools: tools.length > 0, ...(logprobs !== undefined && { logprobs }) };
}

function capOf(fields: Fields): number | undefined {
  const older = fields.whole("max_tokens", 1);
  const newer = fields.whole("max_completion_tokens", 1);
  if (older !== undefined && newer !== undefined && older !== newer)
    throw refused("max_tokens", `max_tokens is ${older} and max_completion_tokens ${newer}: they mean the same`, "Give one of them.");
  return newer ?? older;
}

function logprobsOf(fields: Fields): number | undefined {
  const wanted = fields.flag("logprobs") ?? false;
  const alternatives = fields.whole("top_logprobs", 0, mostLogprobs);
  if (alternatives !== undefined && !wanted)
    throw refused("top_logprobs", "top_logprobs would have no effect without logprobs", "Set logprobs to true.");
  return wanted ? (alternatives ?? 0) : undefined;
}

function conversation(fields: Fields, body: JsonObject, model: { name: string; template?: string }): { messages: Message[]; tools: Tool[] } {
  const list = fields.value("messages");
  if (!Array.isArray(list) || list.length === 0) throw wrong("messages", "a list of one message or more", list ?? null);
  for (const [at, message] of list.entries()) refuseEmpty(message, `messages[${at}]`);
  for (const name of ["tools", "functions"]) {
    const value = fields.value(name);
    if (value !== undefined && !Array.isArray(value)) throw wrong(name, "a list", value);
  }
  fields.neutral("function_call", ["auto"], "the call of a tool cannot be forced here.");
  fields.neutral("parallel_tool_calls", [true], "nobody can keep the model from several calls here.");
  const choice = fields.value("tool_choice");
  if (choice !== undefined && choice !== "auto" && choice !== "none")
    throw refused("tool_choice", "a tool can be offered to the model, but its call cannot be forced here", 'Set tool_choice to "auto" or "none".');
  const { messages, tools, notUnderstood } = codecs["openai-chat"].decodeRequest(body);
  const [unread] = notUnderstood.filter((name) => /^(?:messages|tools|functions)\b/.test(name));
  if (unread !== undefined) throw refused(unread, `${unread} is not understood, and would have no effect`, "Leave it out.");
  if (choice !== undefined && tools.length === 0)
    throw refused("tool_choice", "tool_choice would have no effect: there are no tools", "Leave it out.");
  if (tools.length > 0) refuseUnreadTools(model);
  return { messages, tools: choice === "none" ? [] : tools };
}

/** A message without content says nothing: only one that calls tools may have none. */
function refuseEmpty(message: JsonValue, at: string): void {
  if (!isJsonObject(message)) throw wrong(at, "an object with role and content", message);
  const { content, tool_calls: calls, function_call: call } = message;
  if (typeof content === "string" || (Array.isArray(content) && content.length > 0)) return;
  if ((content === null || content === undefined) && (Array.isArray(calls) || isJsonObject(call))) return;
  throw wrong(`${at}.content`, "a text, or a list of parts", content ?? null);
}

const isHeld = ({ parameters, local }: Asked): boolean => parameters.responseFormat !== undefined || local.constraint !== undefined;
