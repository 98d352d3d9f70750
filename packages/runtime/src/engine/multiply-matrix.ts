import { dequantize } from "@cutaway/formats";
import { blockForm, blockMatrix, joinedBlocks } from "./blocks/block-matrix.ts";
import type { GraphBuilder, Value } from "./graph-builder.ts";
import { giveBack, isQuantised, type Matrix, type QuantisedType, requireFinite } from "./matrix.ts";
import { rowMatrix } from "./row-matrix.ts";

/**
 * How quantised weights are multiplied, both as near to the exact product as llama.cpp's way (figures: the decision page).
 * `blocks`: the file's own numbers and scales, inputs rounded to 8 bits a block; fastest for a few tokens.
 * `rows`: weights rounded to 8 bits an output, inputs to 16 bits; fastest for many tokens, by the processor's 8-bit matrix instructions.
 */
export type Arithmetic = "blocks" | "rows";

/** y [1, tokens, outputs] = matrix [outputs, inputs] · x [1, tokens, inputs]; of several matrices, their outputs side by side. */
export function multiply(g: GraphBuilder, name: string, x: Value, matrices: readonly Matrix[], arithmetic: Arithmetic): Value {
  const groups = grouped(matrices);
  if (groups.length === 1) return multiplyGroup(g, name, x, groups[0] as Matrix[], arithmetic);
  const parts = groups.map((group, index) => multiplyGroup(g, `${name}.${index}`, x, group, arithmetic));
  return g.concat(name, parts, -1);
}

/** Neighbours that one multiplication can serve. */
function grouped(matrices: readonly Matrix[]): Matrix[][] {
  const form = (matrix: Matrix): string => (isQuantised(matrix) ? blockForm(matrix.type) : "plain");
  const groups: Matrix[][] = [];
  for (const matrix of matrices) {
    const last = groups.at(-1);
    if (last?.[0] && form(last[0]) === form(matrix)) last.push(matrix);
    else groups.push([matrix]);
  }
  return groups;
}

function multiplyGroup(g: GraphBuilder, name: string, x: Value, group: readonly Matrix[], arithmetic: Arithmetic): Value {
  if (group.every(isQuantised)) return arithmetic === "blocks" ? multiplyBlocks(g, name, x, group) : multiplyRows(g, name, x, group);
  const floats = floatsOf(group);
  let zero = 0; // stays 0 as long as all are finite
  for (let i = 0; i < floats.length; i++) zero += (floats[i] as number) * 0;
  requireFinite(zero === 0, group);
  return g.matMulTransposed(name, x, g.constant(`${name}.weight`, "float32", [outputsOf(group), group[0]?.inputs ?? 0], floats));
}

const outputsOf = (group: readonly Matrix[]): number => group.reduce((sum, { outputs }) => sum + outputs, 0);

/** The numbers of all matrices, one after the other. */
function floatsOf(group: readonly Matrix[]): Float32Array {
  const [first] = group;
  if (first && group.length === 1) return dequantize(first.type, first.bytes, first.inputs * first.outputs);
  const floats = new Float32Array(group.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0));
  let at = 0;
  for (const { type, bytes, inputs, outputs } of group) {
    floats.set(dequantize(type, bytes, inputs * outputs), at);
    at += inputs * outputs;
  }
  return floats;
}

function multiplyBlocks(g: GraphBuilder, name: string, x: Value, group: readonly Matrix<QuantisedType>[]): Value {
  const inputs = group[0]?.inputs ?? 0;
  const outputs = outputsOf(group);
  const { bits, blockSize, numbers, scales, zeroPoints, meansCopies } = joinedBlocks(group.map(blockMatrix));
  const blocks = scales.length / outputs;
  const constants = {
    numbers: g.constant(`${name}.weight`, "uint8", [outputs, blocks, (blockSize * bits) / 8], numbers),
    scales: g.constant(`${name}.scales`, "float32", [outputs * blocks], scales),
    ...(zeroPoints && { zeroPoints: g.constant(`${name}.zero_points`, "uint8", [zeroPoints.length], zeroPoints) }),
  };
  const size = { inputs: inputs + (inputs / blockSize) * meansCopies, outputs, bits, blockSize };
  return g.matMulBlocks(name, meansCopies === 0 ? x : withMeans(g, name, x, blockSize, meansCopies), constants, size);
}

/** x [1, tokens, inputs], followed by copies of the means of its blocks. */
function withMeans(g: GraphBuilder, name: string, x: Value, blockSize: number, copies: number): Value {
  const means = g.blockMeans(`${name}.means`, x, blockSize);
  return g.concat(`${name}.input`, [x, ...Array.from({ length: copies }, () => means)], -1);
}

/**
 * The input as 8-bit numbers, and what those leave of it as 8-bit numbers again: 16 bits in all. Both are the rows of one product, so that ONNX Runtime
 * keeps one rearranged copy of the weights.
 */
function multiplyRows(g: GraphBuilder, name: string, x: Value, group: readonly Matrix<QuantisedType>[]): Value {
  const inputs = group[0]?.inputs ?? 0;
  const outputs = outputsOf(group);
  const floats = floatsOf(group); // of quantised numbers, so a new array
  const { numbers, outputScales, inputScales } = rowMatrix(floats, inputs);
  giveBack(floats);
  requireFinite(inputScales.every(Number.isFinite), group);
  const weight = {
    numbers: g.constant(`${name}.weight`, "int8", [inputs, outputs], numbers),
    scales: g.constant(`${name}.output_scales`, "float32", [outputs], outputScales),
  };
  const number = (part: string, value: number) => g.constant(`${name}.${part}`, "float32", [], Float32Array.of(value));
  const zeroPoint = g.constant(`${name}.zero_point`, "uint8", [], Uint8Array.of(128));
  const finer = number("finer", 1 / 254);
  const scaled = g.multiply(`${name}.input`, x, g.constant(`${name}.input_scales`, "float32", [inputs], inputScales));
  const share = g.multiply(`${name}.share`, g.largest(`${name}.largest`, scaled), number("most", 1 / 127));
  const scale = g.atLeast(`${name}.scale`, share, number("least", 1e-30));
  const coarse = { numbers: g.quantiseBy(`${name}.coarse`, scaled, scale, zeroPoint), scale, zeroPoint };
  const rest = g.subtract(`${name}.rest`, scaled, g.dequantise(`${name}.rounded`, coarse));
  const fine = g.quantiseBy(`${name}.fine`, rest, g.multiply(`${name}.fine_scale`, scale, finer), zeroPoint);
  const rows = g.concat(`${name}.rows`, [coarse.numbers, fine], 1);
  const [high, low] = g.halves([`${name}.high`, `${name}.low`], g.matMulInteger(`${name}.product`, { ...coarse, numbers: rows }, weight), 1);
  return g.add(name, high, g.multiply(`${name}.lower`, low, finer));
}
