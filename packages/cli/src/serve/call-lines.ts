import type { Call, CallId, Finding } from "@cutaway/core";
import { durationsOf } from "@cutaway/core";
import type { Store, StoredCall } from "@cutaway/store";
import { endingWord, modelName } from "../render/call-names.ts";
import { ranked, severityPiece } from "../render/finding.ts";
import { joined } from "../render/section.ts";
import { usageWords } from "../render/usage.ts";
import { dim, type Line, line } from "../terminal/line.ts";
import { milliseconds } from "../terminal/numbers.ts";

const everyMs = 250;
/** Findings are stored a moment after the call; what has none by then is told without. */
const findingsWithinMs = 1500;

/**
 * Tells of each call once it has ended, whichever process recorded it into the store. Looks at the store's change counter only,
 * so that an idle store costs one tiny query a look.
 * troubled  called when the store cannot be read, once until it can be again: calls are still passed on, so the watch goes on too
 */
export function watchCalls(store: Store, finished: (stored: StoredCall) => void, troubled: (error: unknown) => void): { stop(): void } {
  let sequence = store.lastSequence();
  const waiting = new Map<CallId, number>();
  const told = new Set<CallId>();
  const tell = (id: CallId, stored: StoredCall) => {
    waiting.delete(id);
    told.add(id);
    finished(stored);
  };
  const look = (patience: number) => {
    const changed = store.changedSince(sequence);
    sequence = changed.sequence;
    const now = Date.now();
    for (const id of changed.ids) if (!told.has(id) && !waiting.has(id)) waiting.set(id, now);
    for (const [id, since] of waiting) {
      const stored = store.get(id);
      if (!stored) waiting.delete(id);
      else if (stored.call.ending === "open") waiting.set(id, now);
      else if (stored.findings.length > 0 || now - since >= patience) tell(id, stored);
    }
  };
  let isTroubled = false;
  const tryToLook = (patience: number) => {
    try {
      look(patience);
      isTroubled = false;
    } catch (error) {
      if (!isTroubled) troubled(error);
      isTroubled = true;
    }
  };
  const timer = setInterval(() => tryToLook(findingsWithinMs), everyMs);
  return {
    stop() {
      clearInterval(timer);
      tryToLook(0);
    },
  };
}

/** One finished call on one line. */
export function callLine(call: Call, findings: readonly Pick<Finding, "rule" | "severity" | "certainty">[]): Line {
  const { ttft, total } = durationsOf(call);
  const [worst] = ranked(findings as readonly Finding[]);
  return line(
    worst ? severityPiece(worst.severity) : " ",
    " ",
    ...joined([
      modelName(call),
      endingWord(call),
      usageWords(call.usage),
      ttft === undefined ? undefined : `first token ${milliseconds(ttft)}`,
      total === undefined ? undefined : `${milliseconds(total)} in all`,
      worst ? severityPiece(worst.severity, worst.rule) : undefined,
      dim(call.id),
    ]),
  );
}
