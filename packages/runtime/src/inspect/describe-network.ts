import type { JsonObject } from "@cutaway/core";
import type { Architecture, Dimensions } from "../architectures/architecture.ts";
import { architectureOf } from "../architectures/index.ts";
import { ConfigReader } from "../open/config-reader.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { openCheckpoint } from "./open-model.ts";

/** A model as it lies in its file: what it is made of, and what each part takes. */
export interface NetworkDescription {
  /** The file's or folder's own name, without folders. */
  file: string;
  /** `model_type` of config.json. */
  type: string;
  kind: Architecture["kind"];
  dimensions: Dimensions;
  /** In the order of the computation. Layers of the same build are one part, `times` of them. */
  parts: NetworkPart[];
  /** Of all tensors of the file, each once. */
  parameters: number;
  /** Bytes of all tensors as the file holds them; in float32, as looking inside takes them. */
  bytes: number;
  openBytes: number;
  /** Bytes of keys and values a token, in float32; encoders keep none. */
  cacheBytesPerToken?: number;
  /** Whether logits are made with the embedding's own matrix. */
  tied?: boolean;
  /** Tensors of the file that the network does not use; not counted. */
  unplaced: readonly string[];
  /** How the model tells positions apart, and other settings of config.json that shape it. */
  settings: JsonObject;
}

export interface NetworkPart {
  /** `embedding`, `layer`, `encoder-layer`, `decoder-layer`, `head`. */
  kind: PartKind;
  times: number;
  /** First and last layer. */
  layers?: readonly [number, number];
  /** Of one of them. */
  blocks: NetworkBlock[];
  /** Of one of them. */
  parameters: number;
  /** Bytes of all of them: layers of one build may be quantised differently. */
  bytes: number;
}

export interface NetworkBlock {
  kind: (typeof blockKinds)[number];
  tensors: { name: string; shape: readonly number[]; type: string }[];
  parameters: number;
}

/** In the order in which a layer uses them; its norms stand before or after each of them. */
const blockKinds = ["attention", "cross-attention", "mlp", "experts", "norm", "other"] as const;

type PartKind = "embedding" | "layer" | "encoder-layer" | "decoder-layer" | "head";

/**
 * Reads config and tensor headers, no weights.
 * @throws `model-not-found`, `bad-gguf`, `bad-safetensors`, `bad-model`, `unsupported-model`
 */
export function describeNetwork(path: string): NetworkDescription {
  const checkpoint = openCheckpoint(path);
  try {
    return describe(checkpoint);
  } finally {
    checkpoint.close();
  }
}

function describe(checkpoint: Checkpoint): NetworkDescription {
  const { config, file, tensors } = checkpoint;
  const architecture = architectureOf(config.model_type, file);
  const dimensions = architecture.dimensions(new ConfigReader(config, file));
  const found = Array.from(tensors, ([name, { shape, type }]): FoundTensor => {
    const parameters = shape.reduce((product, size) => product * size, 1);
    return {
      name,
      shape,
      type,
      parameters,
      bytes: checkpoint.stored?.(name).byteLength ?? parameters * bytesEach(type),
      ...placeOf(name, architecture),
    };
  });
  const parameters = sum(found, (tensor) => tensor.parameters);
  const { layers, kvHeads, headSize } = dimensions;
  return {
    file: file.replace(/^.*[/\\]/, ""),
    type: String(config.model_type),
    kind: architecture.kind,
    dimensions,
    parts: partsOf(found),
    parameters,
    bytes: sum(found, (tensor) => tensor.bytes),
    openBytes: parameters * 4,
    ...(architecture.kind !== "encoder" && {
      cacheBytesPerToken: layers * 2 * kvHeads * headSize * 4,
      tied: !found.some(({ name }) => name === "lm_head.weight"),
    }),
    unplaced: [...(checkpoint.unplaced ?? []), ...(checkpoint.aside ?? [])],
    settings: Object.fromEntries(
      settingNames.filter((name) => config[name] !== undefined && config[name] !== null).map((name) => [name, config[name]]),
    ) as JsonObject,
  };
}

interface FoundTensor extends Place {
  name: string;
  shape: readonly number[];
  type: string;
  parameters: number;
  bytes: number;
}

interface Place {
  part: PartKind;
  layer?: number;
  block: NetworkBlock["kind"];
  /** The name within its layer. */
  own: string;
}

const layerPattern = /^(?:(?:model|transformer|bert)\.)?(?:(encoder|decoder)\.)?(?:layers|layer|h|block)\.(\d+)\.(.+)$/;

function placeOf(name: string, { kind }: Architecture): Place {
  const inLayer = layerPattern.exec(name);
  if (inLayer) {
    const [, side, layer, own = ""] = inLayer;
    return { part: kind === "encoder-decoder" ? `${side as "encoder" | "decoder"}-layer` : "layer", layer: Number(layer), block: blockOf(own), own };
  }
  const isEmbedding = /embed|wte|wpe|shared/.test(name);
  return { part: isEmbedding ? "embedding" : "head", block: /norm|ln_/i.test(name) ? "norm" : "other", own: name };
}

function blockOf(own: string): NetworkBlock["kind"] {
  if (/norm|^ln_/i.test(own) && !/[qk]_norm/.test(own)) return "norm";
  if (/EncDecAttention/.test(own)) return "cross-attention";
  if (/attn|attention/i.test(own)) return "attention";
  if (/experts|block_sparse_moe/.test(own)) return "experts";
  return /mlp|DenseReluDense|intermediate|output/.test(own) ? "mlp" : "other";
}

function partsOf(tensors: readonly FoundTensor[]): NetworkPart[] {
  const order: PartKind[] = ["embedding", "encoder-layer", "layer", "decoder-layer", "head"];
  return order.flatMap((kind) => {
    const own = tensors.filter(({ part }) => part === kind);
    if (own.length === 0) return [];
    if (own[0]?.layer === undefined) return [partOf(kind, [own])];
    return alike([...Map.groupBy(own, ({ layer }) => layer as number)].sort(([a], [b]) => a - b).map(([, layer]) => layer)).map((run) =>
      partOf(kind, run),
    );
  });
}

/** Neighbouring layers with the same names and shapes. */
function alike(layers: readonly FoundTensor[][]): FoundTensor[][][] {
  const runs: FoundTensor[][][] = [];
  let last = "";
  for (const layer of layers) {
    const build = JSON.stringify(layer.map(({ own, shape }) => [own, shape]).sort());
    if (build === last) runs.at(-1)?.push(layer);
    else runs.push([layer]);
    last = build;
  }
  return runs;
}

function partOf(kind: PartKind, run: readonly FoundTensor[][]): NetworkPart {
  const first = run[0] ?? [];
  const from = first[0]?.layer;
  const byKind = Map.groupBy(first, ({ block }) => block);
  const blocks = blockKinds.flatMap((kind): NetworkBlock[] => {
    const tensors = byKind.get(kind);
    if (!tensors) return [];
    return [
      { kind, tensors: tensors.map(({ own, shape, type }) => ({ name: own, shape, type })), parameters: sum(tensors, (tensor) => tensor.parameters) },
    ];
  });
  return {
    kind,
    times: run.length,
    ...(from !== undefined && { layers: [from, from + run.length - 1] as const }),
    blocks,
    parameters: sum(first, (tensor) => tensor.parameters),
    bytes: sum(run.flat(), (tensor) => tensor.bytes),
  };
}

/** Fields of config.json that shape the computation and that `dimensions` has not. */
const settingNames = [
  "intermediate_size",
  "n_inner",
  "d_ff",
  "hidden_act",
  "hidden_activation",
  "activation_function",
  "dense_act_fn",
  "rms_norm_eps",
  "layer_norm_epsilon",
  "layer_norm_eps",
  "rope_theta",
  "rope_local_base_freq",
  "rope_scaling",
  "sliding_window",
  "layer_types",
  "relative_attention_num_buckets",
  "relative_attention_max_distance",
  "num_local_experts",
  "num_experts_per_tok",
  "final_logit_softcapping",
  "query_pre_attn_scalar",
] as const;

const bytesEach = (type: string): number => ({ F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, I8: 1, U8: 1 })[type] ?? 4;

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
