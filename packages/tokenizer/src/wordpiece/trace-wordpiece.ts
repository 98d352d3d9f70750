import type { TokenId, TokenTrace, TracePiece, TraceStretch, TraceToken } from "@cutaway/core";
import type { AddedAround } from "../post-processing.ts";
import type { Stretch, TextStretch } from "../stretches.ts";
import type { RangeSplitter } from "../text-splitter.ts";
import { traceOf, traceOfAddedToken } from "../trace-stretches.ts";
import type { WordPieceVocabulary } from "./wordpiece-model.ts";

type Match = { start: number; end: number; text: string; id?: TokenId };

const utf8 = new TextEncoder();
/** One a vocabulary: to build it takes longer than to trace a text. */
const searches = new WeakMap<WordPieceVocabulary, LongestMatch>();

/** How a text became ids, with the longest matches looked up one by one, as the method is usually told. */
export function traceWordPiece(
  text: string,
  stretches: readonly Stretch[],
  splitter: RangeSplitter,
  vocabulary: WordPieceVocabulary,
  added: AddedAround,
): TokenTrace {
  const search = searches.get(vocabulary) ?? new LongestMatch(vocabulary);
  searches.set(vocabulary, search);
  const traced = stretches.map((stretch) => (stretch.token ? traceOfAddedToken(stretch) : traceText(stretch, splitter, search)));
  return traceOf(text, traced, added);
}

function traceText({ text, origin, steps }: TextStretch, splitter: RangeSplitter, search: LongestMatch): TraceStretch {
  const ranges = splitter.split(text);
  const pieces: TracePiece[] = [];
  for (let index = 0; index < ranges.length; index += 2) {
    const start = ranges[index] as number;
    const end = ranges[index + 1] as number;
    const piece = text.slice(start, end);
    const matches = search.matches(piece);
    const token = (id: TokenId, from: number, to: number): TraceToken => ({
      id,
      bytes: utf8.encode(search.textOf(id)),
      span: origin({ start: start + from, end: start + to }),
    });
    const tokens = matches.some(({ id }) => id === undefined)
      ? [token(search.unknownId, 0, piece.length)]
      : matches.map((match) => token(match.id as TokenId, match.start, match.end));
    pieces.push({ text: piece, span: origin({ start, end }), tokens, found: { by: "longest-match", matches } });
  }
  return { kind: "text", span: origin({ start: 0, end: text.length }), normalizations: [...steps], pieces };
}

/** source  Devlin et al. 2018, google-research/bert, tokenization.py, WordpieceTokenizer */
class LongestMatch {
  readonly unknownId: TokenId;
  readonly #vocabulary: WordPieceVocabulary;
  readonly #ids = new Map<string, TokenId>();
  #longest = 0;

  constructor(vocabulary: WordPieceVocabulary) {
    this.#vocabulary = vocabulary;
    this.unknownId = vocabulary.unknownId;
    for (const [id, piece] of vocabulary.pieces.entries()) {
      if (!piece) continue;
      this.#ids.set(piece, id as TokenId);
      this.#longest = Math.max(this.#longest, piece.length);
    }
  }

  textOf(id: TokenId): string {
    return this.#vocabulary.pieces[id] as string;
  }

  matches(word: string): Match[] {
    const { prefix, maxCharacters } = this.#vocabulary;
    const characters = [...word];
    if (characters.length > maxCharacters) return [{ start: 0, end: word.length, text: word }];
    const matches: Match[] = [];
    let start = 0;
    while (start < word.length) {
      const match = this.#longestAt(word, start, start === 0 ? "" : prefix);
      matches.push(match ?? { start, end: word.length, text: word.slice(start) });
      if (!match) break;
      start = match.end;
    }
    return matches;
  }

  #longestAt(word: string, start: number, prefix: string): Match | undefined {
    for (let end = Math.min(word.length, start + this.#longest); end > start; end--) {
      const text = prefix + word.slice(start, end);
      const id = this.#ids.get(text);
      if (id !== undefined) return { start, end, text, id };
    }
    return undefined;
  }
}
