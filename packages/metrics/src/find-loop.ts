import type { Span } from "@cutaway/core";
import { looksLikeCode } from "./looks-like-code.ts";
import { type PeriodicRun, periodicRuns } from "./periodic-runs.ts";
import { repeatedSentences } from "./repeated-sentences.ts";
import { suffixRun } from "./suffix-run.ts";

/**
 * `exact`: one passage over and over. `numbered`: the same but for a counter. `interleaved`: sentences that keep coming back among others.
 * `filler`: one character or a passage without words (spaces, dashes, `0,0,0`).
 */
export type LoopKind = "exact" | "numbered" | "interleaved" | "filler";

export interface Loop {
  kind: LoopKind;
  /** Where it repeats; for `interleaved` from the second occurrence to the last. */
  span: Span;
  /** What is repeated, once. */
  unit: Span;
  /** How often it stands there, the first time included; not a whole number when the last copy is cut off. */
  copies: number;
  /** The loop goes on to the end of the text: nothing but the cap or the stream's end stopped it. */
  atEnd: boolean;
}

/**
 * The clearest repetition loop of a text, or undefined. The thresholds keep refrains, tables, code, lists and arrays of similar
 * items apart from loops: the shorter the passage, the more copies it takes. Linear in the text.
 */
export function findLoop(text: string): Loop | undefined {
  const end = text.trimEnd().length;
  let best: Loop | undefined;
  const tail = suffixRun(text);
  for (const run of tail ? [...periodicRuns(text), tail] : periodicRuns(text)) {
    const loop = asLoop(text, run, end);
    if (loop && better(loop, best)) best = loop;
  }
  return best ?? numberedLoop(text, end) ?? interleavedLoop(text, end);
}

const better = (a: Loop, b: Loop | undefined) => !b || a.span.end - a.span.start > b.span.end - b.span.start;

function asLoop(text: string, run: PeriodicRun, textEnd: number): Loop | undefined {
  const { start, end, period } = run;
  const length = end - start;
  const copies = length / period;
  const atEnd = end >= textEnd;
  const unit = text.slice(start, start + Math.min(period, 4_000));
  const found = (kind: LoopKind): Loop => ({ kind, span: { start, end }, unit: { start, end: start + period }, copies, atEnd });

  if (!/\p{L}/u.test(unit)) return length >= (atEnd ? 1_000 : 4_000) ? found("filler") : undefined;
  const oneWord = !/[\s\p{P}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(unit);
  if (oneWord) return length >= (atEnd ? 600 : 2_000) ? found(period === 1 ? "filler" : "exact") : undefined;
  return copies >= copiesNeeded(period, atEnd, looksLikeCode(unit)) && length >= 150 ? found("exact") : undefined;
}

function copiesNeeded(period: number, atEnd: boolean, code: boolean): number {
  if (code) return period >= 200 ? (atEnd ? 4 : 6) : atEnd ? 20 : 60;
  if (period < 20) return atEnd ? 12 : 16;
  if (period < 200) return atEnd ? 5 : 6;
  return atEnd ? 3 : 4;
}

/** `23. Buy milk` `24. Buy milk`: with every number written as one digit the run is exact. */
function numberedLoop(text: string, textEnd: number): Loop | undefined {
  if (!/\d/.test(text)) return undefined;
  const { flat, at } = withoutNumbers(text);
  let best: Loop | undefined;
  for (const { start, end, period } of periodicRuns(flat, 150, 10)) {
    const unit = flat.slice(start, start + Math.min(period, 4_000));
    const words = unit.match(/\p{L}{2,}/gu)?.length ?? 0;
    if (period < 15 || words < 3 || !unit.includes("0") || looksLikeCode(unit)) continue;
    const span = { start: at[start] as number, end: at[end] as number };
    const loop: Loop = {
      kind: "numbered",
      span,
      unit: { start: span.start, end: at[start + period] as number },
      copies: (end - start) / period,
      atEnd: span.end >= textEnd,
    };
    if (better(loop, best)) best = loop;
  }
  return best;
}

/** flat  the text with every run of digits as one `0`; at[i]  where flat[i] stands in the text, one past the end included. */
function withoutNumbers(text: string): { flat: string; at: Int32Array } {
  const at = new Int32Array(text.length + 1);
  let length = 0;
  let flat = "";
  let copied = 0;
  for (const match of text.matchAll(/\d+/g)) {
    for (let i = copied; i <= match.index; i++) at[length++] = i;
    flat += `${text.slice(copied, match.index)}0`;
    copied = match.index + match[0].length;
  }
  for (let i = copied; i <= text.length; i++) at[length++] = i;
  return { flat: flat + text.slice(copied), at: at.subarray(0, length) };
}

function interleavedLoop(text: string, textEnd: number): Loop | undefined {
  const repeated = repeatedSentences(text);
  if (!repeated || repeated.copies < 8 || repeated.share < 0.5) return undefined;
  const { first, from, end, copies } = repeated;
  return { kind: "interleaved", span: { start: from, end }, unit: first, copies, atEnd: end >= textEnd - (first.end - first.start) * 3 };
}
