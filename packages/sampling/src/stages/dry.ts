import { changeScores } from "../change-scores.ts";
import type { Stage } from "../stage.ts";

/** "Don't repeat yourself": the longer the run of tokens that a token would continue, the more it is lowered. */
export interface DrySettings {
  /** What a run of exactly `allowedLength` tokens costs, in logits; above 0. */
  multiplier: number;
  /** Each further token of the run multiplies the cost by it; from 1 on. */
  base: number;
  /** Runs shorter than this may be repeated. */
  allowedLength: number;
  /** How many of the last tokens are looked at; absent: all. */
  window: number | undefined;
  /** Runs do not reach over these: sequences of tokens. Those of one token are never lowered either. */
  breakers: readonly (readonly number[])[];
}

/** A cost beyond this is as good as -Infinity and stays a float32. */
const LARGEST_LOG = 88.7228391;

/**
 * source  Philipp Emanuel Weidmann, "DRY: A modern repetition penalty", text-generation-webui pull request 5677; llama.cpp `llama_sampler_init_dry`,
 * to which the golden vectors hold it
 */
export function dry({ multiplier, base, allowedLength, window, breakers }: DrySettings): Stage {
  const alone = new Set(breakers.filter(({ length }) => length === 1).map(([id]) => id as number));
  const byHead = new Map<number, (readonly number[])[]>();
  for (const breaker of breakers) byHead.set(breaker[0] as number, [...(byHead.get(breaker[0] as number) ?? []), breaker]);
  const mostSteps = base > 1.000001 ? Math.trunc(LARGEST_LOG / Math.log(base)) : Number.POSITIVE_INFINITY;
  return {
    name: "dry",
    setting: multiplier,
    apply(distribution, { history }) {
      const recent = newestFirst(history, window);
      const limit = reachOf(recent, byHead);
      const runs = limit < allowedLength ? new Map<number, number>() : runsContinued(recent, limit, allowedLength);
      for (const id of alone) runs.delete(id);
      const ids = [...runs.keys()];
      return changeScores(
        distribution,
        ids,
        (score, i) => {
          const steps = Math.min(mostSteps, (runs.get(ids[i] as number) as number) - allowedLength);
          return score - Math.fround(multiplier * base ** steps);
        },
        "dry",
      );
    },
  };
}

function newestFirst(history: ArrayLike<number>, window = history.length): Int32Array {
  const count = Math.min(window, history.length);
  return Int32Array.from({ length: count }, (_, i) => history[history.length - 1 - i] as number);
}

/** How many tokens lie after the last breaker. */
function reachOf(recent: Int32Array, byHead: ReadonlyMap<number, readonly (readonly number[])[]>): number {
  for (let i = 0; i < recent.length; i++) {
    const matching = (byHead.get(recent[i] as number) ?? []).filter(
      (breaker) => breaker.length - 1 <= i && breaker.every((id, offset) => recent[i - offset] === id),
    );
    if (matching.length > 0) return i + 1 - Math.max(...matching.map(({ length }) => length));
  }
  return recent.length;
}

/** For each token that would go on with a run: how long the longest such run is, at most `limit`, at least `least`. */
function runsContinued(recent: Int32Array, limit: number, least: number): Map<number, number> {
  const runs = new Map<number, number>();
  const same = prefixMatches(recent);
  for (let k = 1; k < recent.length; k++) {
    const length = Math.min(limit, same[k] as number);
    const next = recent[k - 1] as number;
    if (length >= least && length > (runs.get(next) ?? -1)) runs.set(next, length);
  }
  return runs;
}

/** How many tokens from place k on equal those from the beginning on, for every k; in linear time. source  Gusfield 1997, the Z algorithm */
function prefixMatches(list: Int32Array): Int32Array {
  const matches = new Int32Array(list.length);
  let from = 0;
  let to = 0;
  for (let k = 1; k < list.length; k++) {
    let length = k < to ? Math.min(to - k, matches[k - from] as number) : 0;
    while (k + length < list.length && list[length] === list[k + length]) length++;
    matches[k] = length;
    if (k + length > to) {
      from = k;
      to = k + length;
    }
  }
  return matches;
}
