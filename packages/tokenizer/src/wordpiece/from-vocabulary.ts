import { CutawayError, type TokenId, type Tokenizer } from "@cutaway/core";
import { maxTokenId } from "../bpe/vocabulary.ts";
import { bertNormalizer } from "./bert-normalizer.ts";
import { bertPreTokenizer } from "./bert-pre-tokenizer.ts";
import { WordPieceTokenizer } from "./wordpiece-tokenizer.ts";

export interface WordPieceList {
  name: string;
  /** The pieces by id, what continues a word with its `##`: the lines of a `vocab.txt`. An empty one is an id without a token. */
  pieces: readonly string[];
  /** Lower case, and accents off with it. Default: where that would change no piece but those in brackets, as in BERT uncased. */
  lowercase?: boolean;
}

const unknown = "[UNK]";
const inBrackets = /^\[.+\]$/;
const prefix = "##";
const maxCharacters = 100;

/**
 * A WordPiece tokenizer from its list of pieces, as BERT's own files give it, with BERT's normaliser and pre-tokenizer: words of more than 100
 * characters are unknown, and `addSpecialTokens` puts [CLS] and [SEP] around a text. [PAD], [UNK], [CLS], [SEP] and [MASK] are special.
 * throws  `bad-vocabulary` where [UNK] is missing, or a piece occurs twice.
 */
export function fromWordPieceVocabulary({ name, pieces, lowercase }: WordPieceList): Tokenizer {
  if (pieces.length > maxTokenId) throw bad(name, `it has ${pieces.length} pieces`);
  const ids = new Map<string, TokenId>();
  for (const [id, piece] of pieces.entries()) {
    if (piece === "") continue;
    if (ids.has(piece)) throw bad(name, `the piece ${JSON.stringify(piece.slice(0, 60))} occurs twice, as ${ids.get(piece)} and as ${id}`);
    ids.set(piece, id as TokenId);
  }
  const unknownId = ids.get(unknown);
  if (unknownId === undefined) throw bad(name, `there is no ${unknown} in it`);
  const lower = lowercase ?? !pieces.some((piece) => piece.toLowerCase() !== piece && !inBrackets.test(piece));
  const bert = { cleanText: true, handleChineseChars: true, stripAccents: lower, lowercase: lower };
  const first = ids.get("[CLS]");
  const last = ids.get("[SEP]");
  return new WordPieceTokenizer({
    name,
    vocabulary: { pieces: pieces.map((piece) => (piece === "" ? undefined : piece)), unknownId, prefix, maxCharacters },
    normalize: bertNormalizer(bert),
    split: [bertPreTokenizer],
    bert,
    decoder: { prefix, cleanup: true },
    ...(first !== undefined && last !== undefined && { addedAround: { before: [first], after: [last] } }),
    prefixSpace: false,
    addedTokens: ["[PAD]", unknown, "[CLS]", "[SEP]", "[MASK]"].flatMap((content) => {
      const id = ids.get(content);
      return id === undefined ? [] : [{ content, id, special: true, singleWord: false, lstrip: false, rstrip: false }];
    }),
    normalizedTokens: [],
  });
}

function bad(name: string, what: string): CutawayError {
  return new CutawayError("bad-vocabulary", `${name} is not a usable list of WordPiece tokens: ${what}`, {
    fix: "Give a vocab.txt as BERT models are published with: one piece a line.",
    data: { name },
  });
}
