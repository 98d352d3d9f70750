import {
  CutawayError,
  type EncodeOptions,
  type OffsetUnit,
  type Span,
  type TokenId,
  type Tokenizer,
  type TokenizerFamily,
  type TokenKind,
  type TokenOffsets,
  type TokenTrace,
  type TokenWithSpan,
  type TracePiece,
  type TraceStretch,
} from "@cutaway/core";
import { unitsToBytes } from "../packed-offsets.ts";
import { type AddedAround, nothingAdded } from "../post-processing.ts";
import { acceptance } from "../special-tokens.ts";
import { type Stretch, Stretcher, type StretchRules, type TextStretch } from "../stretches.ts";
import { traceOf, traceOfAddedToken } from "../trace-stretches.ts";
import type { PieceDecoder } from "./piece-decoder.ts";
import type { PieceModel } from "./piece-model.ts";
import { BYTE, byteOfPiece, CONTROL, type Pieces, spaced, textOf, UNKNOWN, UNUSED } from "./pieces.ts";
import type { Prepare, PreparedText } from "./text-preparation.ts";
import { TokenList } from "./token-list.ts";

export interface SentencePieceParts extends StretchRules {
  name: string;
  /** Of every id, those of added tokens included; a type of 0 marks an id that is none. */
  pieces: Pieces;
  unknownId?: number;
  prepare: Prepare;
  model: PieceModel;
  decoder: PieceDecoder;
  /** What `addSpecialTokens` puts around a text. Absent where the source does not say: then the option is refused. */
  addedAround?: AddedAround;
}

/** Text → added tokens and stretches → normalised → pieces → merged, or cut along the best path. */
export class SentencePieceTokenizer implements Tokenizer {
  readonly name: string;
  readonly family: TokenizerFamily;
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  readonly unknownId?: TokenId;
  readonly #parts: SentencePieceParts;
  readonly #stretcher: Stretcher;
  readonly #list = new TokenList();

  constructor(parts: SentencePieceParts) {
    const added = [...parts.addedTokens, ...parts.normalizedTokens];
    this.#parts = parts;
    this.#stretcher = new Stretcher(parts);
    this.name = parts.name;
    this.family = parts.model.family;
    this.vocabSize = parts.pieces.types.length;
    this.specialTokens = new Map(added.filter((token) => token.special).map((token) => [token.content, token.id]));
    if (parts.unknownId !== undefined) this.unknownId = parts.unknownId as TokenId;
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    this.#run(text, options);
    return this.#list.ids.slice(0, this.#list.length);
  }

  count(text: string, options?: EncodeOptions): number {
    this.#run(text, options);
    return this.#list.length;
  }

  countWithinLimit(text: string, limit: number, options?: EncodeOptions): number | undefined {
    this.#run(text, options, limit);
    return this.#list.length <= limit ? this.#list.length : undefined;
  }

  encodeWithOffsets(text: string, options: EncodeOptions & { unit?: OffsetUnit } = {}): TokenOffsets {
    const { before, after } = this.#around(options);
    const { unit = "utf16" } = options;
    const list = this.#emptyList(true);
    for (const id of before) list.push(id, 0, 0);
    // Tokens at the beginning that are in place already, in bytes.
    let inBytes = before.length;
    for (const stretch of this.#stretches(text, options)) {
      const first = list.length;
      if (stretch.token) {
        list.push(stretch.token.id, stretch.span.start, stretch.span.end);
        continue;
      }
      if (this.#prepared(stretch, true).place(list, first, unit) === "utf8") inBytes = list.length;
    }
    for (const id of after) list.push(id, text.length, text.length);
    const ids = list.ids.slice(0, list.length);
    const starts = new Uint32Array(list.starts.subarray(0, list.length));
    const ends = new Uint32Array(list.ends.subarray(0, list.length));
    if (unit === "utf8") unitsToBytes(text, starts.subarray(inBytes), ends.subarray(inBytes));
    return { ids, starts, ends };
  }

  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[] {
    const { ids, starts, ends } = this.encodeWithOffsets(text, { ...options, unit: "utf16" });
    return Array.from(ids, (id, index) => this.#token(id, { start: starts[index] as number, end: ends[index] as number }));
  }

  trace(text: string, options?: EncodeOptions): TokenTrace {
    const added = this.#around(options);
    const stretches = this.#stretches(text, options).map((stretch) => this.#traceOf(stretch));
    return traceOf(text, stretches, added);
  }

  #traceOf(stretch: Stretch): TraceStretch {
    if (stretch.token) return traceOfAddedToken(stretch);
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const { model, prepare } = this.#parts;
    const prepared = prepare(stretch, true);
    const pieceSpan = prepared.spans();
    const tokenSpan = prepared.spans();
    const list = new TokenList();
    const pieces = rangesOf(prepared).map(([start, end]): TracePiece => {
      list.clear();
      model.encode(prepared, start, end, list);
      const tokens = Array.from(list.ids.subarray(0, list.length), (id, index) =>
        this.#token(id, tokenSpan(list.starts[index] as number, list.ends[index] as number)),
      );
      const text = utf8.decode(prepared.bytes.subarray(start, end));
      return { text, span: pieceSpan(start, end), tokens, found: model.trace(prepared, start, end) };
    });
    return { kind: "text", span: stretch.origin({ start: 0, end: stretch.text.length }), normalizations: prepared.steps(), pieces };
  }

  decode(ids: Iterable<number>): string {
    return this.#parts.decoder.decode(this.#known(ids));
  }

  decodeBytes(ids: Iterable<number>): Uint8Array {
    return this.#parts.decoder.decodeBytes(this.#known(ids));
  }

  #known(ids: Iterable<number>): number[] {
    const list = [...ids];
    const index = list.findIndex((id) => !this.#has(id));
    if (index < 0) return list;
    throw new CutawayError("unknown-token-id", `decode: ${list[index]} at position ${index} is not a token of ${this.name} (${this.vocabSize} ids)`, {
      fix: "Decode with the tokenizer that made the ids.",
      data: { id: list[index], index, tokenizer: this.name },
    });
  }

  bytesOf(id: number): Uint8Array | undefined {
    if (!this.#has(id)) return undefined;
    const { pieces } = this.#parts;
    const text = textOf(pieces, id);
    switch (pieces.types[id]) {
      case BYTE:
        return Uint8Array.of(byteOfPiece(text));
      case CONTROL:
      case UNKNOWN:
        return text.slice();
      default:
        return spaced(text).slice();
    }
  }

  kindOf(id: number): TokenKind | undefined {
    if (!this.#has(id)) return undefined;
    switch (this.#parts.pieces.types[id]) {
      case UNKNOWN:
        return "unknown";
      case CONTROL:
        return "special";
      case BYTE:
        return "byte";
      case UNUSED:
        return "unused";
      default:
        return "text";
    }
  }

  #has(id: number): boolean {
    return (this.#parts.pieces.types[id] ?? 0) !== 0;
  }

  #token(id: number, span: Span): TokenWithSpan {
    return { id: id as TokenId, bytes: this.bytesOf(id) ?? new Uint8Array(), span };
  }

  /** What the options put around a text. */
  #around(options: EncodeOptions | undefined): AddedAround {
    if (!options?.addSpecialTokens) return nothingAdded;
    if (this.#parts.addedAround) return this.#parts.addedAround;
    throw new CutawayError("unknown-post-processing", `addSpecialTokens: ${this.name} does not say which tokens go around a text`, {
      fix: "Leave the option out, or read the tokenizer from a tokenizer.json or GGUF file that says so.",
      data: { tokenizer: this.name },
    });
  }

  /** All of them before the first is encoded, so that a refused token leaves nothing half done. */
  #stretches(text: string, options: EncodeOptions | undefined): Stretch[] {
    return this.#stretcher.stretches(text, acceptance(this.name, this.specialTokens, options));
  }

  /** Leaves the tokens in the list. May stop where there are more than `limit`. */
  #run(text: string, options: EncodeOptions | undefined, limit = Number.POSITIVE_INFINITY): void {
    const { before, after } = this.#around(options);
    const list = this.#emptyList(false);
    for (const id of before) list.push(id, 0, 0);
    for (const stretch of this.#stretches(text, options)) {
      if (list.length > limit) return;
      if (stretch.token) list.push(stretch.token.id, 0, 0);
      else this.#prepared(stretch, false, limit);
    }
    for (const id of after) list.push(id, 0, 0);
  }

  #emptyList(keepsRanges: boolean): TokenList {
    this.#list.clear();
    this.#list.keepsRanges = keepsRanges;
    return this.#list;
  }

  /** Prepares a stretch and adds its tokens to the list. */
  #prepared(stretch: TextStretch, keepOrigins: boolean, limit?: number): PreparedText {
    const { prepare, model } = this.#parts;
    const prepared = prepare(stretch, keepOrigins);
    const list = this.#list;
    // Seldom more tokens than bytes: else a long text's list would be copied again and again as it grows.
    if (limit === undefined || limit === Number.POSITIVE_INFINITY) list.reserve(prepared.length);
    const { ranges } = prepared;
    if (!ranges) {
      model.encode(prepared, 0, prepared.length, list, limit);
      return prepared;
    }
    for (let index = 0; index < ranges.length; index += 2) {
      if (limit !== undefined && list.length > limit) break;
      model.encode(prepared, ranges[index] as number, ranges[index + 1] as number, list, limit);
    }
    return prepared;
  }
}

function rangesOf({ ranges, length }: PreparedText): [start: number, end: number][] {
  if (!ranges) return length === 0 ? [] : [[0, length]];
  return Array.from({ length: ranges.length / 2 }, (_, index) => [ranges[2 * index] as number, ranges[2 * index + 1] as number]);
}
