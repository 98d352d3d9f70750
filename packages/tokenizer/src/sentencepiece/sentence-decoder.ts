import { ByteWriter } from "./byte-writer.ts";
import type { SentenceNormalizer } from "./normalize-sentence.ts";
import type { PieceDecoder } from "./piece-decoder.ts";
import { BYTE, byteOfPiece, CONTROL, type Pieces, spaced, textOf, UNKNOWN } from "./pieces.ts";
import { validLength } from "./valid-utf8.ts";

export interface SentenceDecoderParts {
  pieces: Pieces;
  /** What the unknown piece becomes; control pieces become nothing. Absent: both become their own text. */
  unknownSurface?: Uint8Array;
  /** Whether the model puts a space before a text, and whether it takes needless ones away: then a space at the beginning is not the text's. */
  dummyPrefix: boolean;
  removeExtraSpaces: boolean;
  denormalizer?: SentenceNormalizer;
}

const replacement = new Uint8Array([0xef, 0xbf, 0xbd]);
const mark = [0xe2, 0x96, 0x81];

/**
 * Ids to text as SentencePiece does it; each byte that is part of no character is U+FFFD.
 * source  google/sentencepiece, src/sentencepiece_processor.cc, Decode
 */
export class SentenceDecoder implements PieceDecoder {
  readonly #parts: SentenceDecoderParts;

  constructor(parts: SentenceDecoderParts) {
    this.#parts = parts;
  }

  decode(ids: readonly number[]): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#denormalized(this.#join(ids, true)));
  }

  decodeBytes(ids: readonly number[]): Uint8Array {
    return this.#denormalized(this.#join(ids, false));
  }

  #join(ids: readonly number[], replaceInvalid: boolean): Uint8Array<ArrayBuffer> {
    const { pieces, unknownSurface, dummyPrefix, removeExtraSpaces } = this.#parts;
    const out = new ByteWriter();
    let run: number[] = [];
    const endRun = () => {
      if (run.length > 0) out.add(replaceInvalid ? withReplacements(Uint8Array.from(run)) : Uint8Array.from(run));
      run = [];
    };
    let atBeginning = true;
    let tookSpace = false;
    for (const id of ids) {
      const type = pieces.types[id];
      const text = textOf(pieces, id);
      if (type === BYTE) {
        run.push(byteOfPiece(text));
        continue;
      }
      endRun();
      if (tookSpace || out.length > 0) atBeginning = false;
      tookSpace = false;
      if (type === CONTROL || type === UNKNOWN) {
        if (!unknownSurface) out.add(text);
        else if (type === UNKNOWN) out.add(unknownSurface);
        continue;
      }
      const drops = atBeginning && (dummyPrefix || removeExtraSpaces) && mark.every((byte, index) => text[index] === byte);
      tookSpace = drops && !removeExtraSpaces;
      out.add(spaced(drops ? text.subarray(mark.length) : text));
    }
    endRun();
    return out.take();
  }

  #denormalized(bytes: Uint8Array): Uint8Array {
    const { denormalizer } = this.#parts;
    if (!denormalizer) return bytes;
    denormalizer.run(bytes, bytes.length);
    return denormalizer.bytes.slice(0, denormalizer.length);
  }
}

function withReplacements(bytes: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  for (let at = 0; at < bytes.length; ) {
    const length = validLength(bytes, at);
    out.add(length === 0 ? replacement : bytes.subarray(at, at + length));
    at += length || 1;
  }
  return out.take();
}
