import { type BlockMatrix, blockSize, blocksOfQ4_0, blocksOfQ4_1, blocksOfQ8_0 } from "./block-matrix.ts";
import { floatsOf } from "./floats-of.ts";
import type { GraphBuilder, Value } from "./graph-builder.ts";
import { type Matrix, stacked } from "./matrix.ts";

/** y [1, tokens, outputs] = matrix [outputs, inputs] · x [1, tokens, inputs]; of several matrices, their outputs side by side. */
export function multiply(g: GraphBuilder, name: string, x: Value, matrices: readonly Matrix[]): Value {
  const one = stacked(matrices);
  if (one !== undefined) return multiplyOne(g, name, x, one);
  const parts = matrices.map((matrix, index) => multiplyOne(g, `${name}.${index}`, x, matrix));
  return g.concat(name, parts, -1);
}

function multiplyOne(g: GraphBuilder, name: string, x: Value, matrix: Matrix): Value {
  switch (matrix.type) {
    case "Q4_0":
      return multiplyBlocks(g, name, x, matrix, blocksOfQ4_0(matrix));
    case "Q4_1":
      return multiplyBlocks(g, name, x, matrix, blocksOfQ4_1(matrix));
    case "Q8_0":
      return multiplyBlocks(g, name, x, matrix, blocksOfQ8_0(matrix));
    default: {
      const floats = floatsOf(matrix.type, matrix.bytes);
      return g.matMulTransposed(name, x, g.constant(`${name}.weight`, "float32", [matrix.outputs, matrix.inputs], floats));
    }
  }
}

function multiplyBlocks(g: GraphBuilder, name: string, x: Value, { inputs, outputs }: Matrix, matrix: BlockMatrix): Value {
  const { bits, numbers, scales, zeroPoints, remainders } = matrix;
  const blocks = inputs / blockSize;
  const constants = {
    numbers: g.constant(`${name}.weight`, "uint8", [outputs, blocks, (blockSize * bits) / 8], numbers),
    scales: g.constant(`${name}.scales`, "float32", [outputs * blocks], scales),
    ...(zeroPoints && { zeroPoints: g.constant(`${name}.zero_points`, "uint8", [zeroPoints.length], zeroPoints) }),
  };
  const size = { inputs, outputs, bits };
  if (remainders === undefined) return g.matMulBlocks(name, x, constants, size);
  const whole = g.matMulBlocks(`${name}.whole`, x, constants, size);
  const sums = g.sumBlocks(`${name}.block_sums`, x, blockSize, blocks);
  const rest = g.matMul(`${name}.rest`, sums, g.constant(`${name}.remainders`, "float32", [blocks, outputs], remainders));
  return g.add(name, whole, rest);
}
