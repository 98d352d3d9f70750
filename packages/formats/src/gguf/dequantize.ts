import { CutawayError } from "@cutaway/core";
import {
  type BlockDecoder,
  decodeIQ4_NL,
  decodeQ2_K,
  decodeQ3_K,
  decodeQ4_0,
  decodeQ4_1,
  decodeQ4_K,
  decodeQ5_0,
  decodeQ5_1,
  decodeQ5_K,
  decodeQ6_K,
  decodeQ8_0,
} from "./block-decoders.ts";
import { halves } from "./half.ts";
import { type GgufTensorType, tensorTypes } from "./tensor-types.ts";

const blockDecoders: { [type in GgufTensorType]?: BlockDecoder } = {
  Q4_0: decodeQ4_0,
  Q4_1: decodeQ4_1,
  Q5_0: decodeQ5_0,
  Q5_1: decodeQ5_1,
  Q8_0: decodeQ8_0,
  Q2_K: decodeQ2_K,
  Q3_K: decodeQ3_K,
  Q4_K: decodeQ4_K,
  Q5_K: decodeQ5_K,
  Q6_K: decodeQ6_K,
  IQ4_NL: decodeIQ4_NL,
};

/** The types that `dequantize` knows. */
export const dequantizable: readonly GgufTensorType[] = ["F32", "F16", "BF16", ...(Object.keys(blockDecoders) as GgufTensorType[])];

/**
 * A tensor's raw bytes as `count` single-precision numbers, in the file's order; bit for bit what ggml's reference gives.
 * `bytes` holds whole blocks and nothing else.
 * throws  `unsupported-tensor-type` for a type outside `dequantizable`; `bad-tensor-bytes` where type, bytes and count do not fit.
 * source  ggml-quants.c, dequantize_row_*
 */
export function dequantize(type: GgufTensorType, bytes: Uint8Array, count: number): Float32Array {
  const block = tensorTypes[type];
  if (count % block.elements !== 0 || bytes.length !== (count / block.elements) * block.bytes) {
    throw new CutawayError("bad-tensor-bytes", `${count} elements of ${type} are not ${bytes.length} bytes: ${block.elements} take ${block.bytes}`);
  }
  if (type === "F32") return new Float32Array(new Uint8Array(bytes).buffer);
  const out = new Float32Array(count);
  if (type === "F16") {
    const half = halves();
    for (let i = 0; i < count; i++) out[i] = half[(bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8)] as number;
    return out;
  }
  if (type === "BF16") {
    const bits = new Uint32Array(out.buffer);
    for (let i = 0; i < count; i++) bits[i] = ((bytes[2 * i] as number) << 16) | ((bytes[2 * i + 1] as number) << 24);
    return out;
  }
  const decode = blockDecoders[type];
  if (!decode) {
    throw new CutawayError("unsupported-tensor-type", `tensors of type ${type} cannot be read as numbers yet`, {
      fix: `Use a model whose tensors are of ${dequantizable.join(", ")}.`,
      data: { type },
    });
  }
  const half = halves();
  for (let at = 0, to = 0; to < count; at += block.bytes, to += block.elements) decode(bytes, at, out, to, half);
  return out;
}
