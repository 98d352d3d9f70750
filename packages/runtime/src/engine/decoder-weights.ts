import type { Checkpoint, StoredTensor } from "../weights/checkpoint.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { EmbeddingTable } from "./embedding-table.ts";
import { type Matrix, matrixType } from "./matrix.ts";
import { badModel, unsupportedModel } from "./unsupported-model.ts";

export interface DecoderWeights {
  embeddings: EmbeddingTable;
  blocks: DecoderBlock[];
  outputNorm: Float32Array;
  /** [vocab, width]; the embeddings themselves where the model ties them. */
  unembedding: Matrix;
  /** How rotated pairs lie in the rows of q and k. */
  pairs: "halves" | "neighbours";
}

/** Matrices are read from the file when the graph asks for them; what only some relatives have is undefined elsewhere. */
export interface DecoderBlock {
  attentionNorm: Float32Array;
  qkv: Matrix[];
  qkvBias: Float32Array | undefined;
  /** [headSize] each. */
  headNorms: { q: Float32Array; k: Float32Array } | undefined;
  attentionOut: Matrix;
  attentionOutBias: Float32Array | undefined;
  afterAttentionNorm: Float32Array | undefined;
  mlpNorm: Float32Array;
  gateUp: Matrix[];
  gateUpBias: Float32Array | undefined;
  down: Matrix;
  downBias: Float32Array | undefined;
  afterMlpNorm: Float32Array | undefined;
}

/**
 * Finds every tensor that the network needs and checks its type and shape, before any is read.
 * @throws `bad-model` for a missing tensor or a wrong shape; `unsupported-model` for a type without a kernel, or a tensor without a place
 */
export function decoderWeights(checkpoint: Checkpoint, config: DecoderConfig): DecoderWeights {
  const tensors = new CheckedTensors(checkpoint);
  const { width, heads, kvHeads, headSize, mlpWidth, vocabSize, biases, normsAfter, normOffset } = config;
  const norm = (name: string, size = width) => tensors.vector(`${name}.weight`, size, normOffset);
  const optional = <Value>(has: boolean, read: () => Value): Value | undefined => (has ? read() : undefined);

  const readBlock = (layer: number) => {
    const at = `model.layers.${layer}`;
    const projections = [
      { name: `${at}.self_attn.q_proj`, outputs: heads * headSize },
      { name: `${at}.self_attn.k_proj`, outputs: kvHeads * headSize },
      { name: `${at}.self_attn.v_proj`, outputs: kvHeads * headSize },
    ];
    const gates = ["gate_proj", "up_proj"].map((part) => ({ name: `${at}.mlp.${part}`, outputs: mlpWidth }));
    const matrices = (parts: typeof gates) => parts.map(({ name, outputs }) => tensors.matrix(`${name}.weight`, outputs, width));
    const joinedBias = (parts: typeof gates) => () => joined(parts.map(({ name, outputs }) => tensors.vector(`${name}.bias`, outputs)));
    const vectors = {
      attentionNorm: norm(`${at}.input_layernorm`),
      qkvBias: optional(biases.qkv, joinedBias(projections)),
      headNorms: optional(config.headNorms, () => ({
        q: norm(`${at}.self_attn.q_norm`, headSize),
        k: norm(`${at}.self_attn.k_norm`, headSize),
      })),
      attentionOutBias: optional(biases.attentionOut, () => tensors.vector(`${at}.self_attn.o_proj.bias`, width)),
      afterAttentionNorm: optional(normsAfter, () => norm(`${at}.post_attention_layernorm`)),
      mlpNorm: norm(`${at}.${normsAfter ? "pre_feedforward_layernorm" : "post_attention_layernorm"}`),
      gateUpBias: optional(biases.mlp, joinedBias(gates)),
      downBias: optional(biases.mlp, () => tensors.vector(`${at}.mlp.down_proj.bias`, width)),
      afterMlpNorm: optional(normsAfter, () => norm(`${at}.post_feedforward_layernorm`)),
    };
    return {
      ...vectors,
      qkv: matrices(projections),
      attentionOut: tensors.matrix(`${at}.self_attn.o_proj.weight`, width, heads * headSize),
      gateUp: matrices(gates),
      down: tensors.matrix(`${at}.mlp.down_proj.weight`, width, mlpWidth),
    };
  };

  const embedding = tensors.matrix("model.embed_tokens.weight", vocabSize, width);
  const weights: DecoderWeights = {
    embeddings: new EmbeddingTable(tensors.stored("model.embed_tokens.weight"), width, vocabSize, config.embeddingScale),
    blocks: Array.from({ length: config.layers }, (_, layer) => readBlock(layer)),
    outputNorm: norm("model.norm"),
    unembedding: config.tied ? embedding : tensors.matrix("lm_head.weight", vocabSize, width),
    pairs: checkpoint.storedPairs ?? "halves",
  };
  tensors.refuseOthers(config.architecture);
  return weights;
}

/** The tensors of a checkpoint, which remembers what was asked for. */
class CheckedTensors {
  readonly #checkpoint: Checkpoint;
  readonly #used = new Set<string>();

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  matrix(name: string, outputs: number, inputs: number): Matrix {
    this.#check(name, [outputs, inputs]);
    const stored = this.stored(name);
    const type = matrixType(stored);
    return {
      file: this.#checkpoint.file,
      name: stored.name,
      type,
      inputs,
      outputs,
      get bytes() {
        return stored.read();
      },
    };
  }

  /** Plain numbers, plus `offset` each. */
  vector(name: string, size: number, offset: 0 | 1 = 0): Float32Array {
    this.#check(name, [size]);
    const { file, tensors } = this.#checkpoint;
    const shown = this.stored(name).name;
    const type = tensors.get(name)?.type ?? "";
    if (!["F32", "F16", "BF16"].includes(type)) {
      throw unsupportedModel(`${file}: tensor ${shown} is of type ${type}; the engine takes it as F32, F16 or BF16`, { tensor: shown, type, file });
    }
    const numbers = this.#checkpoint.floats(name);
    if (!numbers.every(Number.isFinite)) throw badModel(`${file}: tensor ${shown} has numbers that are not finite`, { tensor: shown, file });
    return offset === 0 ? numbers : numbers.map((number) => number + offset);
  }

  stored(name: string): StoredTensor {
    return this.#checkpoint.stored(name);
  }

  /** What would silently be left out is refused by name. */
  refuseOthers(architecture: string): void {
    const { file, tensors, unplaced = [] } = this.#checkpoint;
    const isHarmless = (name: string) => name === "lm_head.weight" || name.endsWith(".rotary_emb.inv_freq");
    const [other] = [...unplaced, ...[...tensors.keys()].filter((name) => !this.#used.has(name) && !isHarmless(name))];
    if (other === undefined) return;
    const shown = tensors.has(other) ? this.stored(other).name : other;
    throw unsupportedModel(`${file}: tensor ${JSON.stringify(shown)} has no place in the architecture ${architecture}`, { tensor: shown, file });
  }

  #check(name: string, shape: readonly number[]): void {
    const { file, tensors } = this.#checkpoint;
    const tensor = tensors.get(name);
    const shown = this.#checkpoint.tensorName?.(name) ?? name;
    if (!tensor) throw badModel(`${file}: tensor ${shown} is missing`, { tensor: shown, file });
    this.#used.add(name);
    if (tensor.shape.length === shape.length && shape.every((size, axis) => size === tensor.shape[axis])) return;
    throw badModel(`${file}: tensor ${shown} has shape [${tensor.shape}] (outputs first), and the configuration asks for [${shape}]`, {
      tensor: shown,
      file,
      shape,
    });
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
