let results: { buffer: ArrayBuffer; float64: Float64Array; float32: Float32Array } | undefined;

/** Where the kernels leave what they found. */
export function resultsOf(buffer: ArrayBuffer): { float64: Float64Array; float32: Float32Array } {
  if (results?.buffer !== buffer) results = { buffer, float64: new Float64Array(buffer, 0, 8), float32: new Float32Array(buffer, 0, 16) };
  return results;
}
