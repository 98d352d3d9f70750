import type { LlamaConfig } from "./llama-config.ts";

/**
 * Cosines and sines of every rotated pair's angle at every position, [positions, rotated / 2] each.
 * Pair i turns by base^(−2i / rotated) a position, less where the model stretches its positions.
 * source  Su et al. 2021, "RoFormer", arXiv 2104.09864, section 3.2.2
 */
export function rotaryTable(
  { ropeBase, ropeScale, rotatedSize }: Pick<LlamaConfig, "ropeBase" | "ropeScale" | "rotatedSize">,
  positions: number,
  factors?: Float32Array,
): { cos: Float32Array; sin: Float32Array } {
  const pairs = rotatedSize / 2;
  const speeds = Float64Array.from({ length: pairs }, (_, pair) => ropeBase ** (-pair / pairs) / ropeScale / (factors?.[pair] ?? 1));
  const cos = new Float32Array(positions * pairs);
  const sin = new Float32Array(positions * pairs);
  for (let position = 0, at = 0; position < positions; position++) {
    for (const speed of speeds) {
      cos[at] = Math.cos(position * speed);
      sin[at++] = Math.sin(position * speed);
    }
  }
  return { cos, sin };
}
