import { CutawayError, type Stepper } from "@cutaway/core";
import { hasSource } from "../source-reader.ts";
import type { Turns } from "./turns.ts";

/** Steppers whose steps wait for their turn. A step that nobody wants any more when its turn comes is not made. */
export interface SteppersInTurn {
  of(stepper: Stepper): Stepper;
  /** From now on the steps of this one, which came from `of`, are wanted until `isStopped` says otherwise. */
  wanted(stepper: Stepper, isStopped: () => boolean): void;
}

export function steppersInTurn(turns: Turns): SteppersInTurn {
  const stops = new WeakMap<Stepper, () => boolean>();
  const of = (stepper: Stepper): Stepper => {
    const turn = <T>(work: () => Promise<T>): Promise<T> =>
      turns.take(() => {
        if (stops.get(waiting)?.()) throw new CutawayError("interrupted", "nobody wants this step any more", { kind: "interrupted" });
        return work();
      });
    const waiting: Stepper = {
      vocabSize: stepper.vocabSize,
      capacity: stepper.capacity,
      get length() {
        return stepper.length;
      },
      feed: (ids) => turn(() => stepper.feed(ids)),
      truncate: (length) => stepper.truncate(length),
      fork: async () => of(await stepper.fork()),
      ...(hasSource(stepper) && { readSource: (ids: ArrayLike<number>) => turn(() => stepper.readSource(ids)) }),
      close: () => stepper.close(),
    };
    return waiting;
  };
  return { of, wanted: (stepper, isStopped) => void stops.set(stepper, isStopped) };
}
