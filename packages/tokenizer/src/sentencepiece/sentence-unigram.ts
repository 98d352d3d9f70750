import { PieceTrie } from "./piece-trie.ts";
import { isFound, NORMAL, type Pieces, UNUSED, USER_DEFINED } from "./pieces.ts";
import { UnigramModel } from "./unigram-model.ts";
import type { PushUnknown } from "./unknown-characters.ts";

const largest = 3.4028234663852886e38;
const smallestNormal = 1.1754943508222875e-38;
/** How much worse than the worst piece an unknown character is. */
const unknownPenalty = 10;

/**
 * Unigram with SentencePiece's scores. A user-defined symbol scores its bytes × the best score - 0.1, where the best score of all-negative ones is
 * the smallest positive float: enough to be taken always.
 * source  google/sentencepiece, src/unigram_model.cc
 */
export function sentenceUnigram(
  pieces: Pieces,
  { unknownId, pushUnknown, bad }: { unknownId: number; pushUnknown: PushUnknown; bad: (what: string) => Error },
): UnigramModel {
  const { arena, starts, lengths, types } = pieces;
  const trie = new PieceTrie(arena.length, () => bad("its pieces are too many and too long"));
  let worst = largest;
  let best = smallestNormal;
  for (let id = 0; id < types.length; id++) {
    if (types[id] === NORMAL) {
      worst = Math.min(worst, pieces.scores[id] as number);
      best = Math.max(best, pieces.scores[id] as number);
    }
    if (!isFound(types[id]) || types[id] === UNUSED) continue;
    const before = trie.add(arena, starts[id] as number, lengths[id] as number, id);
    if (before >= 0) throw bad(`pieces ${before} and ${id} are the same`);
  }
  const scores = pieces.scores.map((score, id) => (types[id] === USER_DEFINED ? Math.fround((lengths[id] as number) * best) - 0.1 : score));
  return new UnigramModel({
    trie,
    scores,
    unknownScore: Math.fround(worst - unknownPenalty),
    unknownId,
    singlePrecision: true,
    pushUnknown,
    noUnknown: () => bad("it has no unknown piece"),
  });
}
