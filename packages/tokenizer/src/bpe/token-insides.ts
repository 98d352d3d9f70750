import type { Vocabulary } from "./vocabulary.ts";

/**
 * What stands next to each other inside tokens. Between two bytes that no token holds side by side with what surrounds them, no merge ever
 * crosses: a long piece falls into short ones there, each merged by itself, to the same tokens.
 */
export class TokenInsides {
  /** A bit for each three bytes in a row that some token holds. */
  readonly #triples = new Int32Array(1 << 19);
  /** A bit for each two bytes that are a token. */
  readonly #pairs = new Int32Array(1 << 11);

  constructor(vocabulary: Vocabulary) {
    for (let id = 0; id < vocabulary.size; id++) {
      const bytes = vocabulary.bytesOf(id);
      if (!bytes || bytes.length < 2) continue;
      let triple = ((bytes[0] as number) << 8) | (bytes[1] as number);
      if (bytes.length === 2) set(this.#pairs, triple);
      for (let at = 2; at < bytes.length; at++) {
        triple = ((triple << 8) | (bytes[at] as number)) & 0xff_ffff;
        set(this.#triples, triple);
      }
    }
  }

  /** The first place after `from` and before `end` that no token reaches over, in a piece that begins at `start`; `end` where there is none. */
  nextCut(bytes: Uint8Array, start: number, from: number, end: number): number {
    for (let at = from + 1; at < end; at++) {
      const pair = ((bytes[at - 1] as number) << 8) | (bytes[at] as number);
      if (has(this.#pairs, pair)) continue;
      if (at - 2 >= start && has(this.#triples, ((bytes[at - 2] as number) << 16) | pair)) continue;
      if (at + 1 < end && has(this.#triples, (pair << 8) | (bytes[at + 1] as number))) continue;
      return at;
    }
    return end;
  }
}

function set(bits: Int32Array, place: number): void {
  (bits[place >> 5] as number) |= 1 << (place & 31);
}

const has = (bits: Int32Array, place: number): boolean => (((bits[place >> 5] as number) >>> (place & 31)) & 1) !== 0;
