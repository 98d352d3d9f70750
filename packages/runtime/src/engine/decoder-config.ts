import type { Dimensions } from "../architectures/architecture.ts";
import { limits } from "../architectures/architecture.ts";
import { gemma3, localLayers, localRope } from "../architectures/gemma3.ts";
import { llama, windowOf } from "../architectures/llama.ts";
import { rotarySpeeds } from "../architectures/rotary-angles.ts";
import type { ConfigReader } from "../open/config-reader.ts";

/** What the fast network needs to know of a decoder: Llama, and how its relatives differ. */
export interface DecoderConfig extends Dimensions {
  /** `model_type` of config.json. */
  architecture: string;
  mlpWidth: number;
  normEpsilon: number;
  activation: "silu" | "gelu" | "gelu-tanh";
  /** The scores of attention are multiplied by it. */
  scale: number;
  /** Embeddings are multiplied by it. */
  embeddingScale: number;
  /** By layer, how many of the last tokens it sees; undefined: all. */
  windows: readonly (number | undefined)[];
  /** By layer, radians a position of each rotated pair; layers that turn alike share the array. */
  speeds: readonly Float64Array[];
  biases: { qkv: boolean; attentionOut: boolean; mlp: boolean };
  /** Queries and keys are normalised, each head by itself (Qwen 3, Gemma 3). */
  headNorms: boolean;
  /** What attention and MLP give is normalised before it enters the residual stream (Gemma 3). */
  normsAfter: boolean;
  /** Added to the weights of norms: 1 for Gemma 3. */
  normOffset: 0 | 1;
  tied: boolean;
}

const families = { llama, mistral: llama, qwen2: llama, qwen3: llama, gemma3_text: gemma3 } as const;
const known = Object.keys(families) as (keyof typeof families)[];

/**
 * @throws `unsupported-model` for another architecture, or a variant that the fast network has no place for; `bad-model` for absurd values
 */
export function decoderConfig(config: ConfigReader): DecoderConfig {
  const type = config.get("model_type");
  const architecture = known.find((one) => one === type);
  if (architecture === undefined) throw config.unsupported(`the architecture is ${JSON.stringify(type)}; the fast engine runs ${known.join(", ")}`);
  const dimensions = families[architecture].dimensions(config);
  refuseVariants(config, dimensions);
  const { layers, headSize, width } = dimensions;
  const isGemma = architecture === "gemma3_text";
  const bias = config.flag("attention_bias", false);
  const normEpsilon = config.positive("rms_norm_eps", 1e-6);
  if (normEpsilon > 1) throw config.badField("rms_norm_eps", "at most 1");
  return {
    ...dimensions,
    architecture,
    mlpWidth: config.count("intermediate_size", limits.mlpWidth),
    normEpsilon,
    activation: activationOf(config, isGemma),
    scale: isGemma ? config.positive("query_pre_attn_scalar", headSize) ** -0.5 : 1 / Math.sqrt(headSize),
    embeddingScale: isGemma ? Math.sqrt(width) : 1,
    ...(isGemma ? gemmaLayers(config, dimensions) : llamaLayers(config, dimensions)),
    biases: { qkv: architecture === "qwen2" || bias, attentionOut: architecture !== "qwen2" && bias, mlp: config.flag("mlp_bias", false) },
    headNorms: isGemma || architecture === "qwen3",
    normsAfter: isGemma,
    normOffset: isGemma ? 1 : 0,
    tied: config.flag("tie_word_embeddings", isGemma),
    layers,
  };
}

const llamaLayers = (config: ConfigReader, { layers, headSize }: Dimensions) => {
  const speeds = rotarySpeeds(config, headSize);
  return {
    windows: Array.from({ length: layers }, (_, layer) => windowOf(config, layer)),
    speeds: Array.from({ length: layers }, () => speeds),
  };
};

function gemmaLayers(config: ConfigReader, { layers, headSize }: Dimensions) {
  const ropes = config.object("rope_parameters");
  const far = rotarySpeeds(config, headSize, ropes?.object("full_attention"));
  const near = rotarySpeeds(config, headSize, ropes?.object("sliding_attention") ?? localRope(config));
  const window = config.count("sliding_window", limits.context, 4096);
  const isLocal = localLayers(config, layers);
  return { windows: isLocal.map((local) => (local ? window : undefined)), speeds: isLocal.map((local) => (local ? near : far)) };
}

function activationOf(config: ConfigReader, isGemma: boolean): DecoderConfig["activation"] {
  const names = { silu: "silu", swish: "silu", gelu: "gelu", gelu_new: "gelu-tanh", gelu_pytorch_tanh: "gelu-tanh" } as const;
  const field = isGemma ? "hidden_activation" : "hidden_act";
  return names[config.choice(field, Object.keys(names) as (keyof typeof names)[], isGemma ? "gelu_pytorch_tanh" : "silu")];
}

/** What the graph would silently get wrong is refused by name. */
function refuseVariants(config: ConfigReader, { headSize }: Dimensions): void {
  const experts = config.get("num_local_experts") ?? 0;
  if (experts !== 0) throw config.unsupported(`the model is a mixture of ${JSON.stringify(experts)} experts, which the fast engine does not run`);
  const valueSize = config.get("v_head_dim") ?? headSize;
  if (valueSize !== headSize) throw config.unsupported(`keys have ${headSize} numbers a head and values ${JSON.stringify(valueSize)}`);
  const rotated = headSize * config.positive("partial_rotary_factor", 1);
  if (rotated > headSize || rotated % 2 !== 0) {
    throw config.badField("partial_rotary_factor", `an even share of the ${headSize} numbers of a head`, `gives ${rotated} rotated numbers`);
  }
  for (const cap of ["attn_logit_softcapping", "final_logit_softcapping"]) {
    if (config.get(cap) !== undefined) throw config.unsupported(`${cap} is set, which the fast engine does not run`);
  }
  if (headSize % 16 !== 0) throw config.unsupported(`heads have ${headSize} numbers; ONNX Runtime's attention takes multiples of 16`);
}
