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

/**
 * From a span of the text after `edits` to the span of the text before them from which it came: a replacement comes from all that it replaced.
 * Quick where spans come in order; others are found by bisection.
 */
export function spansBefore(edits: readonly Edit[]): (span: Span) => Span {
  let lookup: EditLookup | undefined;
  return ({ start, end }) => {
    if (edits.length === 0) return { start, end };
    lookup ??= new EditLookup(edits);
    const from = lookup.startBefore(start);
    return { start: from, end: end <= start ? from : lookup.endBefore(end - 1) };
  };
}

class EditLookup {
  readonly #edits: readonly Edit[];
  /** By edit: where it stands in the edited text. */
  readonly #places: Float64Array;
  /** How many edits stood at or before the unit that was looked up last. */
  #near = 0;

  constructor(edits: readonly Edit[]) {
    this.#edits = edits;
    this.#places = new Float64Array(edits.length);
    let shift = 0;
    for (const [index, { start, end, text }] of edits.entries()) {
      this.#places[index] = start + shift;
      shift += text.length - (end - start);
    }
  }

  /** Where what one unit of the edited text came from begins. */
  startBefore(unit: number): number {
    const count = this.#before(unit);
    if (count === 0) return unit;
    const { start, end, text } = this.#edits[count - 1] as Edit;
    const beyond = unit - (this.#places[count - 1] as number) - text.length;
    return beyond < 0 ? start : end + beyond;
  }

  /** … and ends. */
  endBefore(unit: number): number {
    const count = this.#before(unit);
    if (count === 0) return unit + 1;
    const { end, text } = this.#edits[count - 1] as Edit;
    const beyond = unit - (this.#places[count - 1] as number) - text.length;
    return beyond < 0 ? end : end + beyond + 1;
  }

  /** How many edits stand at or before a unit. Those that deleted text stand at the same place as what follows them: the last of them decides. */
  #before(unit: number): number {
    const places = this.#places;
    let low = this.#near;
    let high = places.length;
    if (low > 0 && (places[low - 1] as number) > unit) {
      high = low - 1;
      low = 0;
    } else {
      const soon = Math.min(low + 4, high);
      while (low < soon && (places[low] as number) <= unit) low++;
      if (low < soon || low === high) high = low;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] as number) > unit) high = middle;
      else low = middle + 1;
    }
    this.#near = low;
    return low;
  }
}
