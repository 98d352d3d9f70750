import type { OffsetUnit, Span } from "@cutaway/core";
import type { Utf8Buffer } from "./utf8-buffer.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Longer lists are given back after use. */
const mostKept = 1 << 20;
/** So many bytes after a character beyond ASCII, ASCII is looked for again. */
const patience = 64;

/** UTF-16 units of the character that a byte begins; none for a byte inside one. */
const unitsOf = Uint8Array.from({ length: 256 }, (_, byte) => ((byte & 0xc0) === 0x80 ? 0 : byte < 0xf0 ? 1 : 2));

/** The ranges of tokens that follow one another through a text without a gap, each as long as its bytes, widened to whole characters. */
export class TokenOffsetList {
  readonly #lengths: ArrayLike<number>;
  #unit: OffsetUnit = "utf16";
  #starts = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #count = 0;
  /** Where the next part begins, in the unit asked for. */
  #base = 0;

  constructor({ lengths }: Vocabulary) {
    // In a quarter of the memory where they fit: more of it stays near the processor.
    this.#lengths = lengths.every((length) => length < 256) ? Uint8Array.from(lengths) : lengths;
  }

  /** A new text. */
  begin(unit: OffsetUnit): void {
    this.#unit = unit;
    this.#count = 0;
    this.#base = 0;
  }

  take(): { starts: Uint32Array; ends: Uint32Array } {
    const taken = { starts: this.#starts.slice(0, this.#count), ends: this.#ends.slice(0, this.#count) };
    if (this.#starts.length > mostKept) [this.#starts, this.#ends] = [new Uint32Array(1024), new Uint32Array(1024)];
    return taken;
  }

  /** Tokens that stand for nothing in the text. */
  addEmpty(count: number): void {
    this.#reserve(count);
    for (let i = 0; i < count; i++) this.#add(this.#base, this.#base);
  }

  /** One token for a part of the text. */
  addText(text: string, span: Span): void {
    this.#reserve(1);
    const start = this.#base;
    this.#base += this.#unit === "utf8" ? new TextEncoder().encode(text.slice(span.start, span.end)).length : span.end - span.start;
    this.#add(start, this.#base);
  }

  /** The tokens of the next part of the text: its bytes, and how many UTF-16 units they are. */
  addTokens(text: Utf8Buffer, units: number, ids: Uint32Array): void {
    this.#reserve(ids.length);
    if (this.#unit === "utf8") this.#addBytes(text, ids);
    else this.#addUnits(text, ids);
    this.#count += ids.length;
    this.#base += this.#unit === "utf8" ? text.length : units;
  }

  #addBytes({ bytes }: Utf8Buffer, ids: Uint32Array): void {
    const lengths = this.#lengths;
    const starts = this.#starts.subarray(this.#count);
    const ends = this.#ends.subarray(this.#count);
    const base = this.#base;
    let at = 0;
    let start = 0;
    for (let i = 0; i < ids.length; i++) {
      starts[i] = base + start;
      at += lengths[ids[i] as number] as number;
      start = at;
      let end = at;
      if (isInside(bytes, at)) {
        while (isInside(bytes, start)) start--;
        while (isInside(bytes, end)) end++;
      }
      ends[i] = base + end;
    }
  }

  #addUnits({ bytes, length }: Utf8Buffer, ids: Uint32Array): void {
    const lengths = this.#lengths;
    const starts = this.#starts.subarray(this.#count);
    const ends = this.#ends.subarray(this.#count);
    let at = 0;
    let start = this.#base;
    // Of the characters that have begun.
    let end = start;
    let asciiEnd = endOfAscii(bytes, 0, length);
    for (let i = 0; i < ids.length; i++) {
      starts[i] = start;
      const tokenEnd = at + (lengths[ids[i] as number] as number);
      if (tokenEnd <= asciiEnd) {
        end += tokenEnd - at;
        at = tokenEnd;
        start = end;
      } else {
        for (; at < tokenEnd; at++) end += unitsOf[bytes[at] as number] as number;
        start = isInside(bytes, at) ? end - unitsBefore(bytes, at) : end;
        if (at > asciiEnd + patience) asciiEnd = endOfAscii(bytes, at, length);
      }
      ends[i] = end;
    }
  }

  #add(start: number, end: number): void {
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  #reserve(count: number): void {
    const needed = this.#count + count;
    if (needed <= this.#starts.length) return;
    const [starts, ends] = [new Uint32Array(2 * needed), new Uint32Array(2 * needed)];
    starts.set(this.#starts.subarray(0, this.#count));
    ends.set(this.#ends.subarray(0, this.#count));
    [this.#starts, this.#ends] = [starts, ends];
  }
}

/** Whether the byte goes on with a character. */
const isInside = (bytes: Uint8Array, at: number): boolean => ((bytes[at] as number) & 0xc0) === 0x80;

/** Of the character that has begun before a byte inside it. */
function unitsBefore(bytes: Uint8Array, at: number): number {
  while (isInside(bytes, at)) at--;
  return unitsOf[bytes[at] as number] as number;
}

function endOfAscii(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && (bytes[at] as number) < 0x80) at++;
  return at;
}
