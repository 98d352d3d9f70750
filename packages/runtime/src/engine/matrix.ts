import type { GgufTensorType } from "@cutaway/formats";
import { unsupportedModel } from "./unsupported-model.ts";

const plainTypes = ["F32", "F16", "BF16"] as const;
const quantisedTypes = ["Q4_0", "Q4_1", "Q8_0"] as const;
const matrixTypes = [...plainTypes, ...quantisedTypes];

export type QuantisedType = (typeof quantisedTypes)[number];
export type MatrixType = (typeof matrixTypes)[number];

/** A matrix of weights [outputs, inputs] as the file has it: y = matrix · x. */
export interface Matrix<Type extends MatrixType = MatrixType> {
  type: Type;
  inputs: number;
  outputs: number;
  bytes: Uint8Array;
}

export const isQuantised = (matrix: Matrix): matrix is Matrix<QuantisedType> => quantisedTypes.some((type) => type === matrix.type);

/** @throws `unsupported-model` for a type that the engine has no kernel for. */
export function matrixType(tensor: { name: string; type: GgufTensorType }): MatrixType {
  const known = matrixTypes.find((type) => type === tensor.type);
  if (known === undefined) throw unsupportedModel(`tensor ${tensor.name} is of type ${tensor.type}, which the engine does not run`, { ...tensor });
  return known;
}

/** Matrices of the same inputs, their outputs side by side: one multiplication instead of several, where they are of one type. */
export function sideBySide(matrices: readonly Matrix[]): Matrix[] {
  const [first] = matrices;
  if (first === undefined || matrices.some(({ type }) => type !== first.type)) return [...matrices];
  const bytes = new Uint8Array(matrices.reduce((sum, matrix) => sum + matrix.bytes.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    bytes.set(matrix.bytes, at);
    at += matrix.bytes.length;
  }
  return [{ ...first, outputs: matrices.reduce((sum, { outputs }) => sum + outputs, 0), bytes }];
}
