import { CutawayError } from "@cutaway/core";

/** How often something was seen: `hits` of `runs`. Whole numbers, 0 ≤ hits ≤ runs ≤ 1,000,000. */
export interface HitCount {
  hits: number;
  runs: number;
}

/** @throws `invalid-count` */
export function checkCount({ hits, runs }: HitCount): void {
  if (!Number.isInteger(hits) || !Number.isInteger(runs) || hits < 0 || hits > runs || runs > 1_000_000) {
    throw new CutawayError("invalid-count", `${hits} of ${runs} is no count: whole numbers, 0 ≤ hits ≤ runs ≤ 1,000,000`);
  }
}
