import { CutawayError } from "@cutaway/core";

/** How far a training is. `of` is absent where the whole is not known beforehand. */
export interface TrainingProgress {
  phase: "count" | "merge" | "seed" | "estimate";
  /** Bytes of text (`count`), tokens of the vocabulary (`merge`), substrings (`seed`), pieces still in the vocabulary (`estimate`). */
  done: number;
  of?: number;
}

/** Work that can be put down at every `yield`, where it says how far it is. */
export type Steps<Result> = Generator<TrainingProgress, Result, void>;

export interface RunOptions {
  onProgress?: (progress: TrainingProgress) => void;
  /** Stops the training, which then throws `interrupted`; nothing of it is kept. */
  signal?: AbortSignal;
}

/** Time after which the event loop gets a turn, so that an abort is heard. ms */
const slice = 50;

export const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Runs steps to their end, and lets others have a turn in between. */
export async function runSteps<Result>(steps: Steps<Result>, { onProgress, signal }: RunOptions): Promise<Result> {
  for (let since = Date.now(); ; ) {
    refuseIfAborted(signal);
    const { done, value } = steps.next();
    if (done) return value;
    onProgress?.(value);
    if (Date.now() - since < slice) continue;
    await breath();
    since = Date.now();
  }
}

export function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CutawayError("interrupted", "training was stopped before its end", {
    kind: "interrupted",
    fix: "Start it again: nothing is kept of it.",
  });
}
