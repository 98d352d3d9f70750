export { iq4Numbers } from "./gguf/block-decoders.ts";
export { type ByteSource, bytesSource } from "./gguf/byte-source.ts";
export { dequantizable, dequantize } from "./gguf/dequantize.ts";
export { halves } from "./gguf/half.ts";
export { type GgufFile, openGguf } from "./gguf/open-gguf.ts";
export type { GgufTensor } from "./gguf/read-tensor-info.ts";
export { type GgufTensorType, tensorTypes } from "./gguf/tensor-types.ts";
export type { GgufArray, GgufNumbers, GgufNumberType, GgufValue } from "./gguf/values.ts";
export { type GgufContent, type GgufTensorData, type GgufWritable, writeGguf } from "./gguf/write-gguf.ts";
export { encodeOnnxModel } from "./onnx/encode-onnx-model.ts";
export {
  type OnnxAttribute,
  type OnnxDimension,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValueInfo,
  onnxTypes,
} from "./onnx/onnx-model.ts";
export { openSafetensors, type SafetensorsFile, type SafetensorsTensor, type SafetensorsType } from "./safetensors/open-safetensors.ts";
