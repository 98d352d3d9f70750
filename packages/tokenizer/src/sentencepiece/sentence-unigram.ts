import { PieceTrie } from "./piece-trie.ts";
import { isFound, NORMAL, type Pieces, UNUSED, USER_DEFINED } from "./pieces.ts";
import { UnigramModel } from "./unigram-model.ts";
import type { PushUnknown } from "./unknown-characters.ts";

const largest = 3.4028234663852886e38;
/** How much worse than the worst piece an unknown character is. */
const unknownPenalty = 10;

/**
 * Unigram with SentencePiece's scores. A user-defined symbol scores (its bytes - 1) / 10: more than any log probability, so that it is always taken.
 * source  google/sentencepiece, src/unigram_model.cc of 0.2.3
 */
export function sentenceUnigram(
  pieces: Pieces,
  { unknownId, pushUnknown, bad }: { unknownId?: number | undefined; pushUnknown: PushUnknown; bad: (what: string) => Error },
): UnigramModel {
  const { arena, starts, lengths, types } = pieces;
  const trie = new PieceTrie(arena.length, () => bad("its pieces are too many and too long"));
  let worst = largest;
  for (let id = 0; id < types.length; id++) {
    if (types[id] === NORMAL) worst = Math.min(worst, pieces.scores[id] as number);
    if (!isFound(types[id]) || types[id] === UNUSED) continue;
    const before = trie.add(arena, starts[id] as number, lengths[id] as number, id);
    if (before >= 0) throw bad(`pieces ${before} and ${id} are the same`);
  }
  return new UnigramModel({
    trie,
    scores: pieces.scores.map((score, id) => (types[id] === USER_DEFINED ? Math.fround(0.1 * ((lengths[id] as number) - 1)) : score)),
    unknownScore: Math.fround(worst - unknownPenalty),
    // Where unknown characters become bytes, any number that is no id marks them.
    unknownId: unknownId ?? types.length,
    singlePrecision: true,
    pushUnknown,
    noUnknown: () => bad("it has no unknown piece"),
  });
}
