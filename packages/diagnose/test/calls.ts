import {
  type Call,
  type CallEvent,
  type CallId,
  type CallSeed,
  type Facts,
  type Finding,
  foldCall,
  type Message,
  type Request,
  type RuleId,
} from "@cutaway/core";
import { rules } from "../src/index.ts";

/** A request of one user message; everything can be replaced. */
export function request(fields: Partial<Request> = {}): Request {
  return {
    format: "openai-chat",
    model: "gpt-4o-mini",
    messages: [user("Tell me about rivers.")],
    tools: [],
    parameters: {},
    notUnderstood: [],
    ...fields,
  };
}

export const message = (role: Message["role"], text: string, at: string): Message => ({
  role,
  at,
  parts: [{ type: "text", text, at: `${at}.content` }],
});
export const user = (text: string, index = 0) => message("user", text, `messages[${index}]`);

const seed: CallSeed = { id: "01K0000000000000000000TEST" as CallId, origin: { kind: "file" } };

/** A Call folded from events, with the start and the end that every whole call has. */
export function call(asked: Request | undefined, ...events: CallEvent[]): Call {
  return foldCall([start(asked), ...events, { type: "response-end" }, { type: "closed", by: "server" }], seed);
}

/** The same without an end: what was received when the bytes stopped. */
export function cutCall(asked: Request | undefined, by: "server" | "client", ...events: CallEvent[]): Call {
  return foldCall([start(asked), ...events, { type: "closed", by }], seed);
}

export const withId = (call: Call, id: string): Call => ({ ...call, id: id.padStart(26, "0") as CallId });

const start = (asked: Request | undefined): CallEvent => ({
  type: "call-start",
  model: { provider: "openai", ...(asked && { asked: asked.model }) },
  ...(asked && { request: asked, format: asked.format }),
});

export const text = (said: string, answer = 0): CallEvent => ({ type: "text-delta", answer, text: said });
export const reasoning = (said: string, answer = 0): CallEvent => ({ type: "reasoning-delta", answer, text: said });
export const finish = (reason: Call["answers"][number]["finish"]["reason"], raw: string = reason, more: object = {}): CallEvent => ({
  type: "answer-finish",
  answer: 0,
  finish: { reason, raw, ...more },
});
export const usage = (counts: Call["usage"]): CallEvent => ({ type: "usage", usage: { source: "provider", ...counts } });
export const tool = (name: string, json: string): CallEvent[] => [
  { type: "tool-call-start", answer: 0, call: 0, name },
  { type: "tool-call-delta", answer: 0, call: 0, arguments: json },
];
export const failed = (error: Call["error"] & object): CallEvent => ({ type: "call-error", error });

/** What one rule finds. */
export function check(id: RuleId, of: Call, facts: Facts = {}): Finding[] {
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new Error(`no rule ${id}`);
  return rule.check([of], facts);
}

/** The string that a piece of evidence points into. */
export function textAt(of: Call, path: string): string | undefined {
  const answer = /^answers\[(\d+)\]\.(text|reasoning|refusal|toolCalls\[(\d+)\]\.arguments)$/.exec(path);
  if (answer) {
    const held = of.answers[Number(answer[1])];
    if (answer[3] !== undefined) return held?.toolCalls[Number(answer[3])]?.arguments;
    return held?.[answer[2] as "text" | "reasoning" | "refusal"];
  }
  for (const { parts } of of.request?.messages ?? []) {
    for (const part of parts) {
      if (part.at === path && part.type !== "media" && part.type !== "other") return part.type === "tool-call" ? part.arguments : part.text;
    }
  }
  return undefined;
}

/** What the evidence of a finding points at, as text. */
export const pointedAt = (of: Call, { evidence }: Finding): string[] =>
  evidence.flatMap(({ kind, path, at }) =>
    (kind === "text" || kind === "prompt") && path !== undefined && typeof at !== "string" ? [textAt(of, path)?.slice(at.start, at.end) ?? "?"] : [],
  );
