import type { Answer, Call } from "@cutaway/core";
import { type FoundJson, findJson, type JsonScan, scanJson } from "@cutaway/metrics";
import { howAskedForJson } from "./asked-for-json.ts";
import type { Counted } from "./changes.ts";
import { cutReason } from "./json-break.ts";

/** What an answer that was to be JSON, or plainly tries to be, is instead. */
export type JsonFault =
  /** Not a word of JSON, where words asked for it. */
  | { kind: "prose" }
  /** Valid, but with a fence or prose around it. */
  | { kind: "wrapped"; json: FoundJson }
  /** `from` is where the scan began in the answer's text. */
  | { kind: "broken"; json?: FoundJson; scan: JsonScan & { ok: false }; from: number; length: number };

export function jsonFault(call: Call, answer: Answer): JsonFault | undefined {
  const { text } = answer;
  if (answer.refusal || answer.toolCalls.length > 0 || text.trim() === "" || finishesWithoutAnswer(answer)) return undefined;
  const asked = howAskedForJson(call);
  const json = findJson(text);
  if (!json && !asked) return undefined;
  const span = json?.span ?? { start: 0, end: text.length };
  const scan = scanJson(text.slice(span.start, span.end));
  if (scan.ok) return asked && json && json.kind !== "whole" ? { kind: "wrapped", json } : undefined;
  if (!json && asked?.by === "words") return { kind: "prose" };
  return { kind: "broken", ...(json && { json }), scan, from: span.start, length: span.end - span.start };
}

/** JSON that breaks, or none where it was asked for. What a cap cut short is another fault, and so is whole JSON inside a fence or prose. */
export const brokenJson: Counted = {
  counts: "the answer holds no valid JSON (one that is cut short does not count)",
  symptom: (call) =>
    call.answers.some((answer) => {
      const fault = jsonFault(call, answer);
      return fault?.kind === "prose" || (fault?.kind === "broken" && !cutReason(call, answer, fault.scan));
    }),
};

/** Something other than JSON alone, whatever it is. */
export const notJson: Counted = {
  counts: "the answer as a whole is not valid JSON (one that is cut short does not count)",
  symptom: (call) =>
    call.answers.some((answer) => {
      const scan = scanJson(answer.text);
      return !scan.ok && !cutReason(call, answer, scan);
    }),
};

const finishesWithoutAnswer = ({ finish }: Answer) => finish.reason === "refusal" || finish.reason === "content-filter";
