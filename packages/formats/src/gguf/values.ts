/**
 * A metadata value. 64-bit integers are numbers up to 2^53 in size and bigints beyond; numeric arrays are typed arrays of their own width.
 * Which width a single number was stored in is not kept.
 */
export type GgufValue = number | bigint | boolean | string | GgufNumbers | GgufArray;
/** Of strings, of booleans, or of arrays. */
export type GgufArray = readonly GgufValue[];

export type GgufNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** The value types by their number in the file. */
export const valueTypes = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "bool",
  "string",
  "array",
  "uint64",
  "int64",
  "float64",
] as const;

export type GgufValueType = (typeof valueTypes)[number];
export type GgufNumberType = Exclude<GgufValueType, "bool" | "string" | "array">;

export const numberArrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<GgufNumberType, unknown>;
