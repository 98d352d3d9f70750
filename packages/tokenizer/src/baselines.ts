import {
  CutawayError,
  type EncodeOptions,
  type OffsetUnit,
  type Span,
  type TokenId,
  type Tokenizer,
  type TokenKind,
  type TokenOffsets,
  type TokenTrace,
  type TokenWithSpan,
} from "@cutaway/core";
import { acceptance } from "./special-tokens.ts";

const utf8 = new TextEncoder();
const replacement = 0xfffd;

/** One id a byte of UTF-8: the floor below every byte-level vocabulary. */
export const bytesTokenizer = (): Tokenizer => new TableTokenizer("bytes", 256);

/** One id a code point, which is its number. */
export const charactersTokenizer = (): Tokenizer => new TableTokenizer("characters", 0x110000);

/** A tokenizer without a vocabulary: characters of the text as given, or their bytes. A lone surrogate counts as U+FFFD. */
class TableTokenizer implements Tokenizer {
  readonly name: string;
  readonly family: "bytes" | "characters";
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, TokenId> = new Map();

  constructor(family: "bytes" | "characters", vocabSize: number) {
    this.name = family;
    this.family = family;
    this.vocabSize = vocabSize;
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    this.#check(options);
    if (this.family === "bytes") return new Uint32Array(utf8.encode(text));
    const ids = new Uint32Array(text.length);
    let count = 0;
    for (const character of text) ids[count++] = wellFormed(character.codePointAt(0) as number);
    return ids.slice(0, count);
  }

  count(text: string, options?: EncodeOptions): number {
    return this.#count(text, options, Number.POSITIVE_INFINITY);
  }

  countWithinLimit(text: string, limit: number, options?: EncodeOptions): number | undefined {
    const count = this.#count(text, options, limit);
    return count <= limit ? count : undefined;
  }

  #count(text: string, options: EncodeOptions | undefined, limit: number): number {
    this.#check(options);
    let count = 0;
    for (const character of text) {
      count += this.family === "bytes" ? byteLength(character.codePointAt(0) as number) : 1;
      if (count > limit) break;
    }
    return count;
  }

  encodeWithOffsets(text: string, options: EncodeOptions & { unit?: OffsetUnit } = {}): TokenOffsets {
    const ids = this.encode(text, options);
    const starts = new Uint32Array(ids.length);
    const ends = new Uint32Array(ids.length);
    const inBytes = options.unit === "utf8";
    let token = 0;
    let start = 0;
    for (const character of text) {
      const bytes = byteLength(character.codePointAt(0) as number);
      const end = start + (inBytes ? bytes : character.length);
      // Of a character's bytes each has the range of the whole character.
      const after = token + (this.family === "bytes" ? bytes : 1);
      for (; token < after; token++) {
        starts[token] = start;
        ends[token] = end;
      }
      start = end;
    }
    return { ids, starts, ends };
  }

  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[] {
    this.#check(options);
    const tokens: TokenWithSpan[] = [];
    let start = 0;
    for (const character of text) {
      const span: Span = { start, end: start + character.length };
      const bytes = utf8.encode(character);
      if (this.family === "characters") tokens.push({ id: wellFormed(character.codePointAt(0) as number) as TokenId, bytes, span });
      else for (const byte of bytes) tokens.push({ id: byte as TokenId, bytes: Uint8Array.of(byte), span });
      start = span.end;
    }
    return tokens;
  }

  trace(text: string, options?: EncodeOptions): TokenTrace {
    const tokens = this.encodeWithSpans(text, options);
    const span = { start: 0, end: text.length };
    return {
      text,
      stretches: text === "" ? [] : [{ kind: "text", span, normalizations: [], pieces: [{ text, span, tokens, found: { by: "table" } }] }],
      added: { before: [], after: [] },
      ids: Uint32Array.from(tokens, ({ id }) => id),
    };
  }

  decode(ids: Iterable<number>): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.decodeBytes(ids));
  }

  decodeBytes(ids: Iterable<number>): Uint8Array {
    if (this.family === "bytes") return Uint8Array.from(this.#checked(ids));
    const parts: string[] = [];
    for (const id of this.#checked(ids)) parts.push(String.fromCodePoint(id));
    return utf8.encode(parts.join(""));
  }

  bytesOf(id: number): Uint8Array | undefined {
    if (!this.#has(id)) return undefined;
    return this.family === "bytes" ? Uint8Array.of(id) : utf8.encode(String.fromCodePoint(id));
  }

  kindOf(id: number): TokenKind | undefined {
    if (!this.#has(id)) return undefined;
    return this.family === "bytes" ? "byte" : "text";
  }

  #has(id: number): boolean {
    const isSurrogate = this.family === "characters" && id >= 0xd800 && id <= 0xdfff;
    return Number.isInteger(id) && id >= 0 && id < this.vocabSize && !isSurrogate;
  }

  *#checked(ids: Iterable<number>): Iterable<number> {
    let index = 0;
    for (const id of ids) {
      if (!this.#has(id)) {
        throw new CutawayError("unknown-token-id", `decode: ${id} at position ${index} is not a token of ${this.name} (${this.vocabSize} ids)`, {
          fix: "Decode with the tokenizer that made the ids.",
          data: { id, index, tokenizer: this.name },
        });
      }
      yield id;
      index++;
    }
  }

  /** There are no special tokens that options could name. */
  #check(options: EncodeOptions | undefined): void {
    acceptance(this.name, this.specialTokens, options);
  }
}

const wellFormed = (codePoint: number): number => (codePoint >= 0xd800 && codePoint <= 0xdfff ? replacement : codePoint);

const byteLength = (codePoint: number): number => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4);
