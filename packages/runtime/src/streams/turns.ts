import { setImmediate } from "node:timers/promises";

/** One network, many who want it: whoever asks comes after all who asked before. With one step a turn, that is round robin. */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
}

/** Between two turns the thread reads its messages. `before` runs at the start of each turn, before the network takes the thread. */
export function createTurns(before: () => void = () => {}): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last
        .then(() => setImmediate())
        .then(() => {
          before();
          return work();
        });
      last = turn.catch(() => {});
      return turn;
    },
  };
}
