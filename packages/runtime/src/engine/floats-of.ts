import { halfFloats } from "./half-floats.ts";

/** Little-endian numbers of a type that is not quantised, as float32. */
export function floatsOf(type: "F32" | "F16" | "BF16", bytes: Uint8Array): Float32Array {
  if (type === "F32") return new Float32Array(bytes.slice().buffer);
  const halves = new Uint16Array(bytes.slice().buffer);
  if (type === "F16") return Float32Array.from(halves, (bits) => halfFloats[bits] ?? 0);
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}
