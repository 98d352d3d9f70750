import { CutawayError, type EncodeOptions, type TokenId, type Tokenizer, type TokenWithSpan } from "@cutaway/core";
import { type AddedToken, AddedTokenFinder } from "./added-tokens.ts";
import { type Anchors, BytePairEncoder, type BytePairModel } from "./bpe/byte-pair-encoder.ts";
import { Utf8Buffer } from "./bpe/utf8-buffer.ts";
import { applyEdits, type Edit, spanBefore } from "./edits.ts";
import { next } from "./scan/character-class.ts";
import { acceptance } from "./special-tokens.ts";
import type { TextSplitter } from "./text-splitter.ts";
import { Utf16Cursor } from "./utf16-cursor.ts";

export interface ByteLevelParts {
  name: string;
  model: BytePairModel;
  splitter: TextSplitter;
  /** A space goes before every stretch that does not start with one. */
  prefixSpace: boolean;
  /** Steps in order, each giving its changes to the text before it. */
  normalize: ((text: string) => Edit[])[];
  /** Found in the text as written … */
  addedTokens: AddedToken[];
  /** … and after normalisation. */
  normalizedTokens: AddedToken[];
}

/** A part of the text: an added token, or plain text to be split and merged. Offsets are UTF-16 units of the text as given. */
type Stretch = { token: AddedToken; start: number; end: number } | PlainStretch;
type PlainStretch = { token?: undefined; text: string; start: number; edits: Edit[][] };

const utf8 = new TextEncoder();
const buffer = new Utf8Buffer();

/** Text → added tokens and stretches → normalised → pieces → bytes → merged tokens. */
export class ByteLevelTokenizer implements Tokenizer {
  readonly name: string;
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  readonly #parts: ByteLevelParts;
  readonly #encoder: BytePairEncoder;
  readonly #raw: AddedTokenFinder;
  readonly #normalized: AddedTokenFinder;
  readonly #addedBytes = new Map<TokenId, Uint8Array>();

  constructor(parts: ByteLevelParts) {
    const added = [...parts.addedTokens, ...parts.normalizedTokens];
    this.#parts = parts;
    this.#encoder = new BytePairEncoder(parts.model);
    this.#raw = new AddedTokenFinder(parts.addedTokens);
    this.#normalized = new AddedTokenFinder(parts.normalizedTokens, (token) => this.#normalize(token.content).text);
    for (const token of added) this.#addedBytes.set(token.id, utf8.encode(token.content));
    this.name = parts.name;
    this.vocabSize = added.reduce((size, token) => Math.max(size, token.id + 1), parts.model.vocabulary.size);
    this.specialTokens = new Map(added.filter((token) => token.special).map((token) => [token.content, token.id]));
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    this.#run(text, options, true);
    return this.#encoder.take();
  }

  count(text: string, options?: EncodeOptions): number {
    return this.#run(text, options, false);
  }

  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[] {
    const tokens: TokenWithSpan[] = [];
    for (const stretch of this.#stretches(text, options)) {
      if (stretch.token) {
        tokens.push({ id: stretch.token.id, bytes: this.#bytes(stretch.token.id), span: { start: stretch.start, end: stretch.end } });
        continue;
      }
      const anchors: Anchors = [];
      this.#plain(stretch.text, true, anchors);
      const ids = this.#encoder.take();
      const cursor = new Utf16Cursor(buffer);
      let anchor = 0;
      let at = 0;
      for (const [index, id] of ids.entries()) {
        while (anchors[anchor] === index) {
          at = anchors[anchor + 1] as number;
          anchor += 3;
        }
        const isLastOfPiece = anchors[anchor] === index + 1 || index + 1 === ids.length;
        const bytes = this.#bytes(id);
        const end = isLastOfPiece ? (anchors[anchor - 1] as number) : at + bytes.length;
        let span = cursor.span(at, end);
        for (const edits of stretch.edits.toReversed()) span = spanBefore(edits, span);
        tokens.push({ id: id as TokenId, bytes, span: { start: stretch.start + span.start, end: stretch.start + span.end } });
        at = end;
      }
    }
    return tokens;
  }

  decode(ids: Iterable<number>): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.decodeBytes(ids));
  }

  decodeBytes(ids: Iterable<number>): Uint8Array {
    let bytes = new Uint8Array(256);
    let length = 0;
    let index = 0;
    for (const id of ids) {
      const token = this.#view(id);
      if (!token) throw unknownId(this.name, id, index, this.vocabSize);
      if (length + token.length > bytes.length) {
        const larger = new Uint8Array(2 * (length + token.length));
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(token, length);
      length += token.length;
      index++;
    }
    return bytes.slice(0, length);
  }

  bytesOf(id: number): Uint8Array | undefined {
    return this.#view(id)?.slice();
  }

  #view(id: number): Uint8Array | undefined {
    return this.#addedBytes.get(id as TokenId) ?? this.#parts.model.vocabulary.bytesOf(id);
  }

  #bytes(id: number): Uint8Array {
    return this.bytesOf(id) ?? new Uint8Array();
  }

  #run(text: string, options: EncodeOptions | undefined, keep: boolean): number {
    let count = 0;
    for (const stretch of this.#stretches(text, options)) {
      if (stretch.token) {
        count++;
        if (keep) this.#encoder.push(stretch.token.id);
      } else {
        count += this.#plain(stretch.text, keep);
      }
    }
    return count;
  }

  /** All stretches before the first is encoded, so that a refused token leaves nothing half done. */
  #stretches(text: string, options: EncodeOptions | undefined): Stretch[] {
    const accept = acceptance(this.name, this.specialTokens, options);
    const stretches: Stretch[] = [];
    for (const part of cut(text, this.#raw, accept)) {
      if (part.token) {
        stretches.push(part);
        continue;
      }
      const { text: normalized, edits } = this.#normalize(part.text);
      const before = (span: { start: number; end: number }) => {
        for (const step of edits.toReversed()) span = spanBefore(step, span);
        return { start: part.start + span.start, end: part.start + span.end };
      };
      const inner = cut(normalized, this.#normalized, (token, at) => accept(token, before({ start: at, end: at + 1 }).start));
      if (inner.length === 1 && !inner[0]?.token) {
        stretches.push(this.#prefixed({ text: normalized, start: part.start, edits }));
        continue;
      }
      for (const piece of inner) {
        if (piece.token) stretches.push({ token: piece.token, ...before(piece) });
        // What was cut out of a normalised text finds its way back through one more step that puts it where it was.
        else stretches.push(this.#prefixed({ text: piece.text, start: part.start, edits: [...edits, [{ start: 0, end: piece.start, text: "" }]] }));
      }
    }
    return stretches;
  }

  #prefixed(stretch: PlainStretch): PlainStretch {
    if (!this.#parts.prefixSpace || stretch.text.startsWith(" ")) return stretch;
    return { ...stretch, text: ` ${stretch.text}`, edits: [...stretch.edits, [{ start: 0, end: 0, text: " " }]] };
  }

  #normalize(text: string): { text: string; edits: Edit[][] } {
    const edits: Edit[][] = [];
    for (const step of this.#parts.normalize) {
      const changes = step(text);
      if (changes.length === 0) continue;
      edits.push(changes);
      text = applyEdits(text, changes);
    }
    return { text, edits };
  }

  /** One stretch, split and merged; leaves its bytes in `buffer`. */
  #plain(text: string, keep: boolean, anchors?: Anchors): number {
    const encoder = this.#encoder;
    const { splitter } = this.#parts;
    const source = buffer.fill(text);
    let count = 0;
    if (splitter.kind === "scan") {
      const { scan } = splitter;
      for (let start = 0; start < source.length; ) {
        const end = scan(source.bytes, start, source.length);
        count += encoder.encode(source, start, end, keep, anchors);
        start = end;
      }
      return count;
    }
    const ranges = splitter.split(text);
    let unit = 0;
    let byte = 0;
    const byteAt = (offset: number): number => {
      while (unit < offset) {
        const after = next(source.bytes, byte);
        unit += after - byte === 4 ? 2 : 1;
        byte = after;
      }
      return byte;
    };
    for (let index = 0; index < ranges.length; index += 2) {
      const start = byteAt(ranges[index] as number);
      const end = byteAt(ranges[index + 1] as number);
      if (end > start) count += encoder.encode(source, start, end, keep, anchors);
    }
    return count;
  }
}

function cut(text: string, finder: AddedTokenFinder, accept: (token: AddedToken, at: number) => boolean) {
  const parts: ({ token: AddedToken; start: number; end: number } | { token?: undefined; text: string; start: number })[] = [];
  let at = 0;
  for (const { token, start, end } of finder.find(text, accept)) {
    if (start > at) parts.push({ text: text.slice(at, start), start: at });
    parts.push({ token, start, end });
    at = end;
  }
  if (at < text.length) parts.push({ text: at === 0 ? text : text.slice(at), start: at });
  return parts;
}

function unknownId(name: string, id: number, index: number, vocabSize: number): CutawayError {
  return new CutawayError("unknown-token-id", `decode: ${id} at position ${index} is not a token of ${name} (${vocabSize} ids)`, {
    fix: "Decode with the tokenizer that made the ids.",
    data: { id, index, tokenizer: name },
  });
}
