import type { Answer, Call, Facts } from "@cutaway/core";

/** What ended an answer that ran into a length limit. */
export type LengthLimit =
  | { kind: "cap"; cap?: number }
  /** The model's own maximum: the caller set no cap. */
  | { kind: "model-maximum"; maximum: number }
  | { kind: "context"; window?: number; certain: boolean };

/**
 * Providers say `length` both for the requested cap and for a full context window; the numbers tell them apart:
 * the window is full when input and output together reach it and the cap is not reached.
 */
export function lengthLimit(call: Call, answer: Answer, facts: Facts): LengthLimit | undefined {
  const window = call.local?.contextSize ?? facts.contextWindow;
  if (answer.finish.reason === "context-full") return { kind: "context", certain: true, ...(window !== undefined && { window }) };
  if (answer.finish.reason !== "output-cap") return undefined;
  const cap = call.request?.parameters.maxOutputTokens;
  const { inputTokens, outputTokens } = call.usage;
  if (call.answers.length > 1 || outputTokens === undefined) return { kind: "cap", ...(cap !== undefined && { cap }) };
  const capReached = cap !== undefined && outputTokens >= cap;
  if (!capReached && window !== undefined && inputTokens !== undefined && inputTokens + outputTokens >= window - 8) {
    return { kind: "context", window, certain: true };
  }
  if (cap === undefined && facts.maxOutputTokens !== undefined && outputTokens >= facts.maxOutputTokens) {
    return { kind: "model-maximum", maximum: facts.maxOutputTokens };
  }
  return { kind: "cap", ...(cap !== undefined && { cap }) };
}

/** A cap to try next, and why just that one. */
export interface RaisedCap {
  cap: number;
  because: string;
}

/**
 * At least twice the cap, in fifties (four times where it is under 50, or where the model is local), within what model and window leave.
 * returns undefined where there is no room for more, or nothing to start from
 */
export function raisedCap(call: Call, facts: Facts, from: number | undefined): RaisedCap | undefined {
  if (from === undefined) return undefined;
  const window = call.local?.contextSize ?? facts.contextWindow;
  const room = window !== undefined && call.usage.inputTokens !== undefined ? window - call.usage.inputTokens : undefined;
  const ceiling = Math.min(facts.maxOutputTokens ?? Number.POSITIVE_INFINITY, room ?? Number.POSITIVE_INFINITY);
  const wanted = from >= 50 ? Math.ceil((from * 2) / 50) * 50 : from * 4;
  // Tokens of a local model cost nothing but time: enough for nearly every answer.
  const cap = Math.min(call.local ? Math.max(from * 4, 512) : Math.max(wanted, 16), ceiling);
  if (cap <= from) return undefined;
  const limit = ceiling === room ? "the context window leaves" : "the model writes";
  return { cap, because: cap === ceiling ? `the most that ${limit}` : "a first try: nothing tells how much is missing" };
}
