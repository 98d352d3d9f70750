import type { Answer, Call, Finish, ToolCall } from "./call.ts";
import type { CallId } from "./call-id.ts";
import type { CallEvent } from "./events.ts";

export interface CallSeed {
  id: CallId;
  origin: Call["origin"];
  parent?: CallId;
  tags?: string[];
  bodies?: Call["bodies"];
}

/** The Call that a sequence of events amounts to. Total: any prefix of any sequence gives a true Call. */
export function foldCall(events: Iterable<CallEvent>, seed: CallSeed): Call {
  const folder = startFold(seed);
  for (const event of events) folder.push(event);
  return folder.call();
}

export interface CallFolder {
  push(event: CallEvent): void;
  /** The Call as known so far; a new object every time, safe to keep. */
  call(): Call;
}

/** The same fold for events that arrive over time. */
export function startFold(seed: CallSeed): CallFolder {
  const draft: Call = { ...seed, model: {}, answers: [], usage: {}, instants: {}, ending: "none", notices: [] };
  const answers: AnswerDraft[] = [];
  let ended = false;
  let closedBy: "server" | "client" | undefined;

  const answerAt = (index: number): AnswerDraft => {
    while (answers.length <= index) answers.push({ text: "", toolCalls: [], other: [] });
    return answers[index] as AnswerDraft;
  };
  const toolCallAt = (answer: AnswerDraft, index: number): ToolCall => {
    while (answer.toolCalls.length <= index) answer.toolCalls.push({ name: "", arguments: "" });
    return answer.toolCalls[index] as ToolCall;
  };
  const sawToken = (at: number | undefined, isText: boolean) => {
    if (at === undefined) return;
    const instants = draft.instants;
    instants.firstToken ??= at;
    if (isText) instants.firstText ??= at;
    instants.lastToken = at;
  };

  const push = (event: CallEvent) => {
    if (event.type !== "call-start" && event.type !== "connected" && draft.ending === "none") draft.ending = "open";
    switch (event.type) {
      case "call-start":
        draft.model = { ...draft.model, ...event.model };
        if (event.format) draft.format = event.format;
        if (event.request) draft.request = event.request;
        if (event.trace) draft.trace = event.trace;
        if (event.issued !== undefined) draft.instants.issued = event.issued;
        break;
      case "prompt-tokens":
        draft.prompt = event.tokens;
        break;
      case "local-run":
        draft.local = { ...draft.local, ...event.run };
        break;
      case "connected":
        draft.instants.connected = event.at;
        if (event.reused !== undefined) draft.instants.reused = event.reused;
        break;
      case "headers-received":
        if (event.at !== undefined) draft.instants.headers = event.at;
        draft.response = { ...draft.response, ...event.response };
        break;
      case "chunk-received":
        draft.instants.chunks ??= [];
        draft.instants.chunks.push([event.at, event.bytes]);
        break;
      case "response-start":
        if (event.format) draft.format = event.format;
        if (event.model) draft.model = { ...draft.model, served: event.model };
        draft.response = { ...draft.response, ...event.response };
        break;
      case "text-delta":
        answerAt(event.answer).text += event.text;
        if (event.text) sawToken(event.at, true);
        break;
      case "reasoning-delta": {
        const answer = answerAt(event.answer);
        answer.reasoning = (answer.reasoning ?? "") + event.text;
        if (event.text) sawToken(event.at, false);
        break;
      }
      case "refusal-delta": {
        const answer = answerAt(event.answer);
        answer.refusal = (answer.refusal ?? "") + event.text;
        if (event.text) sawToken(event.at, true);
        break;
      }
      case "tool-call-start": {
        const call = toolCallAt(answerAt(event.answer), event.call);
        if (event.id !== undefined) call.id = event.id;
        if (event.name !== undefined) call.name = event.name;
        sawToken(event.at, false);
        break;
      }
      case "tool-call-delta":
        toolCallAt(answerAt(event.answer), event.call).arguments += event.arguments;
        if (event.arguments) sawToken(event.at, false);
        break;
      case "token-step": {
        const answer = answerAt(event.answer);
        answer.steps ??= [];
        answer.steps.push(event.step);
        break;
      }
      case "other-output":
        answerAt(event.answer).other.push({ name: event.name, json: event.json });
        break;
      case "usage":
        draft.usage = { ...draft.usage, ...event.usage };
        break;
      case "answer-finish":
        answerAt(event.answer).finish = event.finish;
        if (event.held) answerAt(event.answer).held = event.held;
        break;
      case "call-error":
        draft.error = event.error;
        break;
      case "notice":
        draft.notices.push(event.notice);
        break;
      case "response-end":
        ended = true;
        break;
      case "closed":
        closedBy = event.by;
        if (event.at !== undefined) draft.instants.closed = event.at;
        break;
    }
  };

  const ending = (): Call["ending"] => {
    if (draft.ending === "none") return "none";
    if (ended) return "complete";
    if (closedBy === undefined) return "open";
    return closedBy === "client" ? "cancelled" : "cut";
  };

  const call = (): Call => {
    const end = ending();
    const finishOf = (answer: AnswerDraft): Finish => answer.finish ?? { reason: unfinished(end, draft.error !== undefined) };
    if (answers.length === 0 && (end === "cut" || end === "cancelled") && !draft.error) answerAt(0);
    return {
      ...draft,
      ending: end,
      instants: { ...draft.instants, ...(draft.instants.chunks && { chunks: draft.instants.chunks.slice() }) },
      notices: draft.notices.slice(),
      answers: answers.map((answer) => ({
        ...answer,
        toolCalls: answer.toolCalls.map((toolCall) => ({ ...toolCall })),
        other: answer.other.slice(),
        ...(answer.steps && { steps: answer.steps.slice() }),
        finish: finishOf(answer),
      })),
    };
  };

  return { push, call };
}

type AnswerDraft = Omit<Answer, "finish"> & { finish?: Finish };

function unfinished(ending: Call["ending"], failed: boolean): Finish["reason"] {
  if (failed) return "error";
  if (ending === "cut") return "cut";
  if (ending === "cancelled") return "cancelled";
  return "unknown";
}
