/** A part of the overview: some tokens that share a column of pixels. */
export interface Bins {
  /** [bins] the token that stands highest, by index; -1 where no token's height is known. */
  peak: Int32Array;
  /** [bins] the strongest light on any of its tokens. */
  lit: Uint8Array;
}

/** Sorts tokens into at most `bins` equal columns, keeping the highest of each: an outlier never disappears. height  NaN is unknown */
export function binHeights(height: Float32Array, lit: Uint8Array, bins: number): Bins {
  const count = Math.max(1, Math.min(Math.floor(bins), height.length));
  const out: Bins = { peak: new Int32Array(count).fill(-1), lit: new Uint8Array(count) };
  for (let i = 0; i < height.length; i++) {
    const bin = Math.min(count - 1, Math.floor((i * count) / height.length));
    const value = height[i] as number;
    const before = out.peak[bin] as number;
    if (!Number.isNaN(value) && (before === -1 || value > (height[before] as number))) out.peak[bin] = i;
    out.lit[bin] = Math.max(out.lit[bin] as number, lit[i] as number);
  }
  return out;
}
