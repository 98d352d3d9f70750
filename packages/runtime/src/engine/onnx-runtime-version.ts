import { ortLibrary } from "./ort-library.ts";

/** The version of the native library, which is loaded for this. @throws `no-onnx-runtime` where it is missing or does not load. */
export const onnxRuntimeVersion = (): string => ortLibrary().version;
