import type { Tries } from "../vocabulary/trie.ts";
import { tokenBytes } from "../vocabulary/vocabulary.ts";
import type { GrammarState } from "./grammar-state.ts";
import { Runs } from "./runs.ts";

/**
 * The allowed token that shares the most bytes with a token that may not come; of several the shortest, then the lowest id. `dead`: index of the token's first
 * byte that may not come.
 */
export function nearestAllowed(state: GrammarState, bytes: Uint8Array, dead: number): { id: number; bytes: Uint8Array } | undefined {
  const { expressions, vocabulary, masks } = state.grammar;
  const { tries } = vocabulary;
  for (let shared = dead; shared > 0; shared--) {
    const prefix = bytes.subarray(0, shared);
    const node = expressions.deriveAll(state.node, prefix);
    const found = new Runs();
    for (const { place, kind } of placesOf(tries, prefix)) {
      const id = tries.token[place] as number;
      // The prefix itself may come: every state on the way to the dead byte is alive.
      if (id >= 0) return { id, bytes: tokenBytes(vocabulary, id) };
      masks.below(node, place, kind, found);
    }
    const ids: number[] = [];
    for (let r = 0; r < found.count && ids.length < mostLookedAt; r += 2) ids.push(...tries.order.subarray(found.ends[r], found.ends[r + 1]));
    const id = shortest(state, ids);
    if (id !== undefined) return { id, bytes: tokenBytes(vocabulary, id) };
  }
  const allowed: number[] = [];
  masks.of(state.node).forEach((word, index) => {
    for (let left = word; left !== 0 && allowed.length < mostLookedAt; left &= left - 1) allowed.push(32 * index + 31 - Math.clz32(left & -left));
  });
  const id = shortest(state, allowed);
  return id === undefined ? undefined : { id, bytes: tokenBytes(vocabulary, id) };
}

const mostLookedAt = 4096;

function shortest(state: GrammarState, ids: Iterable<number>): number | undefined {
  const { starts } = state.grammar.vocabulary;
  let best: number | undefined;
  let bestLength = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const length = (starts[id + 1] as number) - (starts[id] as number);
    if (length > bestLength || (length === bestLength && id > (best as number))) continue;
    best = id;
    bestLength = length;
  }
  return best;
}

/** The places of the tries, one a class at most, that the bytes lead to. */
export function* placesOf({ byte, end, roots, children }: Tries, bytes: Uint8Array): Generator<{ place: number; kind: number }> {
  for (let kind = 0; kind < roots.length; kind++) {
    let place = children[256 * kind + (bytes[0] as number)] as number;
    for (let i = 1; i < bytes.length && place !== 0; i++) {
      const stop = end[place] as number;
      let child = place + 1;
      while (child < stop && byte[child] !== bytes[i]) child = end[child] as number;
      place = child < stop ? child : 0;
    }
    if (place !== 0) yield { place, kind };
  }
}
