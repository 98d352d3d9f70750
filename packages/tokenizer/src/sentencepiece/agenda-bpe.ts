import { Vocabulary } from "../bpe/vocabulary.ts";
import { AgendaBpeModel } from "./agenda-bpe-model.ts";
import { Boundaries } from "./boundaries.ts";
import { CachedModel } from "./cached-model.ts";
import type { PieceModel } from "./piece-model.ts";
import { idsOf, isFound, type Pieces, UNUSED } from "./pieces.ts";
import type { PrefixMatcher } from "./prefix-matcher.ts";
import type { PushUnknown } from "./unknown-characters.ts";

export interface AgendaBpeOptions {
  userDefined: PrefixMatcher;
  pushUnknown: PushUnknown;
  fuseUnknown: boolean;
  /** Without merges each character is a token. */
  merges: boolean;
  bad: (what: string) => Error;
}

/** BPE by the scores of a SentencePiece model's pieces. */
export function agendaBpe(pieces: Pieces, { userDefined, pushUnknown, fuseUnknown, merges, bad }: AgendaBpeOptions): PieceModel {
  const { arena, starts, lengths, types } = pieces;
  const found = new Vocabulary({ arena, starts: starts.map((start, id) => (isFound(types[id]) ? start : -1)), lengths });
  if (found.duplicate >= 0) throw bad(`piece ${found.duplicate} occurs twice`);
  const boundaries = new Boundaries(pieces, !fuseUnknown);
  const model = new AgendaBpeModel({
    family: merges ? "sentencepiece-bpe" : "characters",
    vocabulary: merges ? found : new Vocabulary({ arena, starts: new Int32Array(1).fill(-1), lengths: new Int32Array(1) }),
    order: orderOf(withSignedZeros(pieces.scores)),
    unused: new Set(idsOf(pieces, UNUSED)),
    frozen: userDefined,
    idOf({ view }, start, end) {
      const id = found.find(view, start, end - start);
      return !merges && types[id] === UNUSED ? -1 : id;
    },
    pushUnknown,
    fuseUnknown,
    boundaries,
  });
  return new CachedModel(model, boundaries);
}

/** SentencePiece compares the bits of scores: -0 is below 0. */
const withSignedZeros = (scores: Float64Array): Float64Array => scores.map((score) => (Object.is(score, -0) ? -Number.MIN_VALUE : score));

/** By id: how many have a better score. */
export function orderOf(scores: Float64Array): Int32Array {
  const sorted = scores.toSorted();
  return Int32Array.from(scores, (score) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) > score) high = middle;
      else low = middle + 1;
    }
    return sorted.length - low;
  });
}
