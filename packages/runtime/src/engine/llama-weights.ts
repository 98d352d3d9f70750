import { type ByteSource, dequantize, type GgufFile, type GgufTensor } from "@cutaway/formats";
import { EmbeddingTable } from "./embedding-table.ts";
import type { LlamaConfig } from "./llama-config.ts";
import { type Matrix, matrixType, sideBySide } from "./matrix.ts";
import { badModel, unsupportedModel } from "./unsupported-model.ts";

export interface LlamaWeights {
  vocabSize: number;
  embeddings: EmbeddingTable;
  blocks: LlamaBlock[];
  outputNorm: Float32Array;
  /** [vocab, width]; the embeddings themselves where the model ties them. */
  unembedding: Matrix[];
  /** Divides the frequency of each rotated pair, [rotated / 2] (Llama 3.1 and later). */
  ropeFactors?: Float32Array;
}

/** Rows of q and k are in the order that makes neighbours a rotated pair, as GGUF converters write them. */
export interface LlamaBlock {
  attentionNorm: Float32Array;
  qkv: Matrix[];
  attentionOut: Matrix[];
  mlpNorm: Float32Array;
  gateUp: Matrix[];
  down: Matrix[];
}

/** More tokens than any vocabulary has [about 262,000]. */
const maximumVocabulary = 4_000_000;

/**
 * Finds every tensor that the architecture needs and checks its type and shape against the hyper-parameters, before any is read.
 * @throws `bad-model` for a missing tensor or a wrong shape; `unsupported-model` for a type without a kernel, or a tensor without a place.
 */
export function llamaWeights(file: GgufFile, source: ByteSource, config: LlamaConfig): LlamaWeights {
  const places = llamaTensors(file, config);
  for (const name of file.tensors.keys()) {
    if (!places.has(name)) throw unsupportedModel(`tensor ${JSON.stringify(name)} has no place in the Llama architecture`, { tensor: name });
  }
  const vector = (name: string): Float32Array => {
    const tensor = tensorAt(places, name);
    return dequantize("F32", file.read(tensor), tensor.shape[0] ?? 0);
  };
  const raw = (name: string): Matrix => {
    const tensor = tensorAt(places, name);
    const [inputs = 0, outputs = 0] = tensor.shape;
    return { type: matrixType(tensor), inputs, outputs, bytes: file.read(tensor) };
  };
  const matrix = (...names: string[]): Matrix[] => sideBySide(names.map(raw));
  const embeddings = tensorAt(places, "token_embd.weight");
  return {
    vocabSize: embeddings.shape[1] ?? 0,
    embeddings: new EmbeddingTable(embeddings, source),
    blocks: Array.from({ length: config.layers }, (_, layer) => ({
      attentionNorm: vector(`blk.${layer}.attn_norm.weight`),
      qkv: matrix(`blk.${layer}.attn_q.weight`, `blk.${layer}.attn_k.weight`, `blk.${layer}.attn_v.weight`),
      attentionOut: matrix(`blk.${layer}.attn_output.weight`),
      mlpNorm: vector(`blk.${layer}.ffn_norm.weight`),
      gateUp: matrix(`blk.${layer}.ffn_gate.weight`, `blk.${layer}.ffn_up.weight`),
      down: matrix(`blk.${layer}.ffn_down.weight`),
    })),
    outputNorm: vector("output_norm.weight"),
    unembedding: matrix(places.has("output.weight") ? "output.weight" : "token_embd.weight"),
    ...(places.has("rope_freqs.weight") && { ropeFactors: vector("rope_freqs.weight") }),
  };
}

/** All tensors of the architecture that the file has, checked. Shapes are innermost first: [inputs, outputs]. */
function llamaTensors({ tensors }: GgufFile, config: LlamaConfig): Map<string, GgufTensor> {
  const { width, heads, kvHeads, headSize, mlpWidth, rotatedSize } = config;
  const found = new Map<string, GgufTensor>();
  const check = (tensor: GgufTensor, shape: number[]): void => {
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])) {
      throw badModel(`tensor ${tensor.name} has shape [${tensor.shape}], and the model's metadata asks for [${shape}]`, {
        tensor: tensor.name,
        shape,
      });
    }
    if (shape.length === 2) matrixType(tensor);
    else if (tensor.type !== "F32")
      throw unsupportedModel(`tensor ${tensor.name} is of type ${tensor.type}; the engine takes it as F32`, { tensor: tensor.name });
    found.set(tensor.name, tensor);
  };
  const need = (name: string, ...shape: number[]): void => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw badModel(`tensor ${name} is missing`, { tensor: name });
    check(tensor, shape);
  };
  const may = (name: string, ...shape: number[]): void => {
    if (tensors.has(name)) need(name, ...shape);
  };
  const vocabSize = tensors.get("token_embd.weight")?.shape[1] ?? 1;
  if (vocabSize < 1 || vocabSize > maximumVocabulary) throw badModel(`the model has ${vocabSize} tokens; 1 to ${maximumVocabulary} are believed`);
  need("token_embd.weight", width, vocabSize);
  for (let layer = 0; layer < config.layers; layer++) {
    need(`blk.${layer}.attn_norm.weight`, width);
    need(`blk.${layer}.attn_q.weight`, width, heads * headSize);
    need(`blk.${layer}.attn_k.weight`, width, kvHeads * headSize);
    need(`blk.${layer}.attn_v.weight`, width, kvHeads * headSize);
    need(`blk.${layer}.attn_output.weight`, heads * headSize, width);
    need(`blk.${layer}.ffn_norm.weight`, width);
    need(`blk.${layer}.ffn_gate.weight`, width, mlpWidth);
    need(`blk.${layer}.ffn_up.weight`, width, mlpWidth);
    need(`blk.${layer}.ffn_down.weight`, mlpWidth, width);
  }
  need("output_norm.weight", width);
  may("output.weight", width, vocabSize);
  may("rope_freqs.weight", rotatedSize / 2);
  return found;
}

function tensorAt(places: ReadonlyMap<string, GgufTensor>, name: string): GgufTensor {
  const tensor = places.get(name);
  if (tensor === undefined) throw badModel(`tensor ${name} is missing`, { tensor: name });
  return tensor;
}
