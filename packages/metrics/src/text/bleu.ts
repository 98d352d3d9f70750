import { countsOf, ngramsOf } from "./words.ts";

/** What stands for a count of 0 matches, so that one missing run of four does not make the whole 0. */
const EPSILON = 0.1;

export interface BleuOptions {
  /** The longest runs, 1 to 4. */
  order?: number;
}

/**
 * How much of a text's runs of 1 to n units stand in one of the references, 0 to 1; shorter than the nearest reference costs. Undefined for an empty text.
 * Runs that are longer than the text do not count as missing: the mean is over those it has.
 * source  Papineni et al. 2002, "BLEU"; smoothing 1 of Chen & Cherry 2014 (NLTK `sentence_bleu` with `SmoothingFunction().method1`)
 */
export function bleu(
  units: readonly (string | number)[],
  references: readonly (readonly (string | number)[])[],
  { order = 4 }: BleuOptions = {},
): number | undefined {
  if (units.length === 0 || references.length === 0) return undefined;
  let logs = 0;
  const orders = Math.min(order, units.length);
  for (let n = 1; n <= orders; n++) {
    const { matches, runs } = clippedMatches(units, references, n);
    if (n === 1 && matches === 0) return 0;
    logs += Math.log((matches || EPSILON) / runs);
  }
  return brevity(units.length, references) * Math.exp(logs / orders);
}

/** A run counts at most as often as it stands in the one reference that has it most. */
function clippedMatches(
  units: readonly (string | number)[],
  references: readonly (readonly (string | number)[])[],
  n: number,
): { matches: number; runs: number } {
  const own = countsOf(ngramsOf(units, n));
  const theirs = references.map((reference) => countsOf(ngramsOf(reference, n)));
  let matches = 0;
  for (const [run, count] of own) matches += Math.min(count, Math.max(...theirs.map((counts) => counts.get(run) ?? 0)));
  return { matches, runs: units.length - n + 1 };
}

function brevity(length: number, references: readonly (readonly unknown[])[]): number {
  const nearest = references
    .map((reference) => reference.length)
    .reduce((best, other) => {
      const [near, far] = [Math.abs(best - length), Math.abs(other - length)];
      return far < near || (far === near && other < best) ? other : best;
    });
  return length > nearest ? 1 : Math.exp(1 - nearest / length);
}

/**
 * The mean BLEU of each text against all others: near 1 where samples are all alike, low where they differ. Undefined for fewer than two texts.
 * source  Zhu et al. 2018, "Texygen", arXiv 1802.01886, section 3.2
 */
export function selfBleu(texts: readonly (readonly (string | number)[])[], options: BleuOptions = {}): number | undefined {
  const scores = texts
    .map((units, i) =>
      bleu(
        units,
        texts.filter((_, j) => j !== i),
        options,
      ),
    )
    .filter((score) => score !== undefined);
  return texts.length < 2 || scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
