import type { Architecture } from "../architectures/architecture.ts";
import { architectureOf } from "../architectures/index.ts";
import { rotarySpeeds } from "../architectures/rotary-angles.ts";
import { bucketOf } from "../architectures/t5.ts";
import { ConfigReader } from "../open/config-reader.ts";
import { type OpenModel, openCheckpoint } from "./open-model.ts";

/** How a network tells where a token stands. */
export type PositionScheme =
  | LearnedPositions
  | {
      kind: "rotary";
      /** One, or of layers with a window and of those without. */
      turns: { layers: number[]; pairs: RotaryPair[] }[];
    }
  | { kind: "buckets"; encoder: PositionBuckets; decoder: PositionBuckets };

/** A row of a table is added to each token's embedding. */
export interface LearnedPositions {
  kind: "learned";
  positions: number;
  /** Cosine of the rows of position i and i + distance, mean over i. */
  similarity: { distance: number; cosine: number }[];
}

/** A pair of numbers of a head's query and key, turned by an angle that grows with the position. */
export interface RotaryPair {
  pair: number;
  /** Radians a token. */
  speed: number;
  /** Tokens until it stands as before. */
  period: number;
}

/** A number for each range of distances, added to the scores. */
export interface PositionBuckets {
  /** Of the key's place from the query, below 0 before it. Absent: without end. `bias`: by head. */
  buckets: { bucket: number; from?: number; to?: number; bias: number[] }[];
}

export interface PositionReport {
  /** An encoder's tokens see those after them too. */
  kind: Architecture["kind"];
  scheme: PositionScheme;
  /** By layer (of an encoder–decoder, the decoder's): how many last tokens, itself included, a token sees; absent: all. */
  windows: { layer: number; window?: number }[];
}

/** What of a model tells positions apart. */
type PositionSource = Pick<OpenModel, "architecture" | "config" | "dimensions" | "checkpoint">;

/**
 * The report of a GGUF file or a folder: of the weights only a table of positions is read.
 * @throws `model-not-found`, `bad-gguf`, `bad-safetensors`, `bad-model`, `unsupported-model`
 */
export function describePositions(path: string): PositionReport {
  const checkpoint = openCheckpoint(path);
  try {
    const config = new ConfigReader(checkpoint.config, checkpoint.file);
    const architecture = architectureOf(checkpoint.config.model_type, checkpoint.file);
    return positionReport({ architecture, config, dimensions: architecture.dimensions(config), checkpoint });
  } finally {
    checkpoint.close();
  }
}

/** Reads from weights and configuration alone; no text is run. */
export function positionReport(model: PositionSource): PositionReport {
  const { dimensions } = model;
  const windows = windowsOf(model);
  return {
    kind: model.architecture.kind,
    scheme: schemeOf(model, windows),
    windows: Array.from({ length: dimensions.layers }, (_, layer) => ({ layer, ...(windows[layer] !== undefined && { window: windows[layer] }) })),
  };
}

function schemeOf(model: PositionSource, windows: readonly (number | undefined)[]): PositionScheme {
  const { config, dimensions, checkpoint } = model;
  const type = String(config.get("model_type"));
  if (type === "t5") return { kind: "buckets", encoder: bucketsOf(model, "encoder"), decoder: bucketsOf(model, "decoder") };
  const table = [...checkpoint.tensors.keys()].find((name) => /(^|\.)wpe\.weight$|position_embeddings\.weight$/.test(name));
  if (table !== undefined) return learned(checkpoint.floats(table), dimensions.width);
  const all = Array.from({ length: dimensions.layers }, (_, layer) => layer);
  const pairs = (of?: ConfigReader, from: ConfigReader = config) =>
    Array.from(rotarySpeeds(from, dimensions.headSize, of), (speed, pair): RotaryPair => ({ pair, speed, period: (2 * Math.PI) / speed }));
  if (!type.startsWith("gemma3")) return { kind: "rotary", turns: [{ layers: all, pairs: pairs() }] };
  const ropes = config.object("rope_parameters");
  const local =
    ropes?.object("sliding_attention") ?? config.derived({ rope_type: "default", rope_theta: config.positive("rope_local_base_freq", 10_000) });
  return {
    kind: "rotary",
    turns: [
      { layers: all.filter((layer) => windows[layer] === undefined), pairs: pairs(ropes?.object("full_attention")) },
      { layers: all.filter((layer) => windows[layer] !== undefined), pairs: pairs(local) },
    ],
  };
}

/** By layer; undefined: it sees all. */
export function windowsOf({
  architecture,
  config,
  dimensions,
}: Pick<PositionSource, "architecture" | "config" | "dimensions">): (number | undefined)[] {
  return Array.from({ length: dimensions.layers }, (_, layer) => architecture.window?.(config, layer));
}

function learned(rows: Float32Array, width: number): LearnedPositions {
  const positions = rows.length / width;
  const lengths = Array.from({ length: positions }, (_, at) => Math.hypot(...rows.subarray(at * width, (at + 1) * width)));
  const similarity: LearnedPositions["similarity"] = [];
  for (let distance = 1; distance < positions; distance *= 2) {
    let sum = 0;
    for (let at = 0; at + distance < positions; at++) {
      let dot = 0;
      for (let i = 0; i < width; i++) dot += (rows[at * width + i] as number) * (rows[(at + distance) * width + i] as number);
      sum += dot / ((lengths[at] as number) * (lengths[at + distance] as number) || 1);
    }
    similarity.push({ distance, cosine: sum / (positions - distance) });
  }
  return { kind: "learned", positions, similarity };
}

function bucketsOf({ checkpoint, config, dimensions }: PositionSource, side: "encoder" | "decoder"): PositionBuckets {
  const count = config.count("relative_attention_num_buckets", 4096, 32);
  const farthest = config.count("relative_attention_max_distance", 16_777_216, 128);
  const biases = checkpoint.floats(`${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`); // [buckets, heads]
  const ranges = new Map<number, { from: number; to: number }>();
  // At `farthest` all have come to the last bucket.
  const first = -farthest;
  const last = side === "encoder" ? farthest : 0;
  for (let offset = first; offset <= last; offset++) {
    const bucket = bucketOf(offset, count, farthest, side === "encoder");
    const range = ranges.get(bucket);
    if (range) range.to = offset;
    else ranges.set(bucket, { from: offset, to: offset });
  }
  const { heads } = dimensions;
  return {
    buckets: [...ranges].map(([bucket, { from, to }]) => ({
      bucket,
      ...(from > first && { from }),
      ...((to < last || side === "decoder") && { to }),
      bias: Array.from(biases.subarray(bucket * heads, (bucket + 1) * heads)),
    })),
  };
}
