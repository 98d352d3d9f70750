import type { CallEvent } from "@cutaway/core";
import type { Push } from "../codec.ts";

/** Keeps events; deltas without a time that follow each other are joined, since nothing tells them apart later. */
export function collectEvents(): { events: CallEvent[]; push: Push } {
  const events: CallEvent[] = [];
  let pieces: string[] = [];

  const settle = () => {
    const last = events[events.length - 1];
    if (pieces.length < 2 || !last) return;
    const joined = pieces.join("");
    if (last.type === "text-delta" || last.type === "reasoning-delta" || last.type === "refusal-delta")
      events[events.length - 1] = { ...last, text: joined };
    else if (last.type === "tool-call-delta") events[events.length - 1] = { ...last, arguments: joined };
  };
  return {
    get events() {
      settle();
      pieces = [];
      return events;
    },
    push(event) {
      const last = events[events.length - 1];
      const piece = deltaOf(event);
      if (piece !== undefined && last && pieces.length > 0 && isSameDelta(last, event)) {
        pieces.push(piece);
        return;
      }
      settle();
      pieces = piece === undefined ? [] : [piece];
      events.push(event);
    },
  };
}

const deltaOf = (event: CallEvent): string | undefined => {
  if (event.type === "tool-call-delta") return event.at === undefined ? event.arguments : undefined;
  if (event.type === "text-delta" || event.type === "reasoning-delta" || event.type === "refusal-delta")
    return event.at === undefined ? event.text : undefined;
  return undefined;
};

const isSameDelta = (a: CallEvent, b: CallEvent): boolean =>
  a.type === b.type &&
  "answer" in a &&
  "answer" in b &&
  a.answer === b.answer &&
  (a.type !== "tool-call-delta" || b.type !== "tool-call-delta" || a.call === b.call);
