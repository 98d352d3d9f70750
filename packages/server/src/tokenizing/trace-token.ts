import {
  CutawayError,
  type JsonObject,
  plain,
  type Span,
  type TokenId,
  type Tokenizer,
  type TokenizerFamily,
  type TokenOffsets,
  type TracePiece,
  type TraceStretch,
} from "@cutaway/core";
import { encodeOptions, type ReadOptions } from "./pack-tokens.ts";

/** UTF-16 units on each side of a token that are traced at first; more where its piece turns out to be longer. */
const nearby = 600;
/** The same in families that do not split a text: all of it is one piece, and the part around the token is told. */
const nearbyInOnePiece = 60;
const onePiece: readonly TokenizerFamily[] = ["unigram", "sentencepiece-bpe"];
/** Tokens on each side of it that must be those of the whole text for a part of a piece to be told. */
const agreement = 4;
/** A piece that needs more than this has a trace that nobody reads, and that takes hundreds of megabytes. */
const longest = 60_000;
/** Pieces before and after that are named. */
const neighbours = 6;

/**
 * How one token came to be: the stretch and the piece it is in, and how that piece's tokens were found. Only text around it is traced, and
 * the piece is told only if its tokens are those that the whole text has there; of a family that does not split a text, the part of it around the token
 * (`partial`). Spans are UTF-16 ranges of the whole text.
 * token  index among `all`, the tokens of `text`
 * throws `no-such-token`, `piece-too-long`
 */
export function traceToken(tokenizer: Tokenizer, text: string, all: TokenOffsets, token: number, options: ReadOptions): JsonObject {
  const id = all.ids[token];
  if (id === undefined) throw new CutawayError("no-such-token", `the text has ${all.ids.length} tokens, so none with the number ${token}`);
  const start = all.starts[token] as number;
  const end = all.ends[token] as number;
  const isOnePiece = onePiece.includes(tokenizer.family);
  for (let side = isOnePiece ? nearbyInOnePiece : nearby; ; side *= 4) {
    const from = boundaryBefore(all, start - side);
    const to = boundaryAfter(all, end + side, text.length);
    if (to - from > longest && side > nearby) break;
    const found = traceWindow(tokenizer, text, all, token, { start: from, end: to }, options, isOnePiece);
    if (found) return plain({ id, kind: tokenizer.kindOf(id), ...found }) as JsonObject;
    if (from === 0 && to === text.length) break;
  }
  throw new CutawayError("piece-too-long", `the piece around token ${token} is too long to be traced: more than ${longest / 2} characters`, {
    fix: "Trace a shorter text; the ids of this one are exact all the same.",
  });
}

/** undefined: the window's tokens are not those of the whole text there, or the piece may go on outside it. */
function traceWindow(tokenizer: Tokenizer, text: string, all: TokenOffsets, token: number, window: Span, options: ReadOptions, mayBePart: boolean) {
  const isWhole = window.start === 0 && window.end === text.length;
  const trace = tokenizer.trace(text.slice(window.start, window.end), encodeOptions({ ...options, add: options.add && isWhole }));
  const added = isWhole ? trace.added : { before: [], after: [] };
  const own = token - added.before.length;
  if (isWhole && (own < 0 || token >= all.ids.length - added.after.length)) return { added: true, window };
  const start = all.starts[token] as number;
  const isHere = (span: Span) => span.start + window.start <= start && start < span.end + window.start;
  const stretch = trace.stretches.find(({ span }) => isHere(span)) ?? trace.stretches.at(-1);
  if (!stretch) return undefined;
  const moved = (span: Span): Span => ({ start: span.start + window.start, end: span.end + window.start });
  if (stretch.kind === "added-token") return { stretch: { ...stretch, span: moved(stretch.span) }, window };
  const at = pieceOf(stretch.pieces, all, token, window, mayBePart ? agreement : Number.POSITIVE_INFINITY);
  const piece = stretch.pieces[at];
  if (!piece) return undefined;
  const bounds = moved(piece.span);
  const isPart = (bounds.start === window.start && window.start > 0) || (bounds.end === window.end && window.end < text.length);
  if (isPart && !mayBePart) return undefined;
  const movedPiece = (one: TracePiece) => ({
    ...one,
    span: moved(one.span),
    tokens: one.tokens.map((each) => ({ ...each, span: moved(each.span) })),
  });
  return {
    window,
    stretch: {
      kind: stretch.kind,
      span: moved(stretch.span),
      normalizations: stretch.normalizations,
      pieces: stretch.pieces.length,
      around: stretch.pieces
        .slice(Math.max(0, at - neighbours), at + neighbours + 1)
        .map(({ text: shown, span, tokens }) => ({ text: shown, span: moved(span), tokens: tokens.length })),
      current: Math.min(at, neighbours),
    },
    piece: movedPiece(piece),
    ...(isWhole && { number: piecesBefore(trace.stretches, stretch) + at }),
    ...(isPart && { partial: true }),
    bytes: {
      start: Buffer.byteLength(text.slice(0, bounds.start)),
      end: Buffer.byteLength(text.slice(0, bounds.end)),
    },
  };
}

function piecesBefore(stretches: readonly TraceStretch[], stretch: TraceStretch): number {
  return stretches.slice(0, stretches.indexOf(stretch)).reduce((sum, one) => sum + (one.kind === "text" ? one.pieces.length : 0), 0);
}

/** Index of the piece that has the token at its place, with as many of its neighbours in the piece as `reach` says as in the whole text; -1 for none. */
function pieceOf(pieces: readonly TracePiece[], all: TokenOffsets, token: number, window: Span, reach: number): number {
  const start = (all.starts[token] as number) - window.start;
  const end = (all.ends[token] as number) - window.start;
  return pieces.findIndex(({ span, tokens }) => {
    if (span.start > start || span.end < end) return false;
    return tokens.some(
      (own, i) => own.id === all.ids[token] && own.span.start === start && own.span.end === end && agrees(tokens, i, all, token, window, reach),
    );
  });
}

const agrees = (tokens: TracePiece["tokens"], i: number, all: TokenOffsets, token: number, window: Span, reach: number): boolean =>
  tokens.every(({ id, span }, j) => {
    if (Math.abs(j - i) > reach) return true;
    const there = token - i + j;
    return (all.ids[there] as TokenId) === id && all.starts[there] === span.start + window.start && all.ends[there] === span.end + window.start;
  });

/** The greatest place at or before `at` where a token begins and none before it reaches beyond. */
function boundaryBefore({ starts, ends }: TokenOffsets, at: number): number {
  if (at <= 0) return 0;
  for (let i = lastStarting(starts, at); i > 0; i--) if ((ends[i - 1] as number) <= (starts[i] as number)) return starts[i] as number;
  return 0;
}

function boundaryAfter({ starts, ends }: TokenOffsets, at: number, length: number): number {
  if (at >= length) return length;
  for (let i = lastStarting(starts, at); i + 1 < starts.length; i++)
    if ((ends[i] as number) <= (starts[i + 1] as number)) return starts[i + 1] as number;
  return length;
}

/** Index of the last token that begins at or before a place; tokens are in the order of their starts. */
function lastStarting(starts: Uint32Array, at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
