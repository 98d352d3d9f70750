import type { Span } from "@cutaway/core";

/** What a tokenizer may offer so that a change in a long text need not be paid for with all of it. */
export interface CutsText {
  /** How many units of a text on either side of a place decide whether it is a cut; absent where this tokenizer knows of no cuts. */
  readonly cutReach: number | undefined;
  /**
   * Whether the text can be cut before its unit `at`: its ids are those of the two sides, each encoded as a text of its own, whatever stands
   * farther away than `cutReach`. The second side never begins inside a surrogate pair. `false` promises nothing.
   */
  cutsAt(text: string, at: number): boolean;
}

export const hasTextCuts = <T extends object>(tokenizer: T): tokenizer is T & CutsText & { readonly cutReach: number } =>
  "cutReach" in tokenizer && tokenizer.cutReach !== undefined;

/** A text in parts of at least `units`, each as short as its cuts allow. */
export function* partsAtCuts(text: string, units: number, isCut: (at: number) => boolean): Iterable<Span> {
  let start = 0;
  for (let at = units; at < text.length; at++) {
    if (!isCut(at)) continue;
    yield { start, end: at };
    start = at;
    at += units - 1;
  }
  if (start < text.length || text === "") yield { start, end: text.length };
}

/** Units of a window at least, and at most where there are cuts. */
const leastWindow = 1 << 11;
const mostWindow = 1 << 15;

/**
 * A text in windows that end where the text itself says so (after a line end whose neighbourhood hashes to 0), not at so many units from its
 * beginning: texts that have long parts in common have windows in common, also where what stands before them differs.
 * source  Muthitacharoen et al. 2001, "A Low-bandwidth Network File System", section 3.1
 */
export function* windowsAtCuts(text: string, isCut: (at: number) => boolean): Iterable<Span> {
  let lineEnd = -1;
  for (let start = 0; start < text.length || text === ""; ) {
    let end = Math.min(text.length, start + mostWindow);
    for (let from = start + leastWindow; from < end; from = lineEnd + 1) {
      if (lineEnd < from) lineEnd = nextLineEnd(text, from);
      if (lineEnd < end && isMarked(text, lineEnd)) end = lineEnd;
    }
    while (end < text.length && !isCut(end)) end++;
    yield { start, end };
    if (end === text.length) return;
    start = end;
  }
}

function nextLineEnd(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 ? text.length : found;
}

/** One place in 64, by the eight units before it. */
function isMarked(text: string, at: number): boolean {
  let hash = 0;
  for (let i = at - 8; i < at; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
  return hash >>> 26 === 0;
}
