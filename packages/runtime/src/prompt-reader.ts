import type { Stepper } from "@cutaway/core";

/**
 * Reads prompts into one stepper and keeps what the next prompt shares with the last.
 *
 * A matrix product over 64 rows rounds differently from 64 products over one row, so a prompt is always read in the same pieces: whole
 * pieces end at multiples of `pieceLength`, only whole pieces are kept, and what was generated is read anew. A prompt that finds its
 * beginning kept therefore gets the very logits of one that does not.
 */
export interface PromptReader {
  /** How many of the prompt's first tokens would not have to be read again. */
  shared(ids: ArrayLike<number>): number;
  /** @returns the logits after the last token; undefined if `isStopped` said so between two pieces. */
  read(ids: Uint32Array, isStopped: () => boolean): Promise<Float32Array | undefined>;
  /** Keeps nothing: after a failure nobody knows what the stepper holds. */
  forget(): void;
}

/** Long enough that the matrix products are large; short enough that a cancelled call ends within a fraction of a second. */
export const pieceLength = 64;

export function createPromptReader(stepper: Stepper): PromptReader {
  /** The tokens of the whole pieces in the stepper. */
  const kept: number[] = [];

  const shared = (ids: ArrayLike<number>): number => {
    // The last token is always read: its logits are wanted.
    const most = Math.min(kept.length, ids.length - 1);
    let same = 0;
    while (same < most && kept[same] === ids[same]) same++;
    return same - (same % pieceLength);
  };

  return {
    shared,
    forget() {
      kept.length = 0;
    },
    async read(ids, isStopped) {
      let done = shared(ids);
      kept.length = done;
      stepper.truncate(done);
      for (;;) {
        if (isStopped()) return undefined;
        const piece = ids.subarray(done, done + pieceLength);
        const logits = await stepper.feed(piece);
        done += piece.length;
        if (piece.length === pieceLength) for (const id of piece) kept.push(id);
        if (done === ids.length) return logits;
      }
    },
  };
}
