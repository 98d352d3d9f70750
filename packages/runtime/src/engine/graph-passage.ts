import type { OrtBinding } from "./ort-session.ts";
import { type OrtTensor, ortTensor } from "./ort-tensor.ts";
import type { EngineParts, GraphNetworks, Passage, Stretch, TapeInputs } from "./passage.ts";

/** From this many tokens on the graph for prompts is the faster one (measured: the decision page). */
const promptTokens = 32;

/** Everything in ONNX Runtime: `step` for one token or some, `prompt` for many. */
export class GraphPassage implements Passage {
  readonly #inputs: TapeInputs;
  readonly #vocabSize: number;
  readonly #step: OrtBinding;
  readonly #prompt: OrtBinding | undefined;
  readonly #asked: OrtTensor<BigInt64Array>;

  constructor({ vocabSize }: EngineParts, { step, prompt }: GraphNetworks, inputs: TapeInputs, logits: OrtTensor<Float32Array>) {
    this.#inputs = inputs;
    this.#vocabSize = vocabSize;
    this.#asked = ortTensor("int64", [1]);
    const { positions, past, present, embedding: embeddings } = inputs;
    const all = { embeddings, ...positions, ...past };
    this.#step = step.binding({ ...all, asked: this.#asked }, { ...present, logits });
    this.#prompt = prompt?.binding(all, present);
  }

  fill(stretch: Stretch, logits?: OrtTensor<Float32Array>): void {
    this.#inputs.with(stretch, (embeddings) => {
      if (this.#prompt && stretch.count >= promptTokens) return this.#prompt.run({ embeddings });
      this.#asked.data[0] = BigInt(stretch.count - 1);
      this.#step.run({ embeddings, asked: this.#asked }, logits && { logits });
    });
  }

  last(stretch: Stretch, logits: OrtTensor<Float32Array>): void {
    // The prompt's graph has no logits, so the last token is a step.
    const bulk = this.#prompt && stretch.count > promptTokens ? stretch.count - 1 : 0;
    if (bulk > 0) this.fill({ ...stretch, count: bulk });
    this.fill({ ...stretch, start: stretch.start + bulk, count: stretch.count - bulk, length: stretch.length + bulk }, logits);
  }

  *each(stretch: Stretch): Iterable<Float32Array> {
    const { count } = stretch;
    const rows = ortTensor("float32", [1, count, this.#vocabSize]);
    const asked = ortTensor("int64", [count]);
    try {
      asked.data.set(BigInt64Array.from({ length: count }, (_, row) => BigInt(row)));
      this.#inputs.with(stretch, (embeddings) => this.#step.run({ embeddings, asked }, { logits: rows }));
    } finally {
      rows.release();
      asked.release();
    }
    for (let row = 0; row < count; row++) yield rows.data.subarray(row * this.#vocabSize, (row + 1) * this.#vocabSize);
  }

  release(): void {
    this.#asked.release();
  }
}
