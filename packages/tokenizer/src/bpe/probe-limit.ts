import { CutawayError } from "@cutaway/core";

/**
 * Counts the collisions while a hash table is filled. A file made to collide everywhere would take quadratic time to load,
 * and every text after it; published vocabularies stay below one collision per entry.
 */
export class ProbeLimit {
  #left: number;

  constructor(entries: number) {
    this.#left = 100_000 + 50 * entries;
  }

  /** throws `bad-vocabulary` when there have been too many. */
  probe(): void {
    if (--this.#left >= 0) return;
    throw new CutawayError("bad-vocabulary", "this vocabulary is built to collide in a hash table: it is not a real one", {
      fix: "Use the file as its author published it.",
    });
  }
}
