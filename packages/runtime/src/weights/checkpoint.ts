import type { JsonObject } from "@cutaway/core";

/**
 * A model's weights and hyper-parameters, whatever file they come from, under the names and in the layout of Hugging Face checkpoints:
 * matrices are [outputs, inputs], rotated pairs are (i, i + half).
 */
export interface Checkpoint {
  /** What errors call it. */
  readonly file: string;
  /** As in config.json. */
  readonly config: JsonObject;
  readonly tensors: ReadonlyMap<string, { shape: readonly number[]; type: string }>;
  /** The numbers of one tensor in float32, read now. */
  floats(name: string): Float32Array;
  close(): void;
}
