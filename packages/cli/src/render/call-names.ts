import type { Answer, Call } from "@cutaway/core";

/** `gpt-4o → gpt-4o-2024-08-06`: as asked and as served, once where they agree. */
export function modelName(call: Call): string {
  const { asked, served } = call.model;
  if (asked && served && asked !== served) return `${asked} → ${served}`;
  return served ?? asked ?? "model unknown";
}

const endingWords: Record<Call["ending"], string> = {
  complete: "complete",
  cut: "the recording breaks off",
  cancelled: "cancelled by the caller",
  open: "not seen to its end",
  none: "no answer recorded",
};

/** How the call ended, in words, with the provider's own word: `output cap (finish "length")`. */
export function endingWord(call: Call): string {
  if (call.error) return `error: ${call.error.kind}${call.error.status === undefined ? "" : ` (${call.error.status})`}`;
  const finishes = [...new Set(call.answers.map(finishWord))];
  if (finishes.length === 0) return endingWords[call.ending];
  const said = finishes.join(", ");
  return call.ending === "complete" || call.ending === "none" ? said : `${said}; ${endingWords[call.ending]}`;
}

export const finishWord = ({ finish }: Answer): string =>
  finish.raw && finish.raw !== finish.reason ? `${finish.reason} ("${finish.raw}")` : finish.reason;

/** The same in a word or two, for tables. */
export function shortEnding(call: Call): string {
  if (call.error) return call.error.kind;
  const reasons = [...new Set(call.answers.map(({ finish }) => finish.reason))];
  if (reasons.length > 0) return reasons.join(", ");
  return call.ending === "none" ? "no answer" : call.ending;
}

/** UTC to the second; what is printed here does not depend on where it is printed. */
export const issuedAt = (call: Call): string | undefined =>
  call.instants.issued === undefined ? undefined : `${new Date(call.instants.issued).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `3 min ago` for lists. */
export function ago(issued: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - issued) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 86_400 * 14) return `${Math.floor(seconds / 86_400)} d ago`;
  return new Date(issued).toISOString().slice(0, 10);
}
