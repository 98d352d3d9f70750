import type { Span } from "@cutaway/core";

/** What a tokenizer may offer so that a change in a long text need not be paid for with all of it. */
export interface CutsText {
  /** How many units of a text on either side of a place decide whether it is a cut; absent where this tokenizer knows of no cuts. */
  readonly cutReach: number | undefined;
  /**
   * Whether the text can be cut before its unit `at`: its ids are those of the two sides, each encoded as a text of its own, whatever stands
   * farther away than `cutReach`. The second side never begins inside a surrogate pair. `false` promises nothing.
   */
  cutsAt(text: string, at: number): boolean;
}

export const hasTextCuts = <T extends object>(tokenizer: T): tokenizer is T & CutsText & { readonly cutReach: number } =>
  "cutReach" in tokenizer && tokenizer.cutReach !== undefined;

/** A text in parts of at least `units`, each as short as its cuts allow. */
export function* partsAtCuts(text: string, units: number, isCut: (at: number) => boolean): Iterable<Span> {
  let start = 0;
  for (let at = units; at < text.length; at++) {
    if (!isCut(at)) continue;
    yield { start, end: at };
    start = at;
    at += units - 1;
  }
  if (start < text.length || text === "") yield { start, end: text.length };
}
