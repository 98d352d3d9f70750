import { type Call, type Message, newCallId, type Part, type Request, type Tokenizer, type Usage } from "@cutaway/core";

/** A finished call with just what pricing looks at. */
export function callWith(fields: Partial<Call> & { usage: Usage }): Call {
  return { id: newCallId(), origin: { kind: "file" }, model: {}, answers: [], instants: {}, ending: "complete", notices: [], ...fields };
}

export const on = (date: string) => ({ issued: Date.parse(date) });

/** One token a word, spaces belong to the word after them: small enough to count by eye. */
export const words: Tokenizer = {
  name: "words",
  family: "characters",
  vocabSize: 0,
  specialTokens: new Map(),
  encode: (text) => Uint32Array.from(split(text), hash),
  count: (text) => split(text).length,
  decode: () => "",
  decodeBytes: () => new Uint8Array(),
  bytesOf: () => undefined,
  kindOf: () => undefined,
  countWithinLimit: (text, limit) => (split(text).length <= limit ? split(text).length : undefined),
  encodeWithSpans: () => [],
  encodeWithOffsets: () => ({ ids: new Uint32Array(), starts: new Uint32Array(), ends: new Uint32Array() }),
  trace: (text) => ({ text, stretches: [], added: { before: [], after: [] }, ids: new Uint32Array() }),
};

const split = (text: string) => text.match(/\s*\S+|\s+$/g) ?? [];
const hash = (word: string) => [...word].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);

export function requestOf(messages: [role: Message["role"], ...parts: (string | Part)[]][], more: Partial<Request> = {}): Request {
  return {
    format: "openai-chat",
    model: "gpt-4o",
    messages: messages.map(([role, ...parts], i) => ({
      role,
      at: `messages[${i}]`,
      parts: parts.map((part, j) => (typeof part === "string" ? { type: "text", text: part, at: `messages[${i}].content[${j}]` } : part)),
    })),
    tools: [],
    parameters: {},
    notUnderstood: [],
    ...more,
  };
}
