import type { Stepper } from "@cutaway/core";

/**
 * Reads prompts into one stepper and keeps what the next prompt shares with the last.
 *
 * A matrix product over many rows rounds differently from many products over one row, so a prompt is always read in the same pieces: whole
 * pieces end at multiples of `pieceLength`, only whole pieces are kept, and what was generated is read anew. A prompt that finds its
 * beginning kept therefore gets the very logits of one that does not. The same prompt again is not read at all: its logits are kept, too.
 */
export interface PromptReader {
  /** How many of the prompt's first tokens would not have to be read again. */
  shared(ids: ArrayLike<number>): number;
  /** @returns the logits after the last token; undefined if `isStopped` said so between two pieces. */
  read(ids: Uint32Array, isStopped: () => boolean): Promise<Float32Array | undefined>;
  /** Keeps nothing: after a failure nobody knows what the stepper holds. */
  forget(): void;
}

/** Long enough that the matrix products are large (512 are no faster); short enough that a cancelled call ends within half a second. */
export const pieceLength = 128;

export function createPromptReader(stepper: Stepper): PromptReader {
  /** What the stepper holds of the last prompt, whole pieces first. */
  const kept: number[] = [];
  /** After the last of `kept`; absent where the prompt was not read to its end. */
  let logits: Float32Array | undefined;

  const shared = (ids: ArrayLike<number>): number => {
    let same = 0;
    while (same < kept.length && same < ids.length && kept[same] === ids[same]) same++;
    if (logits && same === ids.length && same === kept.length) return same;
    // The last token's logits are wanted, so its piece is read.
    const most = Math.min(same, ids.length - 1);
    return most - (most % pieceLength);
  };

  const forget = () => {
    kept.length = 0;
    logits = undefined;
  };

  return {
    shared,
    forget,
    async read(ids, isStopped) {
      let done = shared(ids);
      stepper.truncate(done);
      if (done === ids.length && logits) return isStopped() ? undefined : logits;
      kept.length = done;
      logits = undefined;
      while (!isStopped()) {
        const piece = ids.subarray(done, done + pieceLength);
        const after = await stepper.feed(piece);
        for (const id of piece) kept.push(id);
        done += piece.length;
        if (done < ids.length) continue;
        logits = after.slice();
        return logits;
      }
      return undefined;
    },
  };
}
