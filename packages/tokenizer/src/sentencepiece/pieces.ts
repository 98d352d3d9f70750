/** The kinds of pieces in a SentencePiece model, by their numbers in its file. GGUF files use the same. */
export const NORMAL = 1;
export const UNKNOWN = 2;
export const CONTROL = 3;
export const USER_DEFINED = 4;
export const UNUSED = 5;
export const BYTE = 6;

/** U+2581, which stands for a space in pieces. */
export const metaSpace = "▁";

/** The vocabulary of a SentencePiece-style model: the UTF-8 text of piece `id` is `arena[starts[id] … starts[id] + lengths[id])`. */
export interface Pieces {
  /** With at least 4 bytes to spare at the end. */
  arena: Uint8Array<ArrayBuffer>;
  starts: Int32Array;
  lengths: Int32Array;
  /** Log probabilities, or minus the order of merging. float32 values in a `.model` file. */
  scores: Float64Array;
  types: Uint8Array;
}

export const textOf = ({ arena, starts, lengths }: Pieces, id: number): Uint8Array<ArrayBuffer> =>
  arena.subarray(starts[id] as number, (starts[id] as number) + (lengths[id] as number));

export function idsOf({ types }: Pieces, type: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < types.length; id++) if (types[id] === type) ids.push(id);
  return ids;
}

/** Whether a piece is found by its text. Control, unknown and byte pieces are not. */
export const isFound = (type: number | undefined): boolean => type === NORMAL || type === USER_DEFINED || type === UNUSED;

/** A piece's text with a space for each ▁. */
export function spaced(text: Uint8Array): Uint8Array {
  if (text.indexOf(0xe2) < 0) return text;
  const out = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const isMark = text[at] === 0xe2 && text[at + 1] === 0x96 && text[at + 2] === 0x81;
    out[length++] = isMark ? 0x20 : (text[at] as number);
    at += isMark ? 3 : 1;
  }
  return out.subarray(0, length);
}

/** The byte for which `<0xE2>` stands; -1 for any other text. */
export function byteOfPiece(text: Uint8Array): number {
  if (text.length !== 6 || text[0] !== 0x3c || text[1] !== 0x30 || text[2] !== 0x78 || text[5] !== 0x3e) return -1;
  const high = hexDigit(text[3] as number);
  const low = hexDigit(text[4] as number);
  return high < 0 || low < 0 ? -1 : 16 * high + low;
}

/** Upper case only, as SentencePiece writes them. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x41 && code <= 0x46 ? code - 0x37 : -1;
}

/** By byte: the piece that stands for it, -1 where there is none. */
export function bytePieces(pieces: Pieces): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  for (let id = 0; id < pieces.types.length; id++) {
    if (pieces.types[id] !== BYTE) continue;
    const byte = byteOfPiece(textOf(pieces, id));
    if (byte >= 0) ids[byte] = id;
  }
  return ids;
}

/** Collects pieces one after the other. */
export class PieceWriter {
  #arena = new Uint8Array(1 << 16);
  #used = 0;
  readonly #starts: number[] = [];
  readonly #scores: number[] = [];
  readonly #types: number[] = [];

  get count(): number {
    return this.#starts.length;
  }

  add(text: Uint8Array, score: number, type: number): void {
    if (this.#used + text.length > this.#arena.length) {
      const larger = new Uint8Array(2 * (this.#used + text.length));
      larger.set(this.#arena.subarray(0, this.#used));
      this.#arena = larger;
    }
    this.#arena.set(text, this.#used);
    this.#starts.push(this.#used);
    this.#used += text.length;
    this.#scores.push(score);
    this.#types.push(type);
  }

  finish(): Pieces {
    const starts = Int32Array.from(this.#starts);
    const lengths = starts.map((start, id) => (starts[id + 1] ?? this.#used) - start);
    return {
      arena: this.#arena.slice(0, this.#used + 4),
      starts,
      lengths,
      scores: Float64Array.from(this.#scores),
      types: Uint8Array.from(this.#types),
    };
  }
}
