import { CutawayError, type Stepper } from "@cutaway/core";

export interface ScriptedStepperOptions {
  vocabSize: number;
  /** Default 1024. */
  capacity?: number;
  /** Tokens already fed. */
  fed?: readonly number[];
}

/** A stepper whose logits a test writes: `next` sees all tokens fed so far; what it leaves out is impossible. */
export function scriptedStepper(
  next: (ids: readonly number[]) => ArrayLike<number> | ReadonlyMap<number, number>,
  { vocabSize, capacity = 1024, fed = [] }: ScriptedStepperOptions,
): Stepper {
  const ids = [...fed];
  const logits = new Float32Array(vocabSize);
  return {
    vocabSize,
    capacity,
    get length() {
      return ids.length;
    },
    async feed(more) {
      if (more.length === 0) throw new CutawayError("nothing-to-feed", "no tokens were given to the model");
      if (ids.length + more.length > capacity)
        throw new CutawayError("context-full", `${ids.length + more.length} tokens do not fit a context of ${capacity}`);
      for (let i = 0; i < more.length; i++) ids.push(more[i] as number);
      logits.fill(-Infinity);
      const given = next(ids);
      if (given instanceof Map) for (const [id, logit] of given) logits[id] = logit;
      else logits.set(given as ArrayLike<number>);
      return logits;
    },
    truncate(length) {
      if (!Number.isInteger(length) || length < 0 || length > ids.length) throw new CutawayError("bad-truncate", `cannot truncate to ${length}`);
      ids.length = length;
    },
    fork: async () => scriptedStepper(next, { vocabSize, capacity, fed: ids }),
    close() {},
  };
}
