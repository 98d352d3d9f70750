import { type Answer, type Call, type JsonObject, type JsonValue, plain, type Request, type Span, type TokenStep } from "@cutaway/core";
import { diffValues, type FieldDifference } from "./diff-values.ts";
import { firstDifference } from "./first-difference.ts";

/** How two calls differ: what was asked, what was answered, how it ended. Ids and times are not compared. */
export interface CallDiff {
  /** Nothing that is compared differs. */
  equal: boolean;
  request: FieldDifference[];
  /** The answers that differ, by index. */
  answers: AnswerDiff[];
  /** Model served, ending, finish reasons, error. */
  outcome: FieldDifference[];
  usage: FieldDifference[];
}

export interface AnswerDiff {
  answer: number;
  /** The first place at which they part: a token where both recorded theirs, else a character, else a tool call's field. */
  first: FirstToken | FirstCharacter | FirstField;
}

export interface FirstToken {
  kind: "token";
  /** Steps before it that are equal in both. */
  index: number;
  /** Absent: that answer had already ended. */
  before?: TokenHere;
  after?: TokenHere;
}

/** A token with the distribution it was drawn from, as far as recorded. */
export interface TokenHere {
  text: string;
  /** UTF-16 range in the answer's text. */
  span: Span;
  logprob?: number;
  top?: { text: string; logprob: number }[];
}

export interface FirstCharacter {
  kind: "character";
  field: "text" | "reasoning" | "refusal";
  /** UTF-16 offset; line and column from 1. */
  at: number;
  line: number;
  column: number;
  /** Up to 60 characters from there on; empty where that answer had ended. */
  before: string;
  after: string;
}

export interface FirstField extends FieldDifference {
  kind: "field";
}

export function diffCalls(a: Call, b: Call): CallDiff {
  const request = diffValues(requestView(a.request), requestView(b.request));
  const answers: AnswerDiff[] = [];
  for (let i = 0; i < Math.max(a.answers.length, b.answers.length); i++) {
    const first = firstPart(a.answers[i], b.answers[i], i);
    if (first) answers.push({ answer: i, first });
  }
  const outcome = diffValues(outcomeView(a), outcomeView(b));
  const usage = diffValues(usageView(a), usageView(b));
  return { equal: request.length + answers.length + outcome.length + usage.length === 0, request, answers, outcome, usage };
}

/** The request in the common vocabulary, and those fields of the body that the vocabulary does not cover. */
function requestView(request: Request | undefined): JsonValue | undefined {
  if (!request) return undefined;
  const { format, model, parameters, local, messages, tools, notUnderstood, body } = request;
  const rest: JsonObject = {};
  for (const path of notUnderstood) {
    const value = body && valueAt(body, path);
    if (value !== undefined) rest[path] = value;
  }
  return plain({
    format,
    model,
    parameters,
    ...(local && { local }),
    messages: messages.map(({ role, name, parts }) => ({ role, name, parts: parts.map(({ at: _, ...part }) => part) })),
    tools: tools.map(({ json }) => json),
    ...(Object.keys(rest).length > 0 && { body: rest }),
  });
}

function valueAt(body: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = body;
  for (const name of path.split(/[.[\]]/).filter(Boolean)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

const outcomeView = (call: Call): JsonValue =>
  plain({
    served: call.model.served,
    ending: call.ending,
    status: call.response?.status,
    finish: call.answers.map(({ finish }) => finish),
    error: call.error && { kind: call.error.kind, code: call.error.code, message: call.error.message },
  }) as JsonValue;

function usageView({ usage }: Call): JsonValue {
  const { raw: _, ...counts } = usage;
  return plain(counts) as JsonValue;
}

const none: Answer = { text: "", toolCalls: [], finish: { reason: "unknown" }, other: [] };

function firstPart(a: Answer = none, b: Answer = none, index = 0): AnswerDiff["first"] | undefined {
  const reasoning = character("reasoning", a.reasoning, b.reasoning);
  if (reasoning) return reasoning;
  const text = (a.steps && b.steps && firstToken(a, b, a.steps, b.steps)) ?? character("text", a.text, b.text);
  if (text) return text;
  const refusal = character("refusal", a.refusal, b.refusal);
  if (refusal) return refusal;
  const view = ({ toolCalls, other }: Answer) => plain({ toolCalls: toolCalls.map(({ id: _, ...call }) => call), other });
  const [field] = diffValues(view(a), view(b), `answers[${index}]`);
  return field && { kind: "field", ...field };
}

function character(field: FirstCharacter["field"], a = "", b = ""): FirstCharacter | undefined {
  const at = firstDifference(a, b);
  if (at === undefined) return undefined;
  const head = a.slice(0, at);
  return {
    kind: "character",
    field,
    at,
    line: head.split("\n").length,
    column: at - (head.lastIndexOf("\n") + 1) + 1,
    before: a.slice(at, at + 60),
    after: b.slice(at, at + 60),
  };
}

function firstToken(a: Answer, b: Answer, stepsA: TokenStep[], stepsB: TokenStep[]): FirstToken | undefined {
  if (a.text === b.text) return undefined;
  let index = 0;
  while (index < stepsA.length && index < stepsB.length && sameBytes((stepsA[index] as TokenStep).bytes, (stepsB[index] as TokenStep).bytes)) index++;
  if (index === stepsA.length && index === stepsB.length) return undefined;
  const start = new TextDecoder().decode(joined(stepsA.slice(0, index))).length;
  const before = stepsA[index];
  const after = stepsB[index];
  return { kind: "token", index, ...(before && { before: here(before, start) }), ...(after && { after: here(after, start) }) };
}

function here(step: TokenStep, start: number): TokenHere {
  const utf8 = new TextDecoder();
  const text = utf8.decode(step.bytes);
  return {
    text,
    span: { start, end: start + text.length },
    ...(step.logprob !== undefined && { logprob: step.logprob }),
    ...(step.top && { top: step.top.map(({ bytes, logprob }) => ({ text: utf8.decode(bytes), logprob })) }),
  };
}

function joined(steps: TokenStep[]): Uint8Array {
  const bytes = new Uint8Array(steps.reduce((sum, step) => sum + step.bytes.length, 0));
  let at = 0;
  for (const step of steps) {
    bytes.set(step.bytes, at);
    at += step.bytes.length;
  }
  return bytes;
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);
