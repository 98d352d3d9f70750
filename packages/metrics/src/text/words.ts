/** A text's units for counting: words, with each mark of punctuation by itself, in lower case; or whatever a caller counts, e.g. token ids as texts. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+(?:['’-][\p{L}\p{N}\p{M}_]+)*|[^\s\p{L}\p{N}\p{M}_]/gu) ?? [];
}

/** Runs of n units, in order; none where there are fewer. */
export function ngramsOf<Unit>(units: readonly Unit[], n: number): string[] {
  const runs: string[] = [];
  for (let from = 0; from + n <= units.length; from++) runs.push(units.slice(from, from + n).join("\u0001"));
  return runs;
}

export function countsOf(runs: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run, (counts.get(run) ?? 0) + 1);
  return counts;
}
