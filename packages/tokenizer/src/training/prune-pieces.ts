import { select } from "./estimate-pieces.ts";
import { PieceLattice } from "./piece-lattice.ts";
import type { Pieces } from "./seed-pieces.ts";
import type { Sentences } from "./sentences.ts";
import type { Steps } from "./steps.ts";

/**
 * Keeps the pieces without which the corpus would lose most likelihood, `size` of them; `isRequired` ones always. What a piece is worth is
 * estimated: without it, each of its uses on the best paths would become its own second best segmentation.
 * source  T. Kudo 2018, arXiv 1804.10959, section 3.2; google/sentencepiece, src/unigram_model_trainer.cc, PruneSentencePieces
 */
export function* prunePieces(pieces: Pieces, sentences: Sentences, size: number, isRequired: (piece: number) => boolean): Steps<Pieces> {
  const lattice = new PieceLattice(pieces);
  const uses = yield* usesOf(lattice, pieces.scores.length, sentences);
  let sum = 0;
  for (const use of uses) sum += use;
  const logSum = Math.log(sum);
  const losses = new Float64Array(uses.length);
  for (let piece = 0; piece < uses.length; piece++) {
    const use = uses[piece] as number;
    if (isRequired(piece)) losses[piece] = Number.POSITIVE_INFINITY;
    else if (use > 0) losses[piece] = lossWithout(piece, use);
    else losses[piece] = Number.NEGATIVE_INFINITY;
  }

  function lossWithout(piece: number, use: number): number {
    const start = pieces.starts[piece] as number;
    const instead = lattice.bestPath(pieces.characters, start, start + (pieces.lengths[piece] as number), piece);
    if (!instead) return Number.POSITIVE_INFINITY;
    const logSumWithout = Math.log(sum + use * (instead.pieces.length - 1));
    let logInstead = 0;
    for (const other of instead.pieces) logInstead += Math.log((uses[other] as number) + use) - logSumWithout;
    return use * (Math.log(use) - logSum - logInstead);
  }

  const ranked = Array.from(losses, (_, piece) => piece)
    .filter((piece) => losses[piece] !== Number.NEGATIVE_INFINITY)
    .toSorted((a, b) => Math.sign((losses[b] as number) - (losses[a] as number)) || a - b);
  const required = ranked.filter((piece) => losses[piece] === Number.POSITIVE_INFINITY).length;
  return select(
    pieces,
    ranked.slice(0, Math.max(size, required)).toSorted((a, b) => a - b),
  );
}

/** How often each piece stands on the best paths of the sentences. */
function* usesOf(lattice: PieceLattice, size: number, { characters, starts, weights }: Sentences): Steps<Float64Array> {
  const uses = new Float64Array(size);
  for (let sentence = 0; sentence < weights.length; sentence++) {
    const path = lattice.bestPath(characters, starts[sentence] as number, (starts[sentence + 1] as number) - 1);
    for (const piece of path?.pieces ?? []) uses[piece] = (uses[piece] as number) + (weights[sentence] as number);
    if ((sentence & 0xfff) === 0xfff) yield { phase: "estimate", done: size };
  }
  return uses;
}
