import type { GgufValue } from "@cutaway/formats";
import { badModel, unsupportedModel } from "./unsupported-model.ts";

/** The Llama family's hyper-parameters. */
export interface LlamaConfig {
  layers: number;
  /** Width of the residual stream. */
  width: number;
  heads: number;
  /** Each serves heads / kvHeads query heads. */
  kvHeads: number;
  headSize: number;
  /** Of each head's numbers, how many are rotated; from the first on. */
  rotatedSize: number;
  /** Width inside the MLP. */
  mlpWidth: number;
  normEpsilon: number;
  ropeBase: number;
  /** Positions are divided by it (linear scaling). */
  ropeScale: number;
  trainedContext: number;
}

/** Largest values believed, each well above the largest real model's [in brackets]. */
const limits = {
  layers: 1024, // [126]
  width: 65_536, // [16,384]
  heads: 1024, // [128]
  headSize: 1024, // [256]
  mlpWidth: 1_048_576, // [53,248]
  context: 16_777_216, // [10 million]
};

/**
 * Reads and checks `llama.*` of a GGUF file's metadata.
 * @throws `unsupported-model` for another architecture or a variant that the graph has no place for; `bad-model` for absurd values.
 */
export function llamaConfig(metadata: ReadonlyMap<string, GgufValue>): LlamaConfig {
  const architecture = metadata.get("general.architecture");
  if (architecture !== "llama") {
    throw unsupportedModel(`the model's architecture is ${described(architecture)}; the engine runs "llama"`, { architecture });
  }
  const read = reader(metadata);
  const layers = read.count("block_count", limits.layers);
  const width = read.count("embedding_length", limits.width);
  const heads = read.count("attention.head_count", limits.heads);
  const kvHeads = read.count("attention.head_count_kv", limits.heads, heads);
  const headSize = read.count("attention.key_length", limits.headSize, width / heads);
  const config: LlamaConfig = {
    layers,
    width,
    heads,
    kvHeads,
    headSize,
    rotatedSize: read.count("rope.dimension_count", limits.headSize, headSize),
    mlpWidth: read.count("feed_forward_length", limits.mlpWidth),
    normEpsilon: read.positive("attention.layer_norm_rms_epsilon"),
    ropeBase: read.positive("rope.freq_base", 10_000),
    ropeScale: read.positive("rope.scaling.factor", 1),
    trainedContext: read.count("context_length", limits.context),
  };
  if (heads % kvHeads !== 0) throw badModel(`llama.attention.head_count (${heads}) is no multiple of head_count_kv (${kvHeads})`);
  if (config.rotatedSize > headSize || config.rotatedSize % 2 !== 0) {
    throw badModel(`llama.rope.dimension_count is ${config.rotatedSize}; it must be even and at most the head size, ${headSize}`);
  }
  if (config.normEpsilon > 1) throw badModel(`llama.attention.layer_norm_rms_epsilon is ${config.normEpsilon}; it must be at most 1`);
  refuseVariants(metadata, config);
  return config;
}

/** What the graph would silently get wrong is refused by name. */
function refuseVariants(metadata: ReadonlyMap<string, GgufValue>, { headSize, kvHeads }: LlamaConfig): void {
  const value = (key: string) => metadata.get(`llama.${key}`);
  if ((value("expert_count") ?? 0) !== 0)
    throw unsupportedModel(`the model is a mixture of ${described(value("expert_count"))} experts (llama.expert_count)`);
  const scaling = value("rope.scaling.type") ?? "none";
  if (scaling !== "none" && scaling !== "linear")
    throw unsupportedModel(`the model stretches its positions by ${described(scaling)} (llama.rope.scaling.type)`);
  const valueLength = value("attention.value_length") ?? headSize;
  if (valueLength !== headSize)
    throw unsupportedModel(`keys have ${headSize} numbers a head and values ${described(valueLength)} (llama.attention.value_length)`);
  if (headSize % 16 !== 0)
    throw unsupportedModel(`heads have ${headSize} numbers; ONNX Runtime's attention takes multiples of 16`, { headSize, kvHeads });
}

function reader(metadata: ReadonlyMap<string, GgufValue>) {
  const number = (key: string, fallback?: number): number => {
    const value = metadata.get(`llama.${key}`) ?? fallback;
    if (value === undefined) throw badModel(`llama.${key} is missing`, { key });
    if (typeof value !== "number") throw unsupportedModel(`llama.${key} is ${described(value)}; the engine takes one number for all layers`, { key });
    return value;
  };
  return {
    count(key: string, maximum: number, fallback?: number): number {
      const value = number(key, fallback);
      if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
      throw badModel(`llama.${key} is ${value}; it must be a whole number from 1 to ${maximum}`, { key, value });
    },
    positive(key: string, fallback?: number): number {
      const value = number(key, fallback);
      if (Number.isFinite(value) && value > 0) return value;
      throw badModel(`llama.${key} is ${value}; it must be a number above 0`, { key, value: String(value) });
    },
  };
}

function described(value: GgufValue | undefined): string {
  if (value === undefined) return "not given";
  if (typeof value === "object") return "a list";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
}
