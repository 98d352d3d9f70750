import { CutawayError } from "@cutaway/core";

/** A hand-made table: `next[256 * state + byte]` is the state that follows, −1 for none. */
export interface Automaton {
  next: Int32Array;
  /** 1 where a text may end, [states]. */
  accepting: Uint8Array;
  start: number;
}

/** The table without ways into states from which no accepting one can be reached, and which states lead to one. */
export function trimmed({ next, accepting, start }: Automaton): Automaton & { live: Uint8Array } {
  const states = accepting.length;
  if (next.length !== 256 * states || !(start >= 0 && start < states)) {
    throw new CutawayError("bad-automaton", `A table of ${states} states needs ${256 * states} entries and a start among them.`, {
      kind: "internal",
    });
  }
  const sources: number[][] = Array.from({ length: states }, () => []);
  for (let state = 0; state < states; state++) {
    for (const to of new Set(next.subarray(256 * state, 256 * state + 256))) if (to >= 0) sources[to]?.push(state);
  }
  const live = Uint8Array.from(accepting);
  const open = [...live.keys()].filter((state) => live[state]);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const source of sources[state] as number[]) {
      if (live[source]) continue;
      live[source] = 1;
      open.push(source);
    }
  }
  return { next: next.map((to) => (to >= 0 && live[to] ? to : -1)), accepting, start, live };
}
