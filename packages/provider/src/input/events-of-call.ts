import type { Call, CallEvent } from "@cutaway/core";
import { known } from "../json/fields.ts";

/** Events that fold to the call again: the way back from a stored call. */
export function eventsOfCall(call: Call): CallEvent[] {
  const { instants } = call;
  const events: CallEvent[] = [
    known({ type: "call-start" as const, model: call.model, format: call.format, request: call.request, issued: instants.issued, trace: call.trace }),
  ];
  if (instants.connected !== undefined) events.push(known({ type: "connected" as const, at: instants.connected, reused: instants.reused }));
  if (call.ending === "none") return events;
  events.push(known({ type: "headers-received" as const, at: instants.headers, response: call.response ?? {} }));
  for (const [at, bytes] of instants.chunks ?? []) events.push({ type: "chunk-received", at, bytes });
  events.push(...timed(call.answers.flatMap(outputOf), call));
  for (const [answer, { steps, other, finish }] of call.answers.entries()) {
    for (const step of steps ?? []) events.push({ type: "token-step", answer, step });
    for (const { name, json } of other) events.push({ type: "other-output", answer, name, json });
    events.push({ type: "answer-finish", answer, finish });
  }
  if (Object.keys(call.usage).length > 0) events.push({ type: "usage", usage: call.usage });
  if (call.error) events.push({ type: "call-error", error: call.error });
  for (const notice of call.notices) events.push({ type: "notice", notice });
  if (call.ending === "complete") events.push({ type: "response-end" });
  if (call.ending !== "open")
    events.push(known({ type: "closed" as const, by: call.ending === "cancelled" ? ("client" as const) : ("server" as const), at: instants.closed }));
  return events;
}

type Delta = Extract<CallEvent, { type: "text-delta" | "reasoning-delta" | "refusal-delta" | "tool-call-start" | "tool-call-delta" }>;

function outputOf(answer: Call["answers"][number], index: number): Delta[] {
  const deltas: Delta[] = [];
  if (answer.reasoning !== undefined) deltas.push({ type: "reasoning-delta", answer: index, text: answer.reasoning });
  deltas.push({ type: "text-delta", answer: index, text: answer.text });
  if (answer.refusal !== undefined) deltas.push({ type: "refusal-delta", answer: index, text: answer.refusal });
  for (const [call, tool] of answer.toolCalls.entries()) {
    deltas.push(known({ type: "tool-call-start" as const, answer: index, call, id: tool.id, name: tool.name }));
    if (tool.arguments) deltas.push({ type: "tool-call-delta", answer: index, call, arguments: tool.arguments });
  }
  return deltas;
}

/** Gives the first token, the first text and the last token their instants; the others have none. */
function timed(deltas: Delta[], call: Call): CallEvent[] {
  const { firstToken, firstText, lastToken } = call.instants;
  if (firstToken === undefined) return deltas;
  const out: CallEvent[] = [];
  const counts = deltas.filter((delta) => delta.type === "tool-call-start" || contentOf(delta) !== "");
  const isText = (delta: Delta) => delta.type === "text-delta" || delta.type === "refusal-delta";
  const first =
    (firstText !== firstToken && counts.find((delta) => !isText(delta))) ||
    counts.find((delta) => firstText !== firstToken || isText(delta)) ||
    counts[0];
  const text = firstText === undefined ? undefined : counts.find((delta) => isText(delta));
  if (first) deltas = [first, ...deltas.filter((delta) => delta !== first)];
  for (const delta of deltas) {
    const at = delta === first ? firstToken : delta === text ? firstText : undefined;
    out.push(at === undefined ? delta : { ...delta, at });
  }
  return lastToken === undefined || lastToken === firstToken ? out : withLast(out, lastToken);
}

/** The last delta that counts carries the last instant; one that carries another already is split in two. */
function withLast(events: CallEvent[], lastToken: number): CallEvent[] {
  const out = events.slice();
  const position = out.findLastIndex((event) => event.type === "tool-call-start" || contentOf(event) !== "");
  const event = out[position];
  if (!event) return out;
  const content = contentOf(event);
  const at = "at" in event ? event.at : undefined;
  if (at === lastToken) return out;
  if (at === undefined) out[position] = { ...event, at: lastToken } as CallEvent;
  else if (content.length > 1)
    out.splice(position, 1, withContent(event, content.slice(0, 1)), { ...withContent(event, content.slice(1)), at: lastToken } as CallEvent);
  return out;
}

const contentOf = (event: CallEvent): string =>
  event.type === "tool-call-delta"
    ? event.arguments
    : event.type === "text-delta" || event.type === "reasoning-delta" || event.type === "refusal-delta"
      ? event.text
      : "";

const withContent = (event: CallEvent, content: string): CallEvent =>
  event.type === "tool-call-delta" ? { ...event, arguments: content } : ({ ...event, text: content } as CallEvent);
