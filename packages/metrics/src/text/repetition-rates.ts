import { countsOf, ngramsOf } from "./words.ts";

export interface RepetitionRates {
  /** Of runs of n units: the share that had stood before in the same text, 0 to 1. Absent for n that the text is too short for. */
  repeated: Partial<Record<1 | 2 | 3 | 4, number>>;
  /** 1 − Π over n = 2, 3, 4 of (different runs / runs): how much a text goes round. Absent where it has fewer than four units. */
  overall?: number;
  /** Units that stood among the last 16, 32, 64 or 128 before them, as a share of all that have something before them. */
  nearby: Partial<Record<16 | 32 | 64 | 128, number>>;
  /** Of all runs of four: how many times the most frequent stands there. */
  mostFrequent?: { run: string[]; times: number };
}

/**
 * How much a text repeats itself.
 * source  seq-rep-n and rep/l: Welleck et al. 2020, arXiv 1908.04319, section 5; the product: Su et al. 2022, arXiv 2202.06417, section 4.1.1 (diversity)
 */
export function repetitionRates(units: readonly (string | number)[]): RepetitionRates {
  const repeated: RepetitionRates["repeated"] = {};
  let product = 1;
  for (const n of [1, 2, 3, 4] as const) {
    const runs = ngramsOf(units, n);
    if (runs.length === 0) continue;
    const different = new Set(runs).size / runs.length;
    repeated[n] = 1 - different;
    if (n > 1) product *= different;
  }
  const fours = [...countsOf(ngramsOf(units, 4))].reduce<[string, number] | undefined>(
    (most, entry) => (entry[1] > (most?.[1] ?? 0) ? entry : most),
    undefined,
  );
  return {
    repeated,
    ...(units.length >= 4 && { overall: 1 - product }),
    nearby: nearbyOf(units),
    ...(fours && { mostFrequent: { run: fours[0].split("\u0001"), times: fours[1] } }),
  };
}

const reaches = [16, 32, 64, 128] as const;

function nearbyOf(units: readonly (string | number)[]): RepetitionRates["nearby"] {
  const nearby: RepetitionRates["nearby"] = {};
  if (units.length < 2) return nearby;
  const last = new Map<string | number, number>();
  const seen = new Map<number, number>(reaches.map((reach) => [reach, 0]));
  for (const [i, unit] of units.entries()) {
    const before = last.get(unit);
    for (const reach of reaches) if (before !== undefined && i - before <= reach) seen.set(reach, (seen.get(reach) ?? 0) + 1);
    last.set(unit, i);
  }
  for (const reach of reaches) nearby[reach] = (seen.get(reach) ?? 0) / (units.length - 1);
  return nearby;
}
