import { type ByteSource, dequantize, type GgufTensor } from "@cutaway/formats";
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
    target.set(dequantize(this.#type, bytes, this.width), at);
  }
}
