import type { Call, Evidence, Span } from "@cutaway/core";

/** A field of the call: `answers[0].finish.raw`. */
export const inField = (call: Call, at: string, says: string): Evidence => ({ kind: "field", call: call.id, at, says });

/** A range of an answer's string; `path` names the string. */
export const inText = (call: Call, path: string, at: Span, says: string): Evidence => ({ kind: "text", call: call.id, path, at, says });

/** A range of a request part; `path` is the part's `at`. */
export const inPrompt = (call: Call, path: string, at: Span, says: string): Evidence => ({ kind: "prompt", call: call.id, path, at, says });

/** A range of an answer's steps. */
export const inSteps = (call: Call, answer: number, at: Span, says: string): Evidence => ({
  kind: "steps",
  call: call.id,
  path: `answers[${answer}].steps`,
  at,
  says,
});

/** A range of `instants.chunks`, or the name of an instant. */
export const inTiming = (call: Call, at: Span | string, says: string): Evidence => ({ kind: "timing", call: call.id, at, says });

/** The last characters of a text, where a cut shows. */
export function tailOf(text: string, length = 60): Span {
  const start = Math.max(0, text.length - length);
  const splits = start > 0 && /[\udc00-\udfff]/.test(text.charAt(start));
  return { start: splits ? start + 1 : start, end: text.length };
}
