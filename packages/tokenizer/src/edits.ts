import type { Span } from "@cutaway/core";

/** Part of a text replaced: [start, end) in UTF-16 units gives way to `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** `edits` are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** The span of the text before `edits` from which the span [start, end) of the text after them came: a replacement comes from all that it replaced. */
export function spanBefore(edits: readonly Edit[], span: Span): Span {
  if (edits.length === 0) return span;
  const from = unitBefore(edits, span.start);
  if (span.end <= span.start) return { start: from.start, end: from.start };
  return { start: from.start, end: unitBefore(edits, span.end - 1).end };
}

/** Where one unit of the edited text came from. Positions after an edit are found by bisection over `shiftsOf`. */
function unitBefore(edits: readonly Edit[], unit: number): Span {
  const shifts = shiftsOf(edits);
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edits[middle] as Edit).start + (shifts[middle] as number) <= unit) low = middle + 1;
    else high = middle;
  }
  // Edits that deleted text stand at the same place as what follows them: the last edit at or before the unit decides.
  const edit = edits[low - 1];
  if (!edit) return { start: unit, end: unit + 1 };
  const outputEnd = edit.start + (shifts[low - 1] as number) + edit.text.length;
  if (unit < outputEnd) return { start: edit.start, end: edit.end };
  const start = unit - (shifts[low] as number);
  return { start, end: start + 1 };
}

const known = new WeakMap<readonly Edit[], Float64Array>();

/** By edit: how far the text before it has moved; at the end, how far the rest has. */
function shiftsOf(edits: readonly Edit[]): Float64Array {
  let shifts = known.get(edits);
  if (!shifts) {
    shifts = new Float64Array(edits.length + 1);
    for (const [index, edit] of edits.entries()) shifts[index + 1] = (shifts[index] as number) + edit.text.length - (edit.end - edit.start);
    known.set(edits, shifts);
  }
  return shifts;
}
