import { badGguf } from "./bad-gguf.ts";
import type { HeaderReader } from "./header-reader.ts";
import { limits } from "./limits.ts";
import { type GgufTensorType, tensorTypeOf, tensorTypes } from "./tensor-types.ts";

export interface GgufTensor {
  name: string;
  type: GgufTensorType;
  /** Innermost dimension first, as the file has it: a matrix of `rows` × `columns` is [columns, rows]. Empty for a single number. */
  shape: number[];
  /** Of the data, in bytes from the start of the file. */
  offset: number;
  byteLength: number;
}

/** As `GgufTensor`, with `offset` from the start of the tensor data, and `at`: where the entry stands in the header. */
export type TensorInfo = GgufTensor & { at: number };

export function readTensorInfo(reader: HeaderReader, index: number, alignment: number): TensorInfo {
  const at = reader.offset;
  const name = reader.string(`the name of tensor ${index}`, limits.nameBytes);
  const what = `tensor ${JSON.stringify(name)}`;
  const shape = readShape(reader, what);
  const typeAt = reader.offset;
  const typeNumber = reader.uint32(`the type of ${what}`);
  const type = tensorTypeOf(typeNumber);
  if (!type)
    throw badGguf(typeAt, `${what} has the unknown type ${typeNumber}`, "Convert the model to a type that this build reads, e.g. Q4_K_M or F16.");
  const { elements, bytes } = tensorTypes[type];
  if ((shape[0] ?? 1) % elements !== 0) {
    throw badGguf(at, `${what} has rows of ${shape[0] ?? 1} elements, which blocks of ${elements} (${type}) cannot hold`);
  }
  const byteLength = (shape.reduce((product, dimension) => product * dimension, 1) / elements) * bytes;
  if (!Number.isSafeInteger(byteLength)) throw badGguf(at, `${what} of shape [${shape.join(", ")}] is larger than any file`);
  const offsetAt = reader.offset;
  const offset = reader.size(`the offset of ${what}`, Number.MAX_SAFE_INTEGER);
  if (offset % alignment !== 0) throw badGguf(offsetAt, `the offset of ${what}, ${offset}, is not a multiple of the alignment ${alignment}`);
  return { name, type, shape, offset, byteLength, at };
}

function readShape(reader: HeaderReader, what: string): number[] {
  const at = reader.offset;
  const count = reader.uint32(`the number of dimensions of ${what}`);
  if (count > limits.dimensions) throw badGguf(at, `${what} has ${count} dimensions, more than ${limits.dimensions}`);
  const shape: number[] = [];
  let elements = 1;
  for (let index = 0; index < count; index++) {
    const dimension = reader.size(`dimension ${index} of ${what}`, Number.MAX_SAFE_INTEGER);
    if (dimension === 0) throw badGguf(reader.offset - 8, `dimension ${index} of ${what} is 0`);
    shape.push(dimension);
    elements *= dimension;
    if (!Number.isSafeInteger(elements)) throw badGguf(at, `${what} of shape [${shape.join(", ")}, …] is larger than any file`);
  }
  return shape;
}
