import type { CallEvent, TokenStep } from "@cutaway/core";
import { createStopMatcher } from "./stop-matcher.ts";

/**
 * Turns the steps of an answer into events. A step that may begin a stop sequence waits until that is known, and text waits for its last
 * character to be whole. A step is cut to the bytes it gave to the text, so that in the end the bytes of all steps join to the text.
 */
export interface AnswerWriter {
  /** The stop sequence that ended the answer; nothing may be added after it. */
  readonly stoppedBy: string | undefined;
  add(step: TokenStep, at: number): CallEvent[];
  /** The answer ends here: what was held back is text after all. */
  end(at: number): CallEvent[];
}

/** `answer`: which of the call's answers it is. */
export function startAnswer(stops: readonly string[], answer = 0): AnswerWriter {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const matcher = createStopMatcher(stops);
  const waiting: TokenStep[] = [];
  /** Bytes of all steps so far, and of those that went out. */
  let added = 0;
  let released = 0;
  let stoppedBy: string | undefined;

  const release = (upTo: number, at: number, isEnd: boolean): CallEvent[] => {
    const events: CallEvent[] = [];
    let text = "";
    for (let next = waiting[0]; next && (isEnd || released + next.bytes.length <= upTo); next = waiting[0]) {
      const kept = Math.min(next.bytes.length, upTo - released);
      const step = kept < next.bytes.length ? { ...next, bytes: next.bytes.slice(0, kept) } : next;
      events.push({ type: "token-step", answer, step });
      text += decoder.decode(step.bytes, { stream: true });
      released += kept;
      waiting.shift();
    }
    if (isEnd) text += decoder.decode();
    if (text) events.push({ type: "text-delta", answer, text, at });
    return events;
  };

  return {
    get stoppedBy() {
      return stoppedBy;
    },
    add(step, at) {
      waiting.push(step);
      added += step.bytes.length;
      const match = matcher.read(step.bytes);
      if ("held" in match) return release(added - match.held, at, false);
      stoppedBy = match.found;
      return release(match.before, at, true);
    },
    end: (at) => release(added, at, true),
  };
}
