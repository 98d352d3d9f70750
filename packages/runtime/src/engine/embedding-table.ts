import { dequantize } from "@cutaway/formats";
import type { StoredTensor } from "../weights/checkpoint.ts";
import { type MatrixType, matrixType } from "./matrix.ts";
import { badModel } from "./unsupported-model.ts";

/** The rows of the embedding matrix [vocab, width]. They stay in the file: a token needs one, and the operating system keeps those in use at hand. */
export class EmbeddingTable {
  readonly width: number;
  readonly #type: MatrixType;
  readonly #tensor: StoredTensor;
  readonly #rowBytes: number;
  readonly #scale: number;

  /** Every row is multiplied by `scale`. */
  constructor(tensor: StoredTensor, width: number, rows: number, scale = 1) {
    this.width = width;
    this.#type = matrixType(tensor);
    this.#tensor = tensor;
    this.#rowBytes = tensor.byteLength / rows;
    this.#scale = scale;
  }

  /** Puts a token's row into `target` from `at` on. */
  copyRow(id: number, target: Float32Array, at: number): void {
    const bytes = this.#tensor.read(id * this.#rowBytes, this.#rowBytes);
    if (bytes.length !== this.#rowBytes) throw badModel("the model's file has become shorter while it was in use");
    const row = dequantize(this.#type, bytes, this.width);
    if (this.#scale !== 1) for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) * this.#scale;
    target.set(row, at);
  }
}
