import type { DecoderConfig } from "./decoder-config.ts";
import type { EmbeddingTable } from "./embedding-table.ts";
import type { KvCache } from "./kv-cache.ts";
import { giveBack } from "./matrix.ts";
import type { OrtSession } from "./ort-session.ts";
import { type OrtTensor, ortTensor } from "./ort-tensor.ts";
import type { StepNetwork } from "./steps/step-network.ts";

/** What steppers of one engine share. */
export interface EngineParts {
  networks: GraphNetworks | KernelNetworks;
  config: DecoderConfig;
  vocabSize: number;
  embeddings: EmbeddingTable;
  contextSize: number;
}

/** Weights in the forms of ONNX Runtime alone (`decoder-graph.ts`). */
export interface GraphNetworks {
  step: OrtSession;
  /** Only where it is faster with many tokens than `step` is. */
  prompt?: OrtSession;
  /** Whether `step` has probes. */
  probes: boolean;
}

/** Weights in ONNX Runtime for many tokens at once, and as the file has them for single ones and for logits. */
export interface KernelNetworks {
  steps: StepNetwork;
  bulk: OrtSession;
}

/** Some tokens of a list, which follow `length` others. */
export interface Stretch {
  ids: ArrayLike<number>;
  start: number;
  count: number;
  length: number;
}

/** A way through the networks, over one cache. All run to their end: nothing else happens on this thread meanwhile. */
export interface Passage {
  /** Only fills the cache. */
  fill(stretch: Stretch): void;
  /** Fills the cache and gives the logits [vocab] after the last token. */
  last(stretch: Stretch, logits: OrtTensor<Float32Array>): void;
  /** Fills the cache and gives the logits after each token, in order; a row is valid until the next is asked for. */
  each(stretch: Stretch): Iterable<Float32Array>;
  release(): void;
}

/** The inputs that all graphs have: embeddings, and where in the tape the tokens lie. */
export class TapeInputs {
  readonly positions: { last_position: OrtTensor<Int32Array>; total_tokens: OrtTensor<Int32Array> };
  /** Of one token: made once, used for most steps. */
  readonly embedding: OrtTensor<Float32Array>;
  readonly past: Record<string, OrtTensor>;
  readonly present: Record<string, OrtTensor>;
  readonly #parts: EngineParts;

  constructor(parts: EngineParts, cache: KvCache) {
    this.#parts = parts;
    this.embedding = ortTensor("float32", [1, 1, parts.config.width]);
    this.positions = { last_position: ortTensor("int32", [1]), total_tokens: ortTensor("int32", []) };
    this.past = cache.named("past");
    this.present = cache.named("present");
  }

  /** The embeddings are gone when `run` is over. */
  with<Result>({ ids, start, count, length }: Stretch, run: (embeddings: OrtTensor<Float32Array>) => Result): Result {
    const { config, embeddings: table } = this.#parts;
    const embeddings = count === 1 ? this.embedding : ortTensor("float32", [1, count, config.width]);
    try {
      for (let i = 0; i < count; i++) table.copyRow(ids[start + i] ?? 0, embeddings.data, i * config.width);
      this.positions.last_position.data[0] = length + count - 1;
      this.positions.total_tokens.data[0] = length + count;
      return run(embeddings);
    } finally {
      if (count > 1) {
        embeddings.release();
        giveBack(embeddings.data);
      }
    }
  }

  release(): void {
    for (const tensor of [this.embedding, ...Object.values(this.positions)]) tensor.release();
  }
}
