/** Tokens of the history, each once, and how often each stands there. Reused from step to step. */
export interface Seen {
  ids: number[];
  counts: number[];
}

/**
 * Counts tokens over a part of the history. One for each stage that asks: it keeps memory of the size of the vocabulary.
 * from   where to begin.
 * Ids that the output has no logit for are passed over: an embedding may have more rows.
 */
export function createCounter(): (history: ArrayLike<number>, from: number, vocabSize: number) => Seen {
  let place = new Int32Array(0);
  return (history, from, vocabSize) => {
    if (place.length < vocabSize) place = new Int32Array(vocabSize);
    const ids: number[] = [];
    const counts: number[] = [];
    for (let i = Math.max(0, from); i < history.length; i++) {
      const id = history[i] as number;
      if (!(id >= 0 && id < vocabSize)) continue;
      const at = place[id] as number;
      if (at === 0) {
        ids.push(id);
        counts.push(1);
        place[id] = ids.length;
      } else {
        counts[at - 1] = (counts[at - 1] as number) + 1;
      }
    }
    for (const id of ids) place[id] = 0;
    return { ids, counts };
  };
}
