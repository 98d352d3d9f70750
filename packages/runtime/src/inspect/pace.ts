import { setImmediate } from "node:timers/promises";
import { CutawayError } from "@cutaway/core";

/** Between two runs of the network: tells how far the work is, lets others have their turn, and ends work that nobody wants any more. */
export type Pace = (done: number, of: number, what: string) => Promise<void>;

/** @throws `interrupted`, where it is stopped */
export const paceOf =
  ({ isStopped = () => false, tell = () => {} }: { isStopped?: () => boolean; tell?: (done: number, of: number, what: string) => void }): Pace =>
  async (done, of, what) => {
    tell(done, of, what);
    await setImmediate();
    if (isStopped()) throw new CutawayError("interrupted", "stopped before all of it was seen", { kind: "interrupted" });
  };

export const unhurried: Pace = paceOf({});
