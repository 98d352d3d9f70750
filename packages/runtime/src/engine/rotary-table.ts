/**
 * Cosines and sines of every rotated pair's angle at every position, [positions, pairs] each. `speeds`: radians a position, by pair.
 * source  Su et al. 2021, "RoFormer", arXiv 2104.09864, section 3.2.2
 */
export function rotaryTable(speeds: Float64Array, positions: number): { cos: Float32Array; sin: Float32Array } {
  const cos = new Float32Array(positions * speeds.length);
  const sin = new Float32Array(positions * speeds.length);
  for (let position = 0, at = 0; position < positions; position++) {
    for (const speed of speeds) {
      cos[at] = Math.cos(position * speed);
      sin[at++] = Math.sin(position * speed);
    }
  }
  return { cos, sin };
}
