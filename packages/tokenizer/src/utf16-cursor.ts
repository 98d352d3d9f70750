import type { Span } from "@cutaway/core";
import type { Utf8Buffer } from "./bpe/utf8-buffer.ts";
import { next } from "./scan/character-class.ts";

/** Byte ranges of a UTF-8 text as ranges of UTF-16 units, for ranges that come in order. */
export class Utf16Cursor {
  readonly #text: Utf8Buffer;
  readonly #start = { byte: 0, unit: 0 };
  readonly #end = { byte: 0, unit: 0 };

  constructor(text: Utf8Buffer) {
    this.#text = text;
  }

  /** The units of all characters that have a byte in [start, end). */
  span(start: number, end: number): Span {
    while (this.#start.byte < start) {
      const after = next(this.#text.bytes, this.#start.byte);
      if (after > start) break;
      step(this.#start, after);
    }
    while (this.#end.byte < end) step(this.#end, next(this.#text.bytes, this.#end.byte));
    return { start: this.#start.unit, end: Math.max(this.#start.unit, this.#end.unit) };
  }
}

function step(place: { byte: number; unit: number }, after: number): void {
  place.unit += after - place.byte === 4 ? 2 : 1;
  place.byte = after;
}
