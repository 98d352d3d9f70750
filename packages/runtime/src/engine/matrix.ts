import { dequantize, type GgufTensorType } from "@cutaway/formats";
import { type BlockMatrix, blocksOfQ4_0, blocksOfQ4_1, blocksOfQ8_0 } from "./block-matrix.ts";
import { unsupportedModel } from "./unsupported-model.ts";

const matrixTypes = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0"] as const;
export type MatrixType = (typeof matrixTypes)[number];

/** A matrix of weights [outputs, inputs] as the file has it: y = matrix · x. */
export interface RawMatrix {
  type: MatrixType;
  inputs: number;
  outputs: number;
  bytes: Uint8Array;
}

/** The same as the graph takes it. */
export type Matrix = { inputs: number; outputs: number } & ({ floats: Float32Array } | { blocks: BlockMatrix });

/** @throws `unsupported-model` for a type that the engine has no kernel for. */
export function matrixType(tensor: { name: string; type: GgufTensorType }): MatrixType {
  const known = matrixTypes.find((type) => type === tensor.type);
  if (known === undefined) throw unsupportedModel(`tensor ${tensor.name} is of type ${tensor.type}, which the engine does not run`, { ...tensor });
  return known;
}

/** Matrices of the same inputs, their outputs side by side: one multiplication instead of several, where they are of one type. */
export function sideBySide(matrices: readonly RawMatrix[]): Matrix[] {
  const [first] = matrices;
  if (first === undefined || matrices.some(({ type }) => type !== first.type)) return matrices.map(prepared);
  const bytes = new Uint8Array(matrices.reduce((sum, matrix) => sum + matrix.bytes.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    bytes.set(matrix.bytes, at);
    at += matrix.bytes.length;
  }
  return [prepared({ ...first, outputs: matrices.reduce((sum, { outputs }) => sum + outputs, 0), bytes })];
}

function prepared(matrix: RawMatrix): Matrix {
  const { inputs, outputs, type, bytes } = matrix;
  switch (type) {
    case "Q4_0":
      return { inputs, outputs, blocks: blocksOfQ4_0(matrix) };
    case "Q4_1":
      return { inputs, outputs, blocks: blocksOfQ4_1(matrix) };
    case "Q8_0":
      return { inputs, outputs, blocks: blocksOfQ8_0(matrix) };
    default:
      return { inputs, outputs, floats: dequantize(type, bytes, inputs * outputs) };
  }
}
