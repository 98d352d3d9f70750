import type { KvCache } from "./kv-cache.ts";
import { giveBack } from "./matrix.ts";
import type { OrtBinding } from "./ort-session.ts";
import { type OrtTensor, ortTensor } from "./ort-tensor.ts";
import type { EngineParts, KernelNetworks, Passage, Stretch, TapeInputs } from "./passage.ts";
import { returnFreed } from "./return-memory.ts";
import type { StepCache, StepNetwork } from "./steps/step-network.ts";

const normedName = "ln_final.hook_normalized";

/** Up to so many tokens, one by one is faster. */
const fewTokens = 3;

/** From so many tokens on, what giving memory back costs is nothing beside them. */
const manyTokens = 128;

/** Single tokens and logits by kernels over the file's own weights, many tokens by ONNX Runtime, over one cache. */
export class KernelPassage implements Passage {
  readonly #inputs: TapeInputs;
  readonly #parts: EngineParts;
  readonly #steps: StepNetwork;
  readonly #graph: OrtBinding;
  /** Undefined where kernels had no room for the cache. */
  readonly #cache: StepCache | undefined;
  readonly #logits: Float32Array;

  constructor(parts: EngineParts, { steps, bulk }: KernelNetworks, inputs: TapeInputs, cache: KvCache) {
    this.#inputs = inputs;
    this.#parts = parts;
    this.#steps = steps;
    this.#cache = cache.places;
    this.#logits = new Float32Array(parts.vocabSize);
    const { positions, past, present, embedding: embeddings } = inputs;
    // The rows of normed tokens are another array each time; until then the name stands for any.
    this.#graph = bulk.binding({ embeddings, ...positions, ...past }, { ...present, [normedName]: embeddings });
  }

  fill(stretch: Stretch): void {
    if (stretch.count <= fewTokens && this.#cache) this.#each(stretch, this.#cache);
    else this.#bulk(stretch, () => {});
  }

  last(stretch: Stretch, { data }: OrtTensor<Float32Array>): void {
    if (stretch.count <= fewTokens && this.#cache) this.#each(stretch, this.#cache, data);
    else this.#bulk(stretch, (rows) => this.#steps.logitsOf(rows.subarray(-this.#parts.config.width), data));
  }

  *each(stretch: Stretch): Iterable<Float32Array> {
    const { width } = this.#parts.config;
    const rows = this.#normed(stretch);
    for (let row = 0; row < stretch.count; row++) {
      this.#steps.logitsOf(rows.subarray(row * width, (row + 1) * width), this.#logits);
      yield this.#logits;
    }
  }

  release(): void {}

  #each({ ids, start, count, length }: Stretch, cache: StepCache, logits?: Float32Array): void {
    for (let i = 0; i < count; i++) {
      this.#parts.embeddings.copyRow(ids[start + i] ?? 0, this.#steps.embedding, 0);
      this.#steps.step(cache, length + i, i === count - 1 ? logits : undefined);
    }
  }

  #bulk(stretch: Stretch, use: (rows: Float32Array) => void): void {
    const rows = this.#normed(stretch);
    use(rows);
    giveBack(rows);
    if (stretch.count >= manyTokens) returnFreed();
  }

  /** What the unembedding is multiplied with, [count, width]. */
  #normed(stretch: Stretch): Float32Array {
    const rows = ortTensor("float32", [1, stretch.count, this.#parts.config.width]);
    try {
      this.#inputs.with(stretch, (embeddings) => this.#graph.run({ embeddings }, { [normedName]: rows }));
      return rows.data;
    } finally {
      rows.release();
    }
  }
}
