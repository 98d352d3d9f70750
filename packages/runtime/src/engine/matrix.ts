import type { GgufTensorType } from "@cutaway/formats";
import { badModel, unsupportedModel } from "./unsupported-model.ts";

/** A matrix of weights [outputs, inputs] as the file has it: y = matrix · x. */
export interface Matrix {
  type: MatrixType;
  inputs: number;
  outputs: number;
  bytes: Uint8Array;
}

const matrixTypes = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0"] as const;
export type MatrixType = (typeof matrixTypes)[number];

/** @throws `unsupported-model` for a type that the engine has no kernel for. */
export function matrixType(tensor: { name: string; type: GgufTensorType }): MatrixType {
  const known = matrixTypes.find((type) => type === tensor.type);
  if (known === undefined) throw unsupportedModel(`tensor ${tensor.name} is of type ${tensor.type}, which the engine does not run`, { ...tensor });
  return known;
}

/** One matrix whose outputs are those of all, in order: one multiplication instead of several. Undefined where the types differ. */
export function stacked(matrices: readonly Matrix[]): Matrix | undefined {
  const [first] = matrices;
  if (first === undefined || matrices.some(({ type }) => type !== first.type)) return undefined;
  if (matrices.some(({ inputs }) => inputs !== first.inputs)) throw badModel("matrices of one input differ in their inputs");
  const bytes = new Uint8Array(matrices.reduce((sum, matrix) => sum + matrix.bytes.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    bytes.set(matrix.bytes, at);
    at += matrix.bytes.length;
  }
  return { ...first, outputs: matrices.reduce((sum, { outputs }) => sum + outputs, 0), bytes };
}
