import { blockSize } from "./block-matrix.ts";
import type { GraphBuilder, Value } from "./graph-builder.ts";
import type { Matrix } from "./matrix.ts";

/**
 * What quantised weights are multiplied with. `int8`: inputs rounded to 8 bits a block of 32, as llama.cpp does; several times as fast for a
 * single token. `float32`: inputs as they are; faster for many tokens at once.
 */
export type Arithmetic = "int8" | "float32";

/** y [1, tokens, outputs] = matrix [outputs, inputs] · x [1, tokens, inputs]; of several matrices, their outputs side by side. */
export function multiply(g: GraphBuilder, name: string, x: Value, matrices: readonly Matrix[], arithmetic: Arithmetic): Value {
  const [first, ...others] = matrices;
  if (first !== undefined && others.length === 0) return multiplyOne(g, name, x, first, arithmetic);
  const parts = matrices.map((matrix, index) => multiplyOne(g, `${name}.${index}`, x, matrix, arithmetic));
  return g.concat(name, parts, -1);
}

function multiplyOne(g: GraphBuilder, name: string, x: Value, matrix: Matrix, arithmetic: Arithmetic): Value {
  const { inputs, outputs } = matrix;
  if ("floats" in matrix) return g.matMulTransposed(name, x, g.constant(`${name}.weight`, "float32", [outputs, inputs], matrix.floats));
  const { bits, numbers, scales, zeroPoints, meansCopies } = matrix.blocks;
  const blocks = scales.length / outputs;
  const constants = {
    numbers: g.constant(`${name}.weight`, "uint8", [outputs, blocks, (blockSize * bits) / 8], numbers),
    scales: g.constant(`${name}.scales`, "float32", [outputs * blocks], scales),
    ...(zeroPoints && { zeroPoints: g.constant(`${name}.zero_points`, "uint8", [zeroPoints.length], zeroPoints) }),
  };
  const size = { inputs: inputs + (inputs / blockSize) * meansCopies, outputs, bits };
  return g.matMulBlocks(name, meansCopies === 0 ? x : withMeans(g, name, x, meansCopies), constants, size, arithmetic);
}

/** x [1, tokens, inputs], followed by copies of the means of its blocks. */
function withMeans(g: GraphBuilder, name: string, x: Value, copies: number): Value {
  const means = g.blockMeans(`${name}.means`, x, blockSize);
  return g.concat(`${name}.input`, [x, ...Array.from({ length: copies }, () => means)], -1);
}
