import {
  CutawayError,
  type EncodeOptions,
  type OffsetUnit,
  type TokenId,
  type Tokenizer,
  type TokenKind,
  type TokenOffsets,
  type TokenTrace,
  type TokenWithSpan,
} from "@cutaway/core";
import { type SplitStep, splitterOfChain } from "../json/split.ts";
import { unitsToBytes } from "../packed-offsets.ts";
import { type AddedAround, nothingAdded } from "../post-processing.ts";
import { acceptance } from "../special-tokens.ts";
import { type Stretch, Stretcher, type StretchRules, type TextStretch } from "../stretches.ts";
import type { RangeSplitter } from "../text-splitter.ts";
import { BertScanner } from "./bert-scanner.ts";
import type { BertRules } from "./bert-text.ts";
import { decodePieces, type PieceDecoder } from "./decode-pieces.ts";
import { matchPieces } from "./match-pieces.ts";
import { PieceMatcher } from "./piece-matcher.ts";
import { Places } from "./places.ts";
import { traceWordPiece } from "./trace-wordpiece.ts";
import { WordPieceModel, type WordPieceVocabulary } from "./wordpiece-model.ts";

export interface WordPieceParts extends StretchRules {
  name: string;
  vocabulary: WordPieceVocabulary;
  /** Cut what is normalised. */
  split: readonly SplitStep[];
  /** Where `normalize` and `split` are BERT's own, the rules: then one pass does all. */
  bert?: BertRules;
  decoder: PieceDecoder;
  /** Absent where the source does not say: then `addSpecialTokens` is refused. */
  addedAround?: AddedAround;
}

const utf8 = new TextEncoder();
const noLimit = Number.POSITIVE_INFINITY;
const reserved = /^\[unused\d+\]$/;

/** Text → added tokens and stretches → normalised → words → longest matches. */
export class WordPieceTokenizer implements Tokenizer {
  readonly family = "wordpiece";
  readonly name: string;
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  readonly unknownId: TokenId;
  readonly #parts: WordPieceParts;
  readonly #model: WordPieceModel;
  readonly #matcher: PieceMatcher;
  readonly #places = new Places();
  readonly #stretcher: Stretcher;
  readonly #splitter: RangeSplitter;
  readonly #contents = new Map<number, string>();
  /** For the one pass: its scanner, and a stretcher that leaves the text as it is. */
  readonly #bert: { scanner: BertScanner; stretcher: Stretcher } | undefined;

  constructor(parts: WordPieceParts) {
    const added = [...parts.addedTokens, ...parts.normalizedTokens];
    this.#parts = parts;
    this.#model = new WordPieceModel(parts.vocabulary);
    this.#matcher = new PieceMatcher(this.#model);
    this.#stretcher = new Stretcher(parts);
    this.#splitter = splitterOfChain(parts.split);
    for (const { id, content } of added) this.#contents.set(id, content);
    this.name = parts.name;
    this.unknownId = parts.vocabulary.unknownId;
    this.vocabSize = added.reduce((size, { id }) => Math.max(size, id + 1), parts.vocabulary.pieces.length);
    this.specialTokens = new Map(added.filter(({ special }) => special).map(({ content, id }) => [content, id]));
    if (parts.bert && parts.normalizedTokens.length === 0 && !parts.prefixSpace) {
      this.#bert = { scanner: new BertScanner(parts.bert, this.#model.alphabet), stretcher: new Stretcher({ ...parts, normalize: [] }) };
    }
  }

  encode(text: string, options?: EncodeOptions): Uint32Array {
    this.#run(text, options, noLimit, undefined);
    return this.#matcher.take();
  }

  count(text: string, options?: EncodeOptions): number {
    return this.#counted(text, options, noLimit);
  }

  countWithinLimit(text: string, limit: number, options?: EncodeOptions): number | undefined {
    const count = this.#counted(text, options, limit);
    return count <= limit ? count : undefined;
  }

  encodeWithOffsets(text: string, options: EncodeOptions & { unit?: OffsetUnit } = {}): TokenOffsets {
    const places = this.#places;
    places.clear();
    const inBytes = this.#run(text, options, noLimit, places, options.unit === "utf8");
    const ids = this.#matcher.take();
    const { starts, ends } = places.take();
    if (options.unit === "utf8" && !inBytes) unitsToBytes(text, starts, ends);
    return { ids, starts, ends };
  }

  encodeWithSpans(text: string, options?: EncodeOptions): TokenWithSpan[] {
    const { ids, starts, ends } = this.encodeWithOffsets(text, { ...options, unit: "utf16" });
    return Array.from(ids, (id, index) => ({
      id: id as TokenId,
      bytes: this.bytesOf(id) ?? new Uint8Array(),
      span: { start: starts[index] as number, end: ends[index] as number },
    }));
  }

  trace(text: string, options?: EncodeOptions): TokenTrace {
    const stretches = this.#stretcher.stretches(text, acceptance(this.name, this.specialTokens, options));
    return traceWordPiece(text, stretches, this.#splitter, this.#parts.vocabulary, this.#around(options));
  }

  decode(ids: Iterable<number>): string {
    const pieces: string[] = [];
    for (const id of ids) {
      const piece = this.#textOf(id);
      if (piece === undefined) {
        throw new CutawayError(
          "unknown-token-id",
          `decode: ${id} at position ${pieces.length} is not a token of ${this.name} (${this.vocabSize} ids)`,
          {
            fix: "Decode with the tokenizer that made the ids.",
            data: { id, index: pieces.length, tokenizer: this.name },
          },
        );
      }
      pieces.push(piece);
    }
    return decodePieces(pieces, this.#parts.decoder);
  }

  decodeBytes(ids: Iterable<number>): Uint8Array {
    return utf8.encode(this.decode(ids));
  }

  /** As the vocabulary writes it, with its `##`. */
  bytesOf(id: number): Uint8Array | undefined {
    const text = this.#textOf(id);
    return text === undefined ? undefined : utf8.encode(text);
  }

  kindOf(id: number): TokenKind | undefined {
    const text = this.#textOf(id);
    if (text === undefined) return undefined;
    if (id === this.unknownId) return "unknown";
    if (this.specialTokens.get(text) === id) return "special";
    return reserved.test(text) || text === "" ? "unused" : "text";
  }

  #textOf(id: number): string | undefined {
    return this.#contents.get(id) ?? this.#parts.vocabulary.pieces[id];
  }

  #around(options: EncodeOptions | undefined): AddedAround {
    if (!options?.addSpecialTokens) return nothingAdded;
    if (this.#parts.addedAround) return this.#parts.addedAround;
    throw new CutawayError("unknown-post-processing", `addSpecialTokens: ${this.name} does not say which tokens go around a text`, {
      fix: "Leave the option out, or read the tokenizer from a tokenizer.json or GGUF file that says so.",
      data: { tokenizer: this.name },
    });
  }

  #counted(text: string, options: EncodeOptions | undefined, limit: number): number {
    this.#run(text, options, limit, undefined);
    const { count } = this.#matcher;
    this.#matcher.reset();
    return count;
  }

  /** The ids of a text, up to about the one above `limit`, in the matcher. Whether places are in bytes, as is done where `inBytes` asks for it and can be. */
  #run(text: string, options: EncodeOptions | undefined, limit: number, places: Places | undefined, inBytes = false): boolean {
    const around = this.#around(options);
    const accept = acceptance(this.name, this.specialTokens, options);
    const matcher = this.#matcher;
    if (this.#bert) {
      const { scanner, stretcher } = this.#bert;
      const stretches = stretcher.stretches(text, accept);
      // Where a stretch begins is known in units.
      const bytes = inBytes && stretches.length === 1 && !stretches[0]?.token;
      const scan = ({ text, offset }: TextStretch) => scanner.scan(text, matcher, limit, places, offset, bytes);
      if (this.#gather(stretches, around, () => (bytes ? scanner.end : text.length), limit, places, scan)) return bytes;
      places?.clear();
    }
    const { alphabet } = this.#model;
    const match = (stretch: TextStretch) => {
      matchPieces(stretch, this.#splitter.split(stretch.text), alphabet, matcher, limit, places);
      return true;
    };
    this.#gather(this.#stretcher.stretches(text, accept), around, () => text.length, limit, places, match);
    return false;
  }

  /** False where `read` is not equal to a stretch. */
  #gather(
    stretches: readonly Stretch[],
    { before, after }: AddedAround,
    end: () => number,
    limit: number,
    places: Places | undefined,
    read: (stretch: TextStretch) => boolean,
  ): boolean {
    const matcher = this.#matcher;
    const add = (id: TokenId, start: number, end: number) => {
      matcher.add(id);
      places?.token(start, end);
    };
    matcher.reset();
    for (const id of before) add(id, 0, 0);
    for (const stretch of stretches) {
      if (matcher.count > limit) return true;
      if (stretch.token) add(stretch.token.id, stretch.span.start, stretch.span.end);
      else if (!read(stretch)) return false;
    }
    for (const id of after) add(id, end(), end());
    return true;
  }
}
