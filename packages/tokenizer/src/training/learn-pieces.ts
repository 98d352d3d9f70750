import { estimatePieces, select } from "./estimate-pieces.ts";
import { prunePieces } from "./prune-pieces.ts";
import { type Pieces, seedPieces } from "./seed-pieces.ts";
import type { Sentences } from "./sentences.ts";
import type { Steps } from "./steps.ts";

export interface PieceRules {
  /** Pieces to end with. */
  size: number;
  maxPieceLength: number;
  seedSize: number;
  /** What a round of pruning leaves, as a part of 1. */
  shrinkingFactor: number;
  /** Estimations before each pruning. */
  subIterations: number;
}

/**
 * Learns a Unigram vocabulary: many seeds, whose probabilities are estimated and whose least useful part is pruned, in turn, until the vocabulary
 * is small enough; then the most probable pieces stay, and their probabilities are estimated once more. All characters stay.
 * `scores` are log probabilities.
 * source  T. Kudo 2018, "Subword Regularization", arXiv 1804.10959, section 3.2; the rounds are those of google/sentencepiece
 */
export function* learnPieces(sentences: Sentences, rules: PieceRules): Steps<Pieces> {
  const { size, subIterations, shrinkingFactor } = rules;
  let pieces = toLogProbabilities(seedPieces(sentences, rules.maxPieceLength, rules.seedSize));
  const seeds = pieces.scores.length;
  yield { phase: "seed", done: seeds };
  const nearly = Math.floor(1.1 * size);
  for (;;) {
    for (let iteration = 0; iteration < subIterations; iteration++) {
      pieces = yield* estimatePieces(pieces, sentences, isSingle(pieces));
      yield { phase: "estimate", done: pieces.scores.length, of: seeds };
    }
    const before = pieces.scores.length;
    if (before <= nearly) break;
    pieces = yield* prunePieces(pieces, sentences, Math.max(nearly, Math.floor(shrinkingFactor * before)), isSingle(pieces));
    if (pieces.scores.length === before) break;
    yield { phase: "estimate", done: pieces.scores.length, of: seeds };
  }
  const required = isSingle(pieces);
  const ranked = Array.from(pieces.scores, (_, piece) => piece).toSorted(
    (a, b) => Number(required(b)) - Number(required(a)) || (pieces.scores[b] as number) - (pieces.scores[a] as number) || a - b,
  );
  pieces = select(pieces, ranked.slice(0, size));
  return yield* estimatePieces(pieces, sentences, () => true);
}

const isSingle =
  ({ lengths }: Pieces) =>
  (piece: number): boolean =>
    lengths[piece] === 1;

function toLogProbabilities(pieces: Pieces): Pieces {
  const logSum = Math.log(pieces.scores.reduce((sum, score) => sum + score, 0));
  return { ...pieces, scores: pieces.scores.map((score) => Math.log(score) - logSum) };
}
