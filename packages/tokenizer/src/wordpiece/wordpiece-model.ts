import type { TokenId } from "@cutaway/core";
import { Alphabet } from "./alphabet.ts";
import { PieceTrie } from "./piece-trie.ts";

export interface WordPieceVocabulary {
  /** By id, as the vocabulary writes them; undefined where it has none. */
  pieces: readonly (string | undefined)[];
  unknownId: TokenId;
  /** What a piece begins with that continues a word: `##`. */
  prefix: string;
  /** A word of more characters is unknown. */
  maxCharacters: number;
}

/** A vocabulary made ready to be matched. */
export class WordPieceModel {
  readonly vocabulary: WordPieceVocabulary;
  readonly alphabet = new Alphabet();
  readonly trie: PieceTrie;
  /** By id: characters of the piece as it is written. */
  readonly lengths: Int32Array;
  readonly prefixLength: number;

  constructor(vocabulary: WordPieceVocabulary) {
    const { pieces, prefix, maxCharacters } = vocabulary;
    const words: Int32Array[] = [];
    const rests: Int32Array[] = [];
    const ids = { words: [] as number[], rests: [] as number[] };
    this.vocabulary = vocabulary;
    this.prefixLength = [...prefix].length;
    this.lengths = new Int32Array(pieces.length);
    for (const [id, piece] of pieces.entries()) {
      // A piece of more UTF-16 units than two a character stands in no word that is not unknown already.
      if (piece === undefined || piece === "" || piece.length - prefix.length > 2 * maxCharacters) continue;
      const symbols = this.alphabet.learn(piece);
      this.lengths[id] = symbols.length;
      words.push(symbols);
      ids.words.push(id);
      if (!piece.startsWith(prefix)) continue;
      rests.push(symbols.subarray(this.prefixLength));
      ids.rests.push(id);
    }
    this.trie = new PieceTrie(words, rests, ids);
  }
}
