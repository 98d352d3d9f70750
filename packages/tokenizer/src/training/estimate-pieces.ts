import { PieceLattice } from "./piece-lattice.ts";
import type { Pieces } from "./seed-pieces.ts";
import type { Sentences } from "./sentences.ts";
import type { Steps } from "./steps.ts";

/** A piece expected less often than this is given up. */
const leastExpected = 0.5;

/**
 * One round of expectation–maximisation: how often each piece is expected over all ways to cut the sentences, and from that new log probabilities.
 * Pieces that are hardly expected go; `isRequired` ones stay. The digamma function in place of the logarithm favours few pieces.
 * source  T. Kudo 2018, arXiv 1804.10959, section 3.2; Liang & Klein, "Structured Bayesian Nonparametric Models with Variational Inference", ACL 2007 tutorial
 */
export function* estimatePieces(pieces: Pieces, sentences: Sentences, isRequired: (piece: number) => boolean): Steps<Pieces> {
  const { characters, starts, weights } = sentences;
  const lattice = new PieceLattice(pieces);
  const expected = new Float64Array(pieces.scores.length);
  for (let sentence = 0; sentence < weights.length; sentence++) {
    lattice.addExpected(characters, starts[sentence] as number, (starts[sentence + 1] as number) - 1, weights[sentence] as number, expected);
    if ((sentence & 0xfff) === 0xfff) yield { phase: "estimate", done: pieces.scores.length };
  }
  const kept: number[] = [];
  let total = 0;
  for (let piece = 0; piece < expected.length; piece++) {
    if ((expected[piece] as number) < leastExpected && !isRequired(piece)) continue;
    kept.push(piece);
    expected[piece] = Math.max(leastExpected, expected[piece] as number);
    total += expected[piece] as number;
  }
  const logTotal = digamma(total);
  return select(pieces, kept, (piece) => digamma(expected[piece] as number) - logTotal);
}

/** Some of the pieces, in the given order, with their scores, or new ones. */
export function select(pieces: Pieces, kept: readonly number[], scoreOf = (piece: number): number => pieces.scores[piece] as number): Pieces {
  return {
    characters: pieces.characters,
    starts: Int32Array.from(kept, (piece) => pieces.starts[piece] as number),
    lengths: Int32Array.from(kept, (piece) => pieces.lengths[piece] as number),
    scores: Float64Array.from(kept, scoreOf),
  };
}

/** The derivative of the logarithm of the gamma function, for x > 0: by recurrence to x ≥ 7, then its asymptotic series. */
export function digamma(x: number): number {
  let result = 0;
  for (; x < 7; x++) result -= 1 / x;
  const square = 1 / (x * x);
  return result + Math.log(x) - 0.5 / x - square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)));
}
