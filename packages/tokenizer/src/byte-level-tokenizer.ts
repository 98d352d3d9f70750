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
  type TraceStretch,
} from "@cutaway/core";
import { type Anchors, BytePairEncoder, type BytePairModel } from "./bpe/byte-pair-encoder.ts";
import { KnownWindows } from "./bpe/known-windows.ts";
import { TokenOffsetList } from "./bpe/token-offset-list.ts";
import { traceMerges } from "./bpe/trace-merges.ts";
import { Utf8Buffer } from "./bpe/utf8-buffer.ts";
import { packedOffsets } from "./packed-offsets.ts";
import { type AddedAround, nothingAdded } from "./post-processing.ts";
import { next } from "./scan/character-class.ts";
import { hasCuts, isCutAt } from "./scan/cuts.ts";
import type { Scan } from "./scan/runs.ts";
import { acceptance } from "./special-tokens.ts";
import { type Stretch, Stretcher, type StretchRules, type TextStretch } from "./stretches.ts";
import { type CutsText, partsAtCuts, windowsAtCuts } from "./text-cuts.ts";
import type { TextSplitter } from "./text-splitter.ts";
import { traceOf, traceOfAddedToken } from "./trace-stretches.ts";
import { Utf16Cursor } from "./utf16-cursor.ts";

export interface ByteLevelParts extends StretchRules {
  name: string;
  splitter: TextSplitter;
  model: BytePairModel;
  /** What `addSpecialTokens` puts around a text. Absent where the source does not say, as with ranks alone: then the option is refused. */
  addedAround?: AddedAround;
}

/** Long texts are taken in windows where their pieces end for certain: the bytes stay in the processor's cache, and windows are known again. */
const windowUnits = 1 << 15;

const noLimit = Number.POSITIVE_INFINITY;
const utf8 = new TextEncoder();
const buffer = new Utf8Buffer();

/** Text → added tokens and stretches → normalised → pieces → bytes → merged tokens. */
export class ByteLevelTokenizer implements Tokenizer, CutsText {
  readonly family = "byte-level-bpe";
  readonly name: string;
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  readonly unknownId?: TokenId;
  readonly #model: BytePairModel;
  readonly #stretcher: Stretcher;
  readonly #splitter: TextSplitter;
  readonly #encoder: BytePairEncoder;
  readonly #addedAround: AddedAround | undefined;
  /** Whether every byte has a token, so that tokens cover the text. */
  readonly #isComplete: boolean;
  readonly #hasCuts: boolean;
  readonly #windows = new KnownWindows();
  /** Made when offsets are first asked for. */
  #offsets: TokenOffsetList | undefined;
  readonly cutReach: number | undefined;
  readonly #addedBytes = new Map<TokenId, Uint8Array>();

  constructor(parts: ByteLevelParts) {
    const added = [...parts.addedTokens, ...parts.normalizedTokens];
    const { model } = parts;
    this.#model = model;
    this.#stretcher = new Stretcher({ ...parts, asUtf8: parts.splitter.kind === "scan" });
    this.#splitter = parts.splitter;
    this.#encoder = new BytePairEncoder(model);
    this.#isComplete = !model.byteIds.includes(-1);
    this.#hasCuts = parts.splitter.kind === "scan" && hasCuts(parts.splitter.scan);
    this.cutReach = this.#hasCuts && this.#stretcher.hasClearPlaces ? this.#stretcher.reach : undefined;
    this.#addedAround = parts.addedAround;
    for (const token of added) this.#addedBytes.set(token.id, utf8.encode(token.content));
    this.name = parts.name;
    this.vocabSize = added.reduce((size, token) => Math.max(size, token.id + 1), model.vocabulary.size);
    this.specialTokens = new Map(added.filter((token) => token.special).map((token) => [token.content, token.id]));
    if (model.unknown && !this.#isComplete) this.unknownId = model.unknown.id as TokenId;
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    this.#run(text, options, true);
    return this.#encoder.take();
  }

  count(text: string, options?: EncodeOptions): number {
    return this.#run(text, options, false);
  }

  countWithinLimit(text: string, limit: number, options?: EncodeOptions): number | undefined {
    // Part by part, so that what lies beyond the limit is not looked at.
    if (this.cutReach !== undefined && text.length > windowUnits && !options?.addSpecialTokens) {
      let total = 0;
      for (const { start, end } of partsAtCuts(text, windowUnits, (at) => this.cutsAt(text, at))) {
        total += this.#run(text.slice(start, end), options, false, limit - total);
        if (total > limit) return undefined;
      }
      return total;
    }
    const count = this.#run(text, options, false, limit);
    return count <= limit ? count : undefined;
  }

  cutsAt(text: string, at: number): boolean {
    return this.cutReach !== undefined && isCutAt(text, at) && this.#stretcher.isClear(text, at);
  }

  encodeWithOffsets(text: string, options: EncodeOptions & { unit?: OffsetUnit } = {}): TokenOffsets {
    const { unit = "utf16" } = options;
    const splitter = this.#splitter;
    const stretches = this.#stretches(text, options);
    const isAsGiven = stretches.every((stretch) => stretch.token || stretch.offset !== undefined);
    if (!isAsGiven || splitter.kind !== "scan" || !this.#isComplete) return packedOffsets(text, this.encodeWithSpans(text, options), unit);
    const { before, after } = this.#around(options);
    this.#offsets ??= new TokenOffsetList(this.#model.vocabulary);
    const list = this.#offsets;
    list.begin(unit);
    list.addEmpty(before.length);
    for (const id of before) this.#encoder.push(id);
    for (const stretch of stretches) {
      if (stretch.token) {
        this.#encoder.push(stretch.token.id);
        list.addText(text, stretch.span);
      } else {
        for (const { start, end } of this.#windowsOf(stretch.text)) {
          const source = buffer.fill(stretch.text.slice(start, end));
          const first = this.#encoder.length;
          this.#encodeWindow(source, splitter.scan, true, noLimit);
          list.addTokens(source, end - start, this.#encoder.since(first));
        }
      }
    }
    list.addEmpty(after.length);
    for (const id of after) this.#encoder.push(id);
    return { ids: this.#encoder.take(), ...list.take() };
  }

  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[] {
    const { before, after } = this.#around(options);
    const at = (place: number) => (id: TokenId) => ({ id, bytes: this.#bytes(id), span: { start: place, end: place } });
    const own = this.#stretches(text, options).flatMap((stretch) =>
      stretch.token ? [{ id: stretch.token.id, bytes: this.#bytes(stretch.token.id), span: stretch.span }] : this.#spansOf(stretch),
    );
    return [...before.map(at(0)), ...own, ...after.map(at(text.length))];
  }

  trace(text: string, options?: EncodeOptions): TokenTrace {
    const added = this.#around(options);
    const stretches = this.#stretches(text.toWellFormed(), options).map((stretch) => this.#traceOf(stretch));
    return traceOf(text, stretches, added);
  }

  #traceOf(stretch: Stretch): TraceStretch {
    if (stretch.token) return traceOfAddedToken(stretch);
    const { text, origin, steps } = stretch;
    const source = buffer.fill(text);
    const cursor = new Utf16Cursor(source);
    const tokens = this.#spansOf(stretch);
    let from = 0;
    const pieces = this.#pieces(text, source).map(({ start, end }) => {
      const count = this.#encoder.encodePieces(source, wholePiece, start, end, false, noLimit);
      const own = tokens.slice(from, from + count);
      from += count;
      const span = cursor.span(start, end);
      return { text: text.slice(span.start, span.end), span: origin(span), tokens: own, found: traceMerges(this.#model, source, start, end) };
    });
    return { kind: "text", span: origin({ start: 0, end: text.length }), normalizations: [...steps], pieces };
  }

  #spansOf({ text, origin }: TextStretch): TokenWithSpan[] {
    const anchors: Anchors = [];
    const source = buffer.fill(text);
    for (const { start, end } of this.#pieces(text, source)) this.#encoder.encodeAnchored(source, start, end, anchors);
    const ids = this.#encoder.take();
    const cursor = new Utf16Cursor(source);
    const tokens: TokenWithSpan[] = [];
    let anchor = 0;
    let at = 0;
    for (const [index, id] of ids.entries()) {
      while (anchors[anchor] === index) {
        at = anchors[anchor + 1] as number;
        anchor += 3;
      }
      // Tokens follow one another by their lengths, except the last of a piece, which ends where the piece does: an unknown token has no length.
      const isLast = anchors[anchor] === index + 1 || index + 1 === ids.length;
      const bytes = this.#bytes(id);
      const end = isLast ? (anchors[anchor - 1] as number) : at + bytes.length;
      tokens.push({ id: id as TokenId, bytes, span: origin(cursor.span(at, end)) });
      at = end;
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

  kindOf(id: number): TokenKind | undefined {
    const content = this.#addedBytes.get(id as TokenId);
    if (id === this.unknownId) return "unknown";
    if (content) return this.specialTokens.get(new TextDecoder().decode(content)) === id ? "special" : "text";
    if (!this.#model.vocabulary.bytesOf(id)) return undefined;
    return this.#model.vocabulary.isListed(id) ? "text" : "unused";
  }

  #view(id: number): Uint8Array | undefined {
    return this.#addedBytes.get(id as TokenId) ?? this.#model.vocabulary.bytesOf(id);
  }

  #bytes(id: number): Uint8Array {
    return this.bytesOf(id) ?? new Uint8Array();
  }

  /** What the options put around a text. */
  #around(options: EncodeOptions | undefined): AddedAround {
    if (!options?.addSpecialTokens) return nothingAdded;
    if (this.#addedAround) return this.#addedAround;
    throw new CutawayError("unknown-post-processing", `addSpecialTokens: ${this.name} does not say which tokens go around a text`, {
      fix: "Leave the option out, or read the tokenizer from a tokenizer.json or GGUF file that says so.",
      data: { tokenizer: this.name },
    });
  }

  /** Stops where the count is above `limit`. */
  #run(text: string, options: EncodeOptions | undefined, keep: boolean, limit = noLimit): number {
    const { before, after } = this.#around(options);
    const stretches = this.#stretches(text, options);
    let count = before.length + after.length;
    if (keep) for (const id of before) this.#encoder.push(id);
    for (const stretch of stretches) {
      if (count > limit) return count;
      if (stretch.token) {
        count++;
        if (keep) this.#encoder.push(stretch.token.id);
      } else {
        count += this.#plain(stretch.text, keep, limit - count);
      }
    }
    if (keep) for (const id of after) this.#encoder.push(id);
    return count;
  }

  /** All of them before the first is encoded, so that a refused token leaves nothing half done. */
  #stretches(text: string, options: EncodeOptions | undefined): Stretch[] {
    return this.#stretcher.stretches(text, acceptance(this.name, this.specialTokens, options));
  }

  /** One stretch, split and merged, up to the piece that takes the count above `limit`. */
  #plain(text: string, keep: boolean, limit: number): number {
    const encoder = this.#encoder;
    const splitter = this.#splitter;
    let count = 0;
    if (splitter.kind === "scan") {
      for (const { start, end } of this.#windowsOf(text)) {
        const source = buffer.fill(start === 0 && end === text.length ? text : text.slice(start, end));
        count += this.#encodeWindow(source, splitter.scan, keep, limit - count);
        if (count > limit) break;
      }
      return count;
    }
    const source = buffer.fill(text);
    for (const { start, end } of this.#pieces(text, source)) {
      if (count > limit) break;
      count += encoder.encodePieces(source, wholePiece, start, end, keep, limit - count);
    }
    return count;
  }

  /** Returns the number of tokens; where that is above `limit`, the rest may be missing. */
  #encodeWindow(source: Utf8Buffer, scan: Scan, keep: boolean, limit: number): number {
    const encoder = this.#encoder;
    const known = this.#windows.find(source);
    if (known && (!keep || known.ids)) {
      if (known.ids && keep) encoder.append(known.ids);
      return known.count;
    }
    const first = encoder.length;
    const count = encoder.encodePieces(source, scan, 0, source.length, keep, limit);
    if (count <= limit) this.#windows.add(source, count, keep ? encoder.since(first).slice() : undefined);
    return count;
  }

  #windowsOf(text: string): Iterable<Span> {
    return this.#hasCuts ? windowsAtCuts(text, (at) => isCutAt(text, at)) : [{ start: 0, end: text.length }];
  }

  /** The pieces of a stretch, as bytes of `source`. */
  #pieces(text: string, source: Utf8Buffer): { start: number; end: number }[] {
    const splitter = this.#splitter;
    const pieces: { start: number; end: number }[] = [];
    if (splitter.kind === "scan") {
      for (let start = 0; start < source.length; ) {
        const end = splitter.scan(source.bytes, start, source.length);
        pieces.push({ start, end });
        start = end;
      }
      return pieces;
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
      if (end > start) pieces.push({ start, end });
    }
    return pieces;
  }
}

const wholePiece = (_utf8: Uint8Array, _start: number, end: number) => end;

function unknownId(name: string, id: number, index: number, vocabSize: number): CutawayError {
  return new CutawayError("unknown-token-id", `decode: ${id} at position ${index} is not a token of ${name} (${vocabSize} ids)`, {
    fix: "Decode with the tokenizer that made the ids.",
    data: { id, index, tokenizer: name },
  });
}
