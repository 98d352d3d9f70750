import type { PeriodicRun } from "./periodic-runs.ts";

/** Longest end of a text that is looked at, in UTF-16 code units. */
const reach = 1 << 20;

/**
 * The longest end of a text that repeats itself at least `copies` times, of the shortest period that reaches as far.
 * Exact where `periodicRuns` can lose the period among likenesses within the repeated passage; linear by the Z-function of the
 * reversed text (Gusfield 1997, Algorithms on Strings, section 1.4).
 */
export function suffixRun(text: string, copies = 3): PeriodicRun | undefined {
  const last = text.length - 1;
  const n = Math.min(text.length, reach);
  const at = (i: number) => text.charCodeAt(last - i);
  /** agree[p]: how far the reversed text agrees with itself moved by p. */
  const agree = new Int32Array(n);
  let best: PeriodicRun | undefined;
  for (let p = 1, left = 0, right = 0; p * copies <= n; p++) {
    let length = p < right ? Math.min(right - p, agree[p - left] as number) : 0;
    while (p + length < n && at(length) === at(p + length)) length++;
    agree[p] = length;
    if (p + length > right) {
      left = p;
      right = p + length;
    }
    const extent = p + length;
    if (extent >= p * copies && (!best || extent > best.end - best.start)) best = { start: text.length - extent, end: text.length, period: p };
  }
  return best;
}
