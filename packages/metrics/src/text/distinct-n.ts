import { ngramsOf } from "./words.ts";

/**
 * Different runs of n units over all runs of n units, of all texts together: 1 where nothing is ever said twice. It falls with length; compare texts of
 * like length only. Undefined where no text has n units.
 * source  Li et al. 2016, arXiv 1510.03055, section 5.2
 */
export function distinctN(texts: readonly (readonly (string | number)[])[], n: number): number | undefined {
  const runs = texts.flatMap((units) => ngramsOf(units, n));
  return runs.length === 0 ? undefined : new Set(runs).size / runs.length;
}
