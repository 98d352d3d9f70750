import type { Answer, Call, Span } from "@cutaway/core";
import type { JsonBreak } from "@cutaway/metrics";
import { within } from "./evidence.ts";

/** A range to show a break by: the character it is at, or the last before the end. */
export function brokenHere(text: string, at: number): Span {
  const start = Math.min(at, Math.max(0, text.length - 1));
  return within(text, start, start + 1);
}

/** What cut the text, where the JSON broke only by ending early; `at` is the field that says so. */
export function cutReason(call: Call, answer: Answer, scan: JsonBreak): { at: string; says: string } | undefined {
  if (!scan.unfinished) return undefined;
  const at = `answers[${call.answers.indexOf(answer)}].finish`;
  switch (answer.finish.reason) {
    case "output-cap":
      return { at, says: "it was cut by the length limit (see cut.output-cap)" };
    case "context-full":
      return { at, says: "it was cut by the full context window (see cut.context-full)" };
    case "stop-sequence":
      return { at, says: "it was cut by a stop sequence (see cut.stop-sequence)" };
    case "cut":
      return { at: "ending", says: "the stream was cut there (see cut.no-terminal)" };
    case "cancelled":
      return { at: "ending", says: "the caller closed the stream there (see cut.cancelled)" };
    case "error":
      return { at: "error", says: "an error ended the stream there (see error.in-stream)" };
    default:
      return undefined;
  }
}
