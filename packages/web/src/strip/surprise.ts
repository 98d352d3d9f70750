/** A part of the overview: some tokens that share a column of pixels. */
export interface SurpriseBins {
  /** [bins] the least probable token's surprise, −ln p in nats; NaN where no probability is known. */
  surprise: Float32Array;
  /** [bins] the strongest light on any of its tokens. */
  lit: Uint8Array;
}

/** Sorts tokens into at most `bins` equal columns, keeping the most surprising of each: an outlier never disappears. */
export function binSurprise(probability: Float32Array, lit: Uint8Array, bins: number): SurpriseBins {
  const count = Math.max(1, Math.min(Math.floor(bins), probability.length));
  const out: SurpriseBins = { surprise: new Float32Array(count).fill(Number.NaN), lit: new Uint8Array(count) };
  for (let i = 0; i < probability.length; i++) {
    const bin = Math.min(count - 1, Math.floor((i * count) / probability.length));
    const surprise = -Math.log(probability[i] as number);
    const before = out.surprise[bin] as number;
    if (!Number.isNaN(surprise) && (Number.isNaN(before) || surprise > before)) out.surprise[bin] = surprise;
    out.lit[bin] = Math.max(out.lit[bin] as number, lit[i] as number);
  }
  return out;
}

/** Surprise that fills the overview's height: e^-6 is a quarter of a per cent. */
export const fullSurprise = 6;
