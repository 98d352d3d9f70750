import { CutawayError } from "@cutaway/core";
import { Charsmap } from "./charsmap.ts";
import type { PrefixMatcher } from "./prefix-matcher.ts";
import { characterLength } from "./utf8-length.ts";

export interface NormalizerRules {
  /** `nmt_nfkc`, `identity`, … */
  name: string;
  /** A precompiled charsmap; empty: no character changes. */
  charsmap: Uint8Array;
  /** A space goes before the text, or after it where `suffix` is set. */
  dummyPrefix: boolean;
  /** Runs of spaces become one, and none stays at either end. */
  removeExtraSpaces: boolean;
  /** A space is written ▁. */
  escapeSpaces: boolean;
  suffix: boolean;
}

const space = 0x20;
/** Below what typed arrays can hold, far above any text that is tokenized whole. */
const mostBytes = 2 ** 30;

/**
 * SentencePiece's normaliser: bytes of a text to the bytes that its model sees. The result stays in `bytes` until the next call.
 * source  google/sentencepiece, src/normalizer.cc, Normalizer::Normalize
 */
export class SentenceNormalizer {
  bytes = new Uint8Array(1 << 14);
  view = new DataView(this.bytes.buffer);
  length = 0;
  /** By byte of the result, and at its end: where in the text what made it begins. Filled where asked for. */
  origins = new Int32Array();
  readonly #rules: NormalizerRules;
  readonly #charsmap: Charsmap | undefined;
  readonly #verbatim: PrefixMatcher;
  /** By byte: whether it is copied as it is before another byte below 0x80. */
  readonly #copied = new Uint8Array(256);
  /** Whether a space before another byte below 0x80 is a space. */
  readonly #keepsSpace: boolean;
  readonly #mark: Uint8Array;
  #prefixLength = 0;

  /** `verbatim` finds what no rule changes: user-defined symbols. `name` names the tokenizer in errors. */
  constructor(rules: NormalizerRules, verbatim: PrefixMatcher, name: string) {
    this.#rules = rules;
    this.#charsmap = rules.charsmap.length > 0 ? new Charsmap(rules.charsmap, name) : undefined;
    this.#verbatim = verbatim;
    this.#mark = rules.escapeSpaces ? new Uint8Array([0xe2, 0x96, 0x81]) : new Uint8Array([space]);
    const changes = (byte: number) => verbatim.startsWith(byte) || (this.#charsmap && !this.#charsmap.keepsAscii(byte));
    for (let byte = 0; byte < 0x80; byte++) this.#copied[byte] = byte === space || changes(byte) ? 0 : 1;
    this.#keepsSpace = !changes(space);
  }

  run(text: Uint8Array, length: number, keepOrigins = false): void {
    const { dummyPrefix, removeExtraSpaces, suffix } = this.#rules;
    this.length = 0;
    this.#reserve(length + (length >> 1) + 16, keepOrigins);
    let at = removeExtraSpaces ? this.#pastSpaces(text, length) : 0;
    if (at === length) {
      if (keepOrigins) this.origins[0] = at;
      return;
    }
    if (dummyPrefix && !suffix) this.#add(this.#mark, 0, this.#mark.length, at, keepOrigins);
    this.#prefixLength = this.length;
    let afterSpace = removeExtraSpaces;
    while (at < length) {
      const lead = text[at] as number;
      if ((this.#copied[lead] === 1 || (lead === space && this.#keepsSpace)) && (at + 1 === length || (text[at + 1] as number) < 0x80)) {
        if (lead !== space) at = this.#copy(text, at, length, keepOrigins);
        else if (!afterSpace) this.#add(this.#mark, 0, this.#mark.length, at++, keepOrigins);
        else at++;
        afterSpace = removeExtraSpaces && lead === space;
        continue;
      }
      const end = this.#next(text, at, length);
      let { from } = this;
      if (afterSpace) while (from < this.to && this.source[from] === space) from++;
      if (from < this.to) {
        this.#addEscaped(this.source, from, this.to, at, keepOrigins);
        afterSpace = removeExtraSpaces && this.source[this.to - 1] === space;
      }
      at = end;
    }
    if (removeExtraSpaces) at = this.#dropTrailing(at, keepOrigins);
    if (dummyPrefix && suffix) this.#add(this.#mark, 0, this.#mark.length, at, keepOrigins);
    if (keepOrigins) this.origins[this.length] = at;
  }

  /** Bytes from `at` on that are copied as they are, one at least. Returns where they end. */
  #copy(text: Uint8Array, at: number, length: number, keepOrigins: boolean): number {
    if (this.length === this.bytes.length) this.#reserve(1, keepOrigins);
    const copied = this.#copied;
    const { bytes, origins } = this;
    const room = bytes.length;
    let to = this.length;
    for (;;) {
      if (keepOrigins) origins[to] = at;
      bytes[to++] = text[at++] as number;
      if (to === room || at === length || copied[text[at] as number] === 0) break;
      if (at + 1 < length && (text[at + 1] as number) >= 0x80) break;
    }
    this.length = to;
    return at;
  }

  /** Where bytes [start, end) of the result came from: whole characters of the text; for the dummy prefix alone, none but those that vanished. */
  originOf(start: number, end: number): { from: number; to: number } {
    return { from: this.originStart(start), to: this.originEnd(end) };
  }

  originStart(start: number): number {
    return this.origins[start] as number;
  }

  originEnd(end: number): number {
    const { origins } = this;
    if (end <= this.#prefixLength) return origins[end] as number;
    const last = origins[end - 1] as number;
    let after = end;
    while (after < this.length && origins[after] === last) after++;
    return origins[after] as number;
  }

  /** What the character or rule at a place puts: `source` from `from` to `to`. */
  source: Uint8Array = this.bytes;
  from = 0;
  to = 0;

  /** Where what stands at `at` ends in the text. */
  #next(text: Uint8Array, at: number, length: number): number {
    const charsmap = this.#charsmap;
    const verbatim = this.#verbatim.isEmpty ? 0 : this.#verbatim.match(text, at, length);
    if (verbatim === 0 && charsmap?.find(text, at, length)) {
      this.source = charsmap.replacements;
      this.from = charsmap.from;
      this.to = charsmap.to;
      return at + charsmap.matched;
    }
    this.source = text;
    this.from = at;
    this.to = Math.min(length, at + (verbatim || characterLength(text[at] as number)));
    return this.to;
  }

  #pastSpaces(text: Uint8Array, length: number): number {
    let at = 0;
    while (at < length) {
      const end = this.#next(text, at, length);
      if (this.to - this.from !== 1 || this.source[this.from] !== space) break;
      at = end;
    }
    return at;
  }

  #addEscaped(source: Uint8Array, from: number, to: number, origin: number, keepOrigins: boolean): void {
    let at = from;
    while (at < to) {
      if (source[at] === space) {
        this.#add(this.#mark, 0, this.#mark.length, origin, keepOrigins);
        at++;
        continue;
      }
      let end = at + 1;
      while (end < to && source[end] !== space) end++;
      this.#add(source, at, end, origin, keepOrigins);
      at = end;
    }
  }

  #add(source: Uint8Array, from: number, to: number, origin: number, keepOrigins: boolean): void {
    if (this.length + to - from > this.bytes.length) this.#reserve(to - from, keepOrigins);
    for (let at = from; at < to; at++) {
      if (keepOrigins) this.origins[this.length] = origin;
      this.bytes[this.length++] = source[at] as number;
    }
  }

  /** Takes marks off the end. Returns where in the text the result now ends. */
  #dropTrailing(at: number, keepOrigins: boolean): number {
    const mark = this.#mark;
    const endsInMark = () => this.length >= mark.length && mark.every((byte, index) => this.bytes[this.length - mark.length + index] === byte);
    while (endsInMark()) {
      this.length -= mark.length;
      if (keepOrigins) at = this.origins[this.length] as number;
    }
    return at;
  }

  /** Room for `more` bytes, and a few to spare for reading whole words. */
  #reserve(more: number, keepOrigins: boolean): void {
    const needed = this.length + more + 32;
    if (needed > mostBytes) {
      throw new CutawayError("text-too-long", `the normalised text has more than ${mostBytes} bytes`, { fix: "Encode the text in parts." });
    }
    if (this.bytes.length < needed || (this.bytes.length > 1 << 20 && needed < 1 << 19 && this.length === 0)) {
      const larger = new Uint8Array(Math.max(needed, Math.min(2 * this.bytes.length, 1 << 20), this.length + (this.length >> 1)));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    if (keepOrigins && this.origins.length < this.bytes.length + 1) {
      const larger = new Int32Array(this.bytes.length + 1);
      larger.set(this.origins.subarray(0, this.length));
      this.origins = larger;
    }
  }
}
