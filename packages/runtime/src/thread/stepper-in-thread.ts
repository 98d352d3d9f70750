import { CutawayError, type Stepper } from "@cutaway/core";
import type { StepperState } from "./messages.ts";
import type { ThreadJobs } from "./thread-jobs.ts";

/** A stepper that lives in the model's thread. Jobs keep their order, so a `truncate` needs no answer; logits come through shared memory. */
export function stepperInThread(jobs: ThreadJobs, { stepper, vocabSize, capacity, ...state }: StepperState): Stepper {
  const shared = new SharedArrayBuffer(vocabSize * 4);
  const logits = new Float32Array(shared);
  let { length } = state;
  let isClosed = false;
  const refuseClosed = () => {
    if (isClosed) throw new CutawayError("stepper-closed", "this stepper is closed", { kind: "internal" });
  };
  return {
    vocabSize,
    capacity,
    get length() {
      return length;
    },
    async feed(ids) {
      refuseClosed();
      await jobs.run({ do: "feed", stepper, ids: Uint32Array.from(ids), logits: shared });
      length += ids.length;
      return logits;
    },
    truncate(to) {
      refuseClosed();
      if (!Number.isInteger(to) || to < 0 || to > length) {
        throw new CutawayError("bad-truncate", `cannot truncate to ${to}: ${length} tokens are fed`, { kind: "internal" });
      }
      length = to;
      // If the thread is gone, the next feed says so.
      jobs.run({ do: "truncate", stepper, length }).catch(() => {});
    },
    async fork() {
      refuseClosed();
      return stepperInThread(jobs, (await jobs.run({ do: "fork", stepper })) as StepperState);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      jobs.run({ do: "close-stepper", stepper }).catch(() => {});
    },
  };
}
