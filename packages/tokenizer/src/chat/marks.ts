import type { SegmentKind, Span } from "@cutaway/core";

/** A part of the rendered text, UTF-16 units, and where it came from. */
export interface PromptPart {
  span: Span;
  segment: SegmentKind;
}

interface Marked {
  segment: SegmentKind;
  /** White space around the text, outside the marks: templates trim. */
  before: string;
  after: string;
}

/** Characters for private use, the first of each pair before a text and the second after it. */
const first = 0xe000;
const last = 0xf8ff;
const privateUse = /[\ue000-\uf8ff]/;

/**
 * Finds out where texts end up in a template's output: each is put between two characters of its own, which no template knows,
 * and the output with them is compared with the output without.
 */
export class Marks {
  readonly #marked: Marked[] = [];

  mark(text: string, segment: SegmentKind): string {
    const core = text.trim();
    if (core === "") return text;
    const before = text.slice(0, text.indexOf(core));
    const after = text.slice(before.length + core.length);
    const unit = first + 2 * this.#marked.push({ segment, before, after }) - 2;
    return `${before}${String.fromCharCode(unit)}${core}${String.fromCharCode(unit + 1)}${after}`;
  }

  /**
   * Where the texts stand in `plain`, in order; undefined where that cannot be told: the template depends on the texts, takes them apart,
   * or somebody else uses the same characters.
   */
  parts(plain: string, marked: string): PromptPart[] | undefined {
    if (first + 2 * this.#marked.length > last || privateUse.test(plain)) return undefined;
    const parts: PromptPart[] = [];
    let open: { index: number; start: number } | undefined;
    let stripped = "";
    let from = 0;
    for (const { index: at, 0: mark } of marked.matchAll(/[\ue000-\uf8ff]/g)) {
      stripped += marked.slice(from, at);
      from = at + 1;
      const unit = mark.charCodeAt(0) - first;
      if (unit % 2 === 0) {
        if (open) return undefined;
        open = { index: unit / 2, start: stripped.length };
      } else {
        if (open?.index !== (unit - 1) / 2) return undefined;
        parts.push(this.#withSpace(plain, open.index, open.start, stripped.length, parts.at(-1)?.span.end ?? 0));
        open = undefined;
      }
    }
    stripped += marked.slice(from);
    return open || stripped !== plain ? undefined : parts;
  }

  /** With the white space around the text, where the template kept it. */
  #withSpace(plain: string, index: number, start: number, end: number, limit: number): PromptPart {
    const { segment, before, after } = this.#marked[index] as Marked;
    const from = start - before.length >= limit && plain.slice(start - before.length, start) === before ? start - before.length : start;
    return { span: { start: from, end: plain.startsWith(after, end) ? end + after.length : end }, segment };
  }
}
