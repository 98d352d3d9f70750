import { readFileSync } from "node:fs";
import type { JsonObject, Message, Part, Role, Tool } from "@cutaway/core";
import { fromGguf } from "@cutaway/tokenizer";
import { ggufMetadata, type VocabularyFixture } from "./gguf-metadata.ts";

interface ChatMessage {
  role: Role;
  content: string;
  tool_call_id?: string;
  tool_calls?: { id: string; function: { name: string; arguments: JsonObject } }[];
}

export interface GoldenCase {
  template: string;
  chat: string;
  generation: boolean;
  text?: string;
  ids?: string;
  refused?: string;
}

const fixture = (name: string) => JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8"));

/** Made by tools/golden/chat-templates.py with transformers. */
export const golden: {
  templates: Record<string, string>;
  specials: Record<string, string[]>;
  chats: Record<string, ChatMessage[]>;
  tools: { function: { name: string; description?: string; parameters: JsonObject } }[];
  cases: GoldenCase[];
  realIds: { chat: string; generation: boolean; ids: string }[];
  dates: [moment: string, format: string, text: string][];
} = fixture("chat-templates.json");

const vocabulary: VocabularyFixture = fixture("gguf-tokenizer.json");

/** The small vocabulary with the special tokens of a template. */
export function tokenizerOf(template: string) {
  const size = Object.keys(vocabulary.model.vocab).length;
  const added = (golden.specials[template] ?? []).map((content, index) => ({ id: size + index, content, special: true }));
  return fromGguf(ggufMetadata("smollm", { ...vocabulary, added }), template);
}

export const message = (role: Role, text: string): Message => ({ role, parts: [{ type: "text", text, at: "" }], at: "" });

export const messagesOf = (chat: string): Message[] =>
  (golden.chats[chat] ?? []).map(({ role, content, tool_call_id, tool_calls = [] }) => {
    const text: Part =
      role === "tool"
        ? { type: "tool-result", text: content, at: "", ...(tool_call_id && { id: tool_call_id }) }
        : { type: "text", text: content, at: "" };
    const calls = tool_calls.map(
      ({ id, function: { name, arguments: given } }): Part => ({ type: "tool-call", id, name, arguments: JSON.stringify(given), at: "" }),
    );
    return { role, parts: [text, ...calls], at: "" };
  });

export const toolsOf = (chat: string): Tool[] =>
  chat === "tools"
    ? golden.tools.map(({ function: { name, description, parameters } }) => ({
        name,
        ...(description && { description }),
        schema: parameters,
        json: {},
        at: "",
      }))
    : [];
