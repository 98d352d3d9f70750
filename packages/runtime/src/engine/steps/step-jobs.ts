import type { StepKernels } from "./step-kernels.ts";

/**
 * Work that threads share, as numbers in memory that all of them see. A job falls into units: four outputs of a matrix, or a head of attention.
 * Its fields are 32-bit integers; `scale` is float32 in the same place.
 */
export const jobFields = {
  multiply: ["kind", "weights", "scales", "sums", "blocks", "x", "y"],
  attend: ["kind", "q", "keys", "values", "count", "size", "scale", "scores", "scoresStride", "z", "headsPerPart", "partStride"],
} as const;

export const jobKinds = { multiply8: 0, multiply4: 1, multiply4WithMinima: 2, attend: 3 } as const;

/** Does the units from `from` to `to`. */
export function doShare(kernels: StepKernels, job: Int32Array, floats: Float32Array, from: number, to: number): void {
  const at = (field: number) => job[field] as number;
  if (at(0) === jobKinds.attend) {
    const [size, headsPerPart] = [at(5), at(10)];
    for (let head = from; head < to; head++) {
      const part = Math.floor(head / headsPerPart) * at(11);
      const own = head * size * 4;
      kernels.attend(at(1) + own, at(2) + part, at(3) + part, at(4), size, floats[6] as number, at(7) + head * at(8), at(9) + own);
    }
    return;
  }
  const [weights, scales, blocks, x] = [at(1), at(2), at(4), at(5)];
  const y = at(6) + from * 16;
  const [units, before] = [to - from, from * blocks];
  if (at(0) === jobKinds.multiply8) kernels.multiply8(weights + before * 128, scales + before * 8, at(3) + from * 16, units, blocks, x, y);
  else if (at(0) === jobKinds.multiply4) kernels.multiply4(weights + before * 64, scales + before * 8, units, blocks, x, y);
  else kernels.multiply4WithMinima(weights + before * 64, scales + before * 16, units, blocks, x, y);
}
