import type { Matrix, QuantisedType } from "../matrix.ts";
import { badModel } from "../unsupported-model.ts";
import { groupLayouts } from "./group-layouts.ts";
import { groupedBlocks } from "./grouped-blocks.ts";
import { blocksOfQ4_0, blocksOfQ4_1, blocksOfQ8_0 } from "./plain-blocks.ts";

/** Weights as ONNX Runtime's MatMulNBits takes them: weight = (number − zero point) · scale, in blocks along the inputs. */
export interface BlockMatrix {
  bits: 4 | 8;
  /** Inputs in one block, which share a scale. */
  blockSize: 16 | 32;
  /** [outputs, blocks, bytes of a block]; of two 4-bit numbers in a byte the lower half comes first. */
  numbers: Uint8Array;
  /** [outputs, blocks]. */
  scales: Float32Array;
  /** [outputs, blocks] of 8 bits, or [outputs, ⌈blocks / 2⌉ bytes] of two 4-bit ones; left out, it is 8 (4-bit) or 128 (8-bit) everywhere. */
  zeroPoints?: Uint8Array;
  /** So many copies of the means of the input's blocks follow the input itself, with weights of their own. */
  meansCopies: number;
}

/** @throws `bad-model` where a scale is not a finite number */
export function blockMatrix(matrix: Matrix<QuantisedType>): BlockMatrix {
  const blocks = convert(matrix);
  if (!blocks.scales.every(Number.isFinite)) {
    const { file, name } = matrix;
    throw badModel(`${file}: tensor ${name} has weights that are not finite numbers`, { tensor: name, file });
  }
  return blocks;
}

function convert(matrix: Matrix<QuantisedType>): BlockMatrix {
  switch (matrix.type) {
    case "Q4_0":
      return blocksOfQ4_0(matrix);
    case "Q4_1":
      return blocksOfQ4_1(matrix);
    case "Q8_0":
      return blocksOfQ8_0(matrix);
    default:
      return groupedBlocks(matrix, groupLayouts[matrix.type]);
  }
}

/** Types of one form can be multiplied as one matrix: bits, size of a block, zero points and means are the same. */
export function blockForm(type: QuantisedType): string {
  if (type === "Q4_0") return "4 bits, 32";
  if (type === "Q4_1") return "4 bits, 32, means";
  if (type === "Q8_0") return "8 bits, 32";
  const { bits, blockSize, spread } = groupLayouts[type];
  return `${bits} bits, ${blockSize}${spread === undefined ? "" : ", means"}`;
}

/** Matrices of the same inputs and form as one, their outputs side by side. */
export function joinedBlocks(matrices: readonly BlockMatrix[]): BlockMatrix {
  const [first] = matrices;
  if (first === undefined || matrices.length === 1) return first as BlockMatrix;
  return {
    ...first,
    numbers: joined(
      matrices.map(({ numbers }) => numbers),
      Uint8Array,
    ),
    scales: joined(
      matrices.map(({ scales }) => scales),
      Float32Array,
    ),
    ...(first.zeroPoints && {
      zeroPoints: joined(
        matrices.map(({ zeroPoints = new Uint8Array() }) => zeroPoints),
        Uint8Array,
      ),
    }),
  };
}

function joined<Numbers extends Uint8Array | Float32Array>(parts: readonly Numbers[], Type: new (length: number) => Numbers): Numbers {
  const out = new Type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
