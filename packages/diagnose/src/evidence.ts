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

/** A range brought inside the text, and widened so that it holds no half of a surrogate pair. */
export function within(text: string, start: number, end: number): Span {
  const from = Math.max(0, Math.min(start, text.length));
  const to = Math.max(from, Math.min(end, text.length));
  return { start: splitsPair(text, from) ? from - 1 : from, end: splitsPair(text, to) ? to + 1 : to };
}

const splitsPair = (text: string, at: number) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1));

/** The last characters of a text, where a cut shows. */
export const tailOf = (text: string, length = 60): Span => within(text, text.length - length, text.length);

/** The first characters. */
export const headOf = (text: string, length = 60): Span => within(text, 0, length);
