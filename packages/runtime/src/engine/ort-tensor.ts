import { type OnnxType, onnxTypes } from "@cutaway/formats";
import { ortLibrary, type Pointer } from "./ort-library.ts";

/** A JavaScript array that ONNX Runtime reads and writes in place. */
export interface OrtTensor<Data extends TensorData = TensorData> {
  readonly data: Data;
  readonly pointer: Pointer;
  release(): void;
}

type TensorData = Float32Array | Int32Array | BigInt64Array;

interface Arrays {
  float32: Float32Array;
  int32: Int32Array;
  int64: BigInt64Array;
}
const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array };

/** A new array of zeros as a tensor, or `given` of that size. */
export function ortTensor<Type extends keyof Arrays & OnnxType>(type: Type, shape: readonly number[], given?: Arrays[Type]): OrtTensor<Arrays[Type]> {
  const library = ortLibrary();
  const Elements = arrays[type];
  const length = shape.reduce((product, size) => product * size, 1);
  // 64 bytes and more: V8 keeps shorter arrays inside its own heap, where they move.
  const data = given ?? (new Elements(Math.max(length, 64 / Elements.BYTES_PER_ELEMENT)).subarray(0, length) as Arrays[Type]);
  const dimensions = BigInt64Array.from(shape, BigInt);
  const pointer = library.create(
    "CreateTensorWithDataAsOrtValue",
    library.cpuMemory,
    data,
    data.byteLength,
    dimensions,
    shape.length,
    onnxTypes[type],
  );
  return { data, pointer, release: () => library.call("ReleaseValue", pointer) };
}
