import { isJsonObject, type JsonValue, type Message, type Part, type Request, type SegmentKind } from "@cutaway/core";

/** One piece of a prompt, where the model reads it. */
export interface Piece {
  kind: SegmentKind;
  at: string;
  label: string;
  text: string;
  /** False for what is no text: images, files, blocks whose text is not in the request. */
  isText: boolean;
  /** What two requests must share, beside the text, for the piece to be the same to a cache. */
  identity: string;
}

/**
 * The prompt in the order in which the model reads it: Anthropic's cache order is tools, system, messages; with OpenAI's formats tools come
 * after the leading system messages.
 * `user` is the last message a person wrote, `history` what came before it and what the assistant has said since, `context` what was brought
 * in for the last turn: tool results, and files and documents the wire format marks as such.
 */
export function readingOrder(request: Request): Piece[] {
  const { messages } = request;
  const leading = messages.findIndex((message) => !isSystem(message));
  const split = leading === -1 ? messages.length : leading;
  const turn = lastTurn(messages);
  const piecesOf = (message: Message, index: number) =>
    message.parts.map((part) => pieceOf(message, part, kindOf(message, part, index, turn), toolNames));
  const toolNames = namesById(messages);
  const system = messages.slice(0, split).flatMap(piecesOf);
  const tools = request.tools.map(toolPiece);
  const rest = messages.slice(split).flatMap((message, i) => piecesOf(message, split + i));
  return request.format === "anthropic-messages" ? [...tools, ...system, ...rest] : [...system, ...tools, ...rest];
}

const isSystem = ({ role }: Message) => role === "system" || role === "developer";

/** Anthropic puts what a tool returned, pictures too, into user messages: no person wrote that. */
const isAuthored = (part: Part) => part.type !== "tool-result" && part.type !== "tool-call" && !isInResult(part);
const isInResult = (part: Part) => /\.content\[\d+\]\.content\b/.test(part.at);

/** The last messages a person wrote, several where nobody answered between them. */
function lastTurn(messages: readonly Message[]): { first: number; last: number } {
  const isWritten = (message: Message | undefined) => message?.role === "user" && message.parts.some(isAuthored);
  const last = messages.findLastIndex(isWritten);
  let first = last;
  while (isWritten(messages[first - 1])) first -= 1;
  return { first, last };
}

function kindOf(message: Message, part: Part, index: number, turn: { first: number; last: number }): SegmentKind {
  if (isSystem(message)) return "system";
  if (index < turn.first) return "history";
  if (part.type === "tool-result" || isInResult(part) || isDocument(part)) return "context";
  return index <= turn.last ? "user" : "history";
}

/** Blocks that are documents by the wire format's own word. */
const documents = new Set([
  "document",
  "search_result",
  "input_file",
  "file",
  "container_upload",
  "web_search_tool_result",
  "web_fetch_tool_result",
  "file_search_call",
]);

/** A document whose text is in the request is a text part at the document's source. */
const isTextOfDocument = (part: Part) => part.type === "text" && part.at.endsWith(".source.data");
const isDocument = (part: Part) =>
  isTextOfDocument(part) || (part.type === "media" && part.media === "file") || (part.type === "other" && documents.has(part.name));

function toolPiece({ name, json, at }: Request["tools"][number]): Piece {
  return { kind: "tools", at, label: `tool ${name}`, text: JSON.stringify(json), isText: true, identity: "tool" };
}

function pieceOf(message: Message, part: Part, kind: SegmentKind, toolNames: ReadonlyMap<string, string>): Piece {
  const piece = (label: string, text: string | undefined, more = "") => ({
    kind,
    at: part.at,
    label: text === undefined ? `${label}, tokens not known` : label,
    text: text ?? "",
    isText: text !== undefined,
    identity: `${message.role} ${message.name ?? ""} ${part.type} ${more}`,
  });
  switch (part.type) {
    case "text":
      if (isTextOfDocument(part)) return piece("document", part.text);
      return piece(message.name ? `${message.role} ${message.name}` : message.role, part.text);
    case "reasoning":
      return piece("earlier reasoning", part.text);
    case "refusal":
      return piece("refusal", part.text);
    case "tool-call":
      return piece(`call of ${part.name}`, `${part.name} ${part.arguments}`);
    case "tool-result":
      return piece(`result of ${toolNames.get(part.id ?? "") ?? "a tool"}`, part.text);
    case "media":
      return piece(part.media, undefined, `${part.media} ${part.mediaType ?? ""} ${part.url ?? ""} ${part.bytes ?? ""} ${part.detail ?? ""}`);
    case "other":
      return piece(
        part.name.replaceAll("_", " "),
        documentText(part.json),
        documentText(part.json) === undefined ? JSON.stringify(part.json) : part.name,
      );
  }
}

function namesById(messages: readonly Message[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { parts } of messages) for (const part of parts) if (part.type === "tool-call" && part.id !== undefined) names.set(part.id, part.name);
  return names;
}

/** The text of a document block, where it is in the request: `source.data` of a text source, or text blocks under `content`. */
function documentText(json: JsonValue): string | undefined {
  if (!isJsonObject(json)) return undefined;
  const { source, content } = json;
  const heading = [json.title, json.context].filter((text) => typeof text === "string");
  if (isJsonObject(source) && source.type === "text" && typeof source.data === "string") return [...heading, source.data].join("\n");
  const blocks = isJsonObject(source) && source.type === "content" ? source.content : content;
  if (typeof blocks === "string") return [...heading, blocks].join("\n");
  if (!Array.isArray(blocks)) return undefined;
  const texts = blocks.map((block) => (isJsonObject(block) && block.type === "text" && typeof block.text === "string" ? block.text : undefined));
  return texts.includes(undefined) ? undefined : [...heading, ...texts].join("\n");
}
