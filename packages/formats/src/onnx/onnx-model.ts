/** Element types of ONNX tensors that Cutaway writes, and their numbers in the format (`TensorProto.DataType`). */
export const onnxTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;

export type OnnxType = keyof typeof onnxTypes;

/** A number, or the name of a size that is known only when the graph runs. */
export type OnnxDimension = number | string;

export interface OnnxValueInfo {
  name: string;
  type: OnnxType;
  shape: readonly OnnxDimension[];
}

/**
 * A constant of the graph. `data` is little-endian and row-major; `external` names a file that holds it instead
 * (byte offset and length), which may be one that exists in memory only.
 */
export interface OnnxTensor {
  name: string;
  type: OnnxType;
  shape: readonly number[];
  data: Uint8Array | { external: string; offset: number; length: number };
}

/** Whole numbers are written as integers: a float attribute says `{ float: 1 }`. */
export type OnnxAttribute = number | string | readonly number[] | { float: number };

export interface OnnxNode {
  name?: string;
  operator: string;
  /** The standard operators have none; ONNX Runtime's own are in `com.microsoft`. */
  domain?: string;
  /** An empty name leaves an optional input or output out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxModel {
  /** Version of the operator set by domain; "" is the standard one. */
  operatorSets: Readonly<Record<string, number>>;
  graph: {
    name: string;
    nodes: readonly OnnxNode[];
    initializers: readonly OnnxTensor[];
    inputs: readonly OnnxValueInfo[];
    outputs: readonly OnnxValueInfo[];
    /** Shapes of values in between: ONNX Runtime works out most by itself, though not those behind a reshape that is computed. */
    values?: readonly OnnxValueInfo[];
  };
}
