import type { OffsetUnit, Span } from "@cutaway/core";
import { next } from "../scan/character-class.ts";
import type { Utf8Buffer } from "./utf8-buffer.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The ranges of tokens that follow one another through a text without a gap, each as long as its bytes, widened to whole characters. */
export class TokenOffsetList {
  readonly #lengths: Int32Array;
  readonly #unit: OffsetUnit;
  #starts = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #count = 0;
  /** Where the next part begins, in the unit asked for. */
  #base = 0;

  constructor(vocabulary: Vocabulary, unit: OffsetUnit) {
    this.#lengths = vocabulary.lengths;
    this.#unit = unit;
  }

  take(): { starts: Uint32Array; ends: Uint32Array } {
    return { starts: this.#starts.slice(0, this.#count), ends: this.#ends.slice(0, this.#count) };
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
  addTokens(bytes: Utf8Buffer, units: number, ids: Uint32Array): void {
    this.#reserve(ids.length);
    if (bytes.length === units) this.#addAscii(ids);
    else if (this.#unit === "utf8") this.#addBytes(bytes, ids);
    else this.#addUnits(bytes, ids);
    this.#base += this.#unit === "utf8" ? bytes.length : units;
  }

  #addAscii(ids: Uint32Array): void {
    const lengths = this.#lengths;
    const starts = this.#starts;
    const ends = this.#ends;
    let at = this.#base;
    let to = this.#count;
    for (let i = 0; i < ids.length; i++) {
      starts[to] = at;
      at += lengths[ids[i] as number] as number;
      ends[to++] = at;
    }
    this.#count = to;
  }

  #addBytes({ bytes }: Utf8Buffer, ids: Uint32Array): void {
    const base = this.#base;
    let at = 0;
    for (let i = 0; i < ids.length; i++) {
      let start = at;
      while (((bytes[start] as number) & 0xc0) === 0x80) start--;
      at += this.#lengths[ids[i] as number] as number;
      let end = at;
      while (((bytes[end] as number) & 0xc0) === 0x80) end++;
      this.#add(base + start, base + end);
    }
  }

  #addUnits({ bytes }: Utf8Buffer, ids: Uint32Array): void {
    // A place between characters: its byte, and the unit there. Tokens that end inside a character leave it before that.
    let byte = 0;
    let unit = this.#base;
    let at = 0;
    for (let i = 0; i < ids.length; i++) {
      const start = unit;
      at += this.#lengths[ids[i] as number] as number;
      for (let after = next(bytes, byte); after <= at; after = next(bytes, byte)) {
        unit += after - byte === 4 ? 2 : 1;
        byte = after;
      }
      const end = byte === at ? unit : unit + (next(bytes, byte) - byte === 4 ? 2 : 1);
      this.#add(start, end);
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
