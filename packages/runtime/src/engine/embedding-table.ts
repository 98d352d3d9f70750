import { type ByteSource, type GgufTensor, tensorTypes } from "@cutaway/formats";
import { floatsOf } from "./floats-of.ts";
import { halfFloats } from "./half-floats.ts";
import { type MatrixType, matrixType } from "./matrix.ts";
import { badModel } from "./unsupported-model.ts";

/** The rows of the embedding matrix [vocab, width]. They stay in the file: a token needs one, and the operating system keeps those in use at hand. */
export class EmbeddingTable {
  readonly width: number;
  readonly #type: MatrixType;
  readonly #tensor: GgufTensor;
  readonly #rowBytes: number;
  readonly #source: ByteSource;

  constructor(tensor: GgufTensor, source: ByteSource) {
    const [width = 0, rows = 1] = tensor.shape;
    this.width = width;
    this.#type = matrixType(tensor);
    this.#tensor = tensor;
    this.#rowBytes = tensor.byteLength / rows;
    this.#source = source;
  }

  /** Puts a token's row into `target` from `at` on. */
  copyRow(id: number, target: Float32Array, at: number): void {
    const bytes = this.#source.read(this.#tensor.offset + id * this.#rowBytes, this.#rowBytes);
    if (bytes.length !== this.#rowBytes) throw badModel("the model's file has become shorter while it was in use");
    target.set(rowOf(this.#type, bytes, this.width), at);
  }
}

function rowOf(type: MatrixType, bytes: Uint8Array, width: number): Float32Array {
  if (type === "F32" || type === "F16" || type === "BF16") return floatsOf(type, bytes);
  const row = new Float32Array(width);
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { elements, bytes: blockBytes } = tensorTypes[type];
  for (let at = 0, to = 0; to < width; at += blockBytes, to += elements) {
    const scale = halfFloats[file.getUint16(at, true)] ?? 0;
    if (type === "Q8_0") {
      for (let i = 0; i < 32; i++) row[to + i] = scale * file.getInt8(at + 2 + i);
      continue;
    }
    const [offset, numbersAt] = type === "Q4_1" ? [halfFloats[file.getUint16(at + 2, true)] ?? 0, at + 4] : [-8 * scale, at + 2];
    for (let i = 0; i < 16; i++) {
      const pair = file.getUint8(numbersAt + i);
      row[to + i] = (pair & 0x0f) * scale + offset;
      row[to + 16 + i] = (pair >> 4) * scale + offset;
    }
  }
  return row;
}
