import { CutawayError, type EncodeOptions, type Tokenizer } from "@cutaway/core";
import { hasTextCuts, partsAtCuts } from "./text-cuts.ts";

/** What an edit made of the list of ids: `removed` of them, from place `at` on, gave way to `inserted`. */
export interface TokenChange {
  at: number;
  removed: number;
  inserted: Uint32Array;
}

export interface EditableTokens {
  readonly text: string;
  /** Number of tokens. */
  readonly count: number;
  /** Equal to `encode(text)`, put together anew on each call. */
  ids(): Uint32Array;
  /**
   * Replaces the UTF-16 units [start, end) of the text, and tells the least change of the ids.
   * throws  `bad-edit` for a range outside the text; `special-token-in-text` as `encode` would, with nothing changed.
   */
  edit(start: number, end: number, replacement: string): TokenChange;
}

/** Parts are about this long: an edit encodes one or two of them. */
const partUnits = 512;

/**
 * The ids of a text that is being edited, exact after each edit. Where the tokenizer knows places at which texts can be cut (byte-level BPE with a
 * published pattern), an edit costs as much as the parts it touches, whatever the length of the text; otherwise all is encoded again.
 */
export function editableTokens(tokenizer: Tokenizer, text: string, options?: Omit<EncodeOptions, "addSpecialTokens">): EditableTokens {
  if (options && "addSpecialTokens" in options) {
    throw new CutawayError("bad-option", "editableTokens: addSpecialTokens has no effect on a text that is being edited", {
      fix: "Leave it out, and put the tokens around the ids.",
    });
  }
  const parts = partsOf(tokenizer, text, options);
  let length = text.length;
  let count = countOf(parts);
  return {
    get text() {
      return textOf(parts);
    },
    get count() {
      return count;
    },
    ids: () => idsOf(parts),
    edit(start, end, replacement) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length)) {
        throw new CutawayError("bad-edit", `edit: [${start}, ${end}) is not a range of a text of ${length} characters`, {
          data: { start, end, length },
        });
      }
      const reach = hasTextCuts(tokenizer) ? tokenizer.cutReach : Number.POSITIVE_INFINITY;
      const touched = partsAround(parts, start - reach, end + reach);
      const before = parts.slice(touched.first, touched.last + 1);
      const old = textOf(before);
      const changed = old.slice(0, start - touched.start) + replacement + old.slice(end - touched.start);
      let after: Part[];
      try {
        after = partsOf(tokenizer, changed, options);
      } catch (error) {
        // The same complaint, with the place in the whole text.
        tokenizer.count(textOf(parts.toSpliced(touched.first, before.length, { text: changed, ids: new Uint32Array() })), options);
        throw error;
      }
      parts.splice(touched.first, before.length, ...after);
      length += replacement.length - (end - start);
      count += countOf(after) - countOf(before);
      return leastChange(touched.tokens, idsOf(before), idsOf(after));
    },
  };
}

interface Part {
  text: string;
  ids: Uint32Array;
}

function partsOf(tokenizer: Tokenizer, text: string, options?: EncodeOptions): Part[] {
  if (!hasTextCuts(tokenizer)) return [{ text, ids: tokenizer.encode(text, options) }];
  const spans = partsAtCuts(text, partUnits, (at) => tokenizer.cutsAt(text, at));
  return Array.from(spans, ({ start, end }) => {
    const part = text.slice(start, end);
    return { text: part, ids: tokenizer.encode(part, options) };
  });
}

/** The parts that hold the units from `from` to `to`, with the unit and the token at which they begin. */
function partsAround(parts: readonly Part[], from: number, to: number): { first: number; last: number; start: number; tokens: number } {
  let first = 0;
  let start = 0;
  let tokens = 0;
  for (; first < parts.length - 1; first++) {
    const { text, ids } = parts[first] as Part;
    if (start + text.length > from) break;
    start += text.length;
    tokens += ids.length;
  }
  let last = first;
  let end = start + (parts[first] as Part).text.length;
  while (end < to && last < parts.length - 1) end += (parts[++last] as Part).text.length;
  return { first, last, start, tokens };
}

function leastChange(tokens: number, before: Uint32Array, after: Uint32Array): TokenChange {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let sameEnd = 0;
  while (sameEnd < shorter - same && before[before.length - 1 - sameEnd] === after[after.length - 1 - sameEnd]) sameEnd++;
  return { at: tokens + same, removed: before.length - same - sameEnd, inserted: after.slice(same, after.length - sameEnd) };
}

const textOf = (parts: readonly Part[]) => parts.map(({ text }) => text).join("");
const countOf = (parts: readonly Part[]) => parts.reduce((sum, { ids }) => sum + ids.length, 0);

function idsOf(parts: readonly Part[]): Uint32Array {
  const ids = new Uint32Array(countOf(parts));
  let at = 0;
  for (const part of parts) {
    ids.set(part.ids, at);
    at += part.ids.length;
  }
  return ids;
}
