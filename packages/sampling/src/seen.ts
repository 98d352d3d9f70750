/** Tokens of the history, each once, and how often each stands there. Reused from step to step. */
export interface Seen {
  ids: number[];
  counts: number[];
}

/**
 * Counts tokens over a part of the history. One for each stage that asks: it keeps memory of the size of the vocabulary, and what it counted, so
 * that the next step of the same answer only adds its last token.
 * from   where to begin.
 * Ids that the output has no logit for are passed over: an embedding may have more rows.
 */
export function createCounter(): (history: ArrayLike<number>, from: number, vocabSize: number) => Seen {
  /** For each token that was seen, one more than its place in `seen`. */
  let place = new Int32Array(0);
  let seen: Seen = { ids: [], counts: [] };
  let counted: number[] = [];
  let countedFrom = 0;
  return (history, from, vocabSize) => {
    const begin = Math.max(0, from);
    if (place.length !== vocabSize || begin !== countedFrom || !goesOn(history, begin, counted)) {
      if (place.length === vocabSize) for (const id of seen.ids) place[id] = 0;
      else place = new Int32Array(vocabSize);
      seen = { ids: [], counts: [] };
      counted = [];
      countedFrom = begin;
    }
    const { ids, counts } = seen;
    for (let i = begin + counted.length; i < history.length; i++) {
      const id = history[i] as number;
      counted.push(id);
      if (!(id >= 0 && id < vocabSize)) continue;
      const at = place[id] as number;
      if (at === 0) place[id] = counts.push(1);
      else counts[at - 1] = (counts[at - 1] as number) + 1;
      if (at === 0) ids.push(id);
    }
    return seen;
  };
}

function goesOn(history: ArrayLike<number>, begin: number, counted: readonly number[]): boolean {
  if (history.length - begin < counted.length) return false;
  for (let i = 0; i < counted.length; i++) if (history[begin + i] !== counted[i]) return false;
  return true;
}
