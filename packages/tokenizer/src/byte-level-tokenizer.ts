import { CutawayError, type EncodeOptions, type TokenId, type Tokenizer, type TokenWithSpan } from "@cutaway/core";
import { type Anchors, BytePairEncoder, type BytePairModel } from "./bpe/byte-pair-encoder.ts";
import { Utf8Buffer } from "./bpe/utf8-buffer.ts";
import type { Vocabulary } from "./bpe/vocabulary.ts";
import { next } from "./scan/character-class.ts";
import { acceptance } from "./special-tokens.ts";
import { type Stretch, Stretcher, type StretchRules, type TextStretch } from "./stretches.ts";
import type { TextSplitter } from "./text-splitter.ts";
import { Utf16Cursor } from "./utf16-cursor.ts";

export interface ByteLevelParts extends StretchRules {
  name: string;
  splitter: TextSplitter;
  model: BytePairModel;
}

const utf8 = new TextEncoder();
const buffer = new Utf8Buffer();

/** Text → added tokens and stretches → normalised → pieces → bytes → merged tokens. */
export class ByteLevelTokenizer implements Tokenizer {
  readonly name: string;
  readonly vocabSize: number;
  readonly specialTokens: ReadonlyMap<string, TokenId>;
  readonly #vocabulary: Vocabulary;
  readonly #stretcher: Stretcher;
  readonly #splitter: TextSplitter;
  readonly #encoder: BytePairEncoder;
  readonly #addedBytes = new Map<TokenId, Uint8Array>();

  constructor(parts: ByteLevelParts) {
    const added = [...parts.addedTokens, ...parts.normalizedTokens];
    this.#vocabulary = parts.model.vocabulary;
    this.#stretcher = new Stretcher(parts);
    this.#splitter = parts.splitter;
    this.#encoder = new BytePairEncoder(parts.model);
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
    return this.#stretches(text, options).flatMap((stretch) =>
      stretch.token ? [{ id: stretch.token.id, bytes: this.#bytes(stretch.token.id), span: stretch.span }] : this.#spansOf(stretch),
    );
  }

  #spansOf({ text, origin }: TextStretch): TokenWithSpan[] {
    const anchors: Anchors = [];
    this.#plain(text, true, anchors);
    const ids = this.#encoder.take();
    const cursor = new Utf16Cursor(buffer);
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

  #view(id: number): Uint8Array | undefined {
    return this.#addedBytes.get(id as TokenId) ?? this.#vocabulary.bytesOf(id);
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

  /** All of them before the first is encoded, so that a refused token leaves nothing half done. */
  #stretches(text: string, options: EncodeOptions | undefined): Stretch[] {
    return this.#stretcher.stretches(text, acceptance(this.name, this.specialTokens, options));
  }

  /** One stretch, split and merged; leaves its bytes in `buffer`. */
  #plain(text: string, keep: boolean, anchors?: Anchors): number {
    const encoder = this.#encoder;
    const splitter = this.#splitter;
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

function unknownId(name: string, id: number, index: number, vocabSize: number): CutawayError {
  return new CutawayError("unknown-token-id", `decode: ${id} at position ${index} is not a token of ${name} (${vocabSize} ids)`, {
    fix: "Decode with the tokenizer that made the ids.",
    data: { id, index, tokenizer: name },
  });
}
