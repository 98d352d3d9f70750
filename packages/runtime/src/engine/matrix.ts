import type { GgufTensorType } from "@cutaway/formats";
import { badModel, unsupportedModel } from "./unsupported-model.ts";

const plainTypes = ["F32", "F16", "BF16"] as const;
const quantisedTypes = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL"] as const;
const matrixTypes = [...plainTypes, ...quantisedTypes];

export type QuantisedType = (typeof quantisedTypes)[number];
export type MatrixType = (typeof matrixTypes)[number];

/** A matrix of weights [outputs, inputs] as the file has it: y = matrix · x. */
export interface Matrix<Type extends MatrixType = MatrixType> {
  /** The file, and what it calls the matrix: for errors. */
  file: string;
  name: string;
  type: Type;
  inputs: number;
  outputs: number;
  /** Read from the file anew each time it is asked for. */
  readonly bytes: Uint8Array;
}

export const isQuantised = (matrix: Matrix): matrix is Matrix<QuantisedType> => quantisedTypes.some((type) => type === matrix.type);

/** @throws `unsupported-model` for a type that the engine has no kernel for. */
export function matrixType({ name, type }: { name: string; type: GgufTensorType | string }): MatrixType {
  const known = matrixTypes.find((known) => known === type);
  if (known !== undefined) return known;
  throw unsupportedModel(`tensor ${name} is of type ${type}, which the engine does not run; it runs ${matrixTypes.join(", ")}`, {
    tensor: name,
    type,
  });
}

/** @throws `bad-model`, naming the tensors */
export function requireFinite(areFinite: boolean, matrices: readonly Matrix[]): void {
  if (areFinite) return;
  const names = matrices.map(({ name }) => name).join(", ");
  const file = matrices[0]?.file ?? "";
  throw badModel(`${file}: tensor ${names} has weights that are not finite numbers`, { tensor: names, file });
}

/** Gives an array's memory back before the garbage collector comes by. It was made or read for one use, which is over, and is empty from now on. */
export function giveBack({ buffer, byteLength }: Uint8Array | Float32Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
