import type { Call, CallId, Finding } from "@cutaway/core";
import { durationsOf } from "@cutaway/core";
import type { Store, StoredCall } from "@cutaway/store";
import { endingWord, modelName } from "../render/call-names.ts";
import { ranked, severityPiece, severitySign } from "../render/finding.ts";
import { joined } from "../render/section.ts";
import { usageWords } from "../render/usage.ts";
import { dim, good, type Line, line } from "../terminal/line.ts";
import { milliseconds } from "../terminal/numbers.ts";

const everyMs = 250;

/**
 * Tells of each call once it has ended, whichever process recorded it into the store. Looks at the store's change counter only,
 * so that an idle store costs one tiny query a look.
 */
export function watchCalls(store: Store, finished: (stored: StoredCall) => void): { stop(): void } {
  let sequence = store.lastSequence();
  const told = new Set<CallId>();
  const look = () => {
    const changed = store.changedSince(sequence);
    sequence = changed.sequence;
    for (const id of changed.ids) {
      if (told.has(id)) continue;
      const stored = store.get(id);
      if (!stored || stored.call.ending === "open") continue;
      told.add(id);
      finished(stored);
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      look();
    },
  };
}

/** One finished call on one line. */
export function callLine(call: Call, findings: readonly Pick<Finding, "rule" | "severity" | "certainty">[]): Line {
  const { ttft, total } = durationsOf(call);
  const [worst] = ranked(findings as readonly Finding[]);
  return line(
    worst ? severityPiece(worst.severity, severitySign[worst.severity]) : good("✓"),
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
