import type { JsonObject } from "@cutaway/core";
import type { GgufTensorType } from "@cutaway/formats";

/**
 * A model's weights and hyper-parameters, whatever file they come from, under the names and in the layout of Hugging Face checkpoints:
 * matrices are [outputs, inputs], rotated pairs are (i, i + half).
 */
export interface Checkpoint {
  /** What errors call it. */
  readonly file: string;
  /** What the file itself calls the architecture; left out, that is `model_type`. */
  readonly architecture?: string;
  /** As in config.json. */
  readonly config: JsonObject;
  readonly tensors: ReadonlyMap<string, { shape: readonly number[]; type: string }>;
  /** The numbers of one tensor in float32, read now. */
  floats(name: string): Float32Array;
  /** What the file itself calls a field of `config`; left out, they are the same. */
  fieldName?(field: string): string;
  /** What the file itself would call a tensor. */
  tensorName?(name: string): string;
  /** One tensor as it lies in the file, quantised weights included. */
  stored(name: string): StoredTensor;
  /** How rotated pairs lie in the stored rows of q and k: (i, i + half), or neighbours. Default: halves. */
  storedPairs?: "halves" | "neighbours";
  /** Tensors of the file that have no place in a checkpoint of its architecture. */
  unplaced?: readonly string[];
  /** Tensors of another network that lies in the same files, such as one that sees images. */
  aside?: readonly string[];
  close(): void;
}

/** A tensor's own bytes. */
export interface StoredTensor {
  /** What the file calls it. */
  name: string;
  type: GgufTensorType;
  byteLength: number;
  /** Reads so many bytes from `from` on; default: all. */
  read(from?: number, length?: number): Uint8Array;
}
