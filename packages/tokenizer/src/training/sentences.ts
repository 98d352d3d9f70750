import type { PieceCounts } from "./piece-counts.ts";

/**
 * The different pieces of the corpus as characters: numbers from 1 up, with a 0 behind each piece. A piece with a character that is not in the
 * alphabet is cut there.
 */
export interface Sentences {
  characters: Int32Array;
  /** By character number; 0 is none. */
  alphabet: string[];
  /** Where each begins in `characters`, one more entry at the end; a sentence's last place is its 0. */
  starts: Int32Array;
  /** How often each occurs. */
  weights: Float64Array;
}

export function sentencesOf(pieces: PieceCounts, alphabet: readonly string[]): Sentences {
  const numbers = new Map(alphabet.map((character, index) => [character, index + 1]));
  const characters = new Int32Array(2 * pieces.bytes + pieces.size + 1);
  const starts: number[] = [0];
  const weights: number[] = [];
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let used = 0;
  for (let piece = 0; piece < pieces.size; piece++) {
    const endSentence = () => {
      if (used === starts.at(-1)) return;
      used++;
      starts.push(used);
      weights.push(pieces.countOf(piece));
    };
    for (const character of utf8.decode(pieces.bytesOf(piece))) {
      const number = numbers.get(character);
      if (number === undefined) endSentence();
      else characters[used++] = number;
    }
    endSentence();
  }
  return {
    characters: characters.slice(0, used),
    alphabet: ["", ...alphabet],
    starts: Int32Array.from(starts),
    weights: Float64Array.from(weights),
  };
}
