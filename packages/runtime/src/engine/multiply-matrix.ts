import { dequantize } from "@cutaway/formats";
import { blockMatrix, blockSize } from "./block-matrix.ts";
import type { GraphBuilder, Value } from "./graph-builder.ts";
import { isQuantised, type Matrix, type QuantisedType } from "./matrix.ts";
import { rowMatrix } from "./row-matrix.ts";

/**
 * How quantised weights are multiplied, both as near to the exact product as llama.cpp's way (figures: the decision page).
 * `blocks`: the file's own numbers and scales, inputs rounded to 8 bits a block of 32; fastest for a few tokens.
 * `rows`: weights rounded to 8 bits an output, inputs to 16 bits; fastest for many tokens, by the processor's 8-bit matrix instructions.
 */
export type Arithmetic = "blocks" | "rows";

/** y [1, tokens, outputs] = matrix [outputs, inputs] · x [1, tokens, inputs]; of several matrices, their outputs side by side. */
export function multiply(g: GraphBuilder, name: string, x: Value, matrices: readonly Matrix[], arithmetic: Arithmetic): Value {
  const [first, ...others] = matrices;
  if (first !== undefined && others.length === 0) return multiplyOne(g, name, x, first, arithmetic);
  const parts = matrices.map((matrix, index) => multiplyOne(g, `${name}.${index}`, x, matrix, arithmetic));
  return g.concat(name, parts, -1);
}

function multiplyOne(g: GraphBuilder, name: string, x: Value, matrix: Matrix, arithmetic: Arithmetic): Value {
  if (isQuantised(matrix)) return arithmetic === "blocks" ? multiplyBlocks(g, name, x, matrix) : multiplyRows(g, name, x, matrix);
  const { type, inputs, outputs, bytes } = matrix;
  const floats = dequantize(type, bytes, inputs * outputs);
  return g.matMulTransposed(name, x, g.constant(`${name}.weight`, "float32", [outputs, inputs], floats));
}

function multiplyBlocks(g: GraphBuilder, name: string, x: Value, matrix: Matrix<QuantisedType>): Value {
  const { inputs, outputs } = matrix;
  const { bits, numbers, scales, zeroPoints, meansCopies } = blockMatrix(matrix);
  const blocks = scales.length / outputs;
  const constants = {
    numbers: g.constant(`${name}.weight`, "uint8", [outputs, blocks, (blockSize * bits) / 8], numbers),
    scales: g.constant(`${name}.scales`, "float32", [outputs * blocks], scales),
    ...(zeroPoints && { zeroPoints: g.constant(`${name}.zero_points`, "uint8", [zeroPoints.length], zeroPoints) }),
  };
  const size = { inputs: inputs + (inputs / blockSize) * meansCopies, outputs, bits };
  return g.matMulBlocks(name, meansCopies === 0 ? x : withMeans(g, name, x, meansCopies), constants, size);
}

/** x [1, tokens, inputs], followed by copies of the means of its blocks. */
function withMeans(g: GraphBuilder, name: string, x: Value, copies: number): Value {
  const means = g.blockMeans(`${name}.means`, x, blockSize);
  return g.concat(`${name}.input`, [x, ...Array.from({ length: copies }, () => means)], -1);
}

/** The input as 8-bit numbers, and what those leave of it as 8-bit numbers again: 16 bits in all. */
function multiplyRows(g: GraphBuilder, name: string, x: Value, matrix: Matrix): Value {
  const { inputs, outputs } = matrix;
  const { numbers, outputScales, inputScales } = rowMatrix(matrix);
  const weight = {
    numbers: g.constant(`${name}.weight`, "int8", [inputs, outputs], numbers),
    scales: g.constant(`${name}.output_scales`, "float32", [outputs], outputScales),
  };
  const scaled = g.multiply(`${name}.input`, x, g.constant(`${name}.input_scales`, "float32", [inputs], inputScales));
  const coarse = g.quantise(`${name}.coarse`, scaled);
  const fine = g.quantise(`${name}.fine`, g.subtract(`${name}.rest`, scaled, g.dequantise(`${name}.rounded`, coarse)));
  return g.add(name, g.matMulInteger(`${name}.coarse.product`, coarse, weight), g.matMulInteger(`${name}.fine.product`, fine, weight));
}
