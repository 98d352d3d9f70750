import type { JsonObject } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import { unsupportedModel } from "../engine/unsupported-model.ts";

/** How one architecture of GGUF files stands to its Hugging Face checkpoints. */
export interface GgufNames {
  modelType: string;
  /** Fields of config.json, by the metadata key (without the architecture's name) that holds each. */
  config: Readonly<Record<string, string>>;
  /** Fields that every file of the architecture has. */
  fixed?: Readonly<Record<string, unknown>>;
  /** What takes more than one key. */
  derive?(fields: Record<string, unknown>, value: (key: string) => GgufValue | undefined, metadata: ReadonlyMap<string, GgufValue>): void;
  /** The checkpoint's name of a tensor; undefined: it has no place there. */
  tensor(name: string): string | undefined;
  /** How rotated pairs lie in the file's rows of q and k; default: halves, as in the checkpoint. */
  pairs?: "neighbours";
  /** Whether the checkpoint keeps this matrix as [inputs, outputs]. */
  isTransposed?(name: string): boolean;
  /** Undoes what the converter did to a tensor's numbers. */
  restore(name: string, numbers: Float32Array, shape: readonly number[], config: JsonObject): Float32Array;
}

/** @throws `unsupported-model`, with those that are known */
export function ggufArchitectures(architecture: GgufValue | undefined, file: string): GgufNames {
  const found = typeof architecture === "string" && Object.hasOwn(known, architecture) ? known[architecture] : undefined;
  if (found) return found;
  const given = typeof architecture === "string" ? JSON.stringify(architecture.slice(0, 60)) : "not given";
  throw unsupportedModel(`${file}: the architecture is ${given}; known are ${Object.keys(known).join(", ")}`, { architecture });
}

const same = (_name: string, numbers: Float32Array): Float32Array => numbers;

const decoderConfig = {
  num_hidden_layers: "block_count",
  hidden_size: "embedding_length",
  num_attention_heads: "attention.head_count",
  num_key_value_heads: "attention.head_count_kv",
  head_dim: "attention.key_length",
  v_head_dim: "attention.value_length",
  intermediate_size: "feed_forward_length",
  rms_norm_eps: "attention.layer_norm_rms_epsilon",
  rope_theta: "rope.freq_base",
  max_position_embeddings: "context_length",
  sliding_window: "attention.sliding_window",
};

const decoderParts: Readonly<Record<string, string>> = {
  attn_norm: "input_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  attn_q_norm: "self_attn.q_norm",
  attn_k_norm: "self_attn.k_norm",
  ffn_norm: "post_attention_layernorm",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
};

/** Names of a family whose checkpoints say `model.layers.N.PART.weight`. */
const decoderTensor =
  (parts: Readonly<Record<string, string>>) =>
  (name: string): string | undefined => {
    const [, layer, part = "", kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
    if (layer !== undefined) return Object.hasOwn(parts, part) ? `model.layers.${layer}.${parts[part]}.${kind}` : undefined;
    const top: Record<string, string> = {
      "token_embd.weight": "model.embed_tokens.weight",
      "output_norm.weight": "model.norm.weight",
      "output.weight": "lm_head.weight",
    };
    return Object.hasOwn(top, name) ? top[name] : undefined;
  };

function decoderFields(fields: Record<string, unknown>, value: (key: string) => GgufValue | undefined): void {
  const rotated = value("rope.dimension_count");
  const headSize = Number(value("attention.key_length") ?? Number(value("embedding_length")) / Number(value("attention.head_count")));
  if (typeof rotated === "number" && headSize > 0 && rotated !== headSize) fields.partial_rotary_factor = rotated / headSize;
  if (value("expert_count") !== undefined && value("expert_count") !== 0) fields.num_local_experts = value("expert_count");
  const type = value("rope.scaling.type");
  if (type === "linear") fields.rope_scaling = { rope_type: "linear", factor: value("rope.scaling.factor") };
  else if (type !== undefined && type !== "none") fields.rope_scaling = { rope_type: type };
}

const known: Readonly<Record<string, GgufNames>> = {
  llama: {
    modelType: "llama",
    config: decoderConfig,
    derive: decoderFields,
    tensor: decoderTensor(decoderParts),
    pairs: "neighbours",
    /** ggml rotates neighbours: the converter reordered the rows of q and k. */
    restore(name, numbers, shape, config) {
      const part = /self_attn\.([qk])_proj\.weight$/.exec(name)?.[1];
      if (part === undefined) return numbers;
      return halvesApart(
        numbers,
        shape,
        Number(part === "q" ? config.num_attention_heads : (config.num_key_value_heads ?? config.num_attention_heads)),
      );
    },
  },
  qwen2: { modelType: "qwen2", config: decoderConfig, derive: decoderFields, tensor: decoderTensor(decoderParts), restore: same },
  qwen3: { modelType: "qwen3", config: decoderConfig, derive: decoderFields, tensor: decoderTensor(decoderParts), restore: same },
  gemma3: {
    modelType: "gemma3_text",
    config: decoderConfig,
    derive(fields, value) {
      const scaling = value("rope.scaling.type");
      fields.rope_parameters = {
        full_attention: {
          rope_theta: value("rope.freq_base") ?? 1_000_000,
          ...(scaling === "linear" && { rope_type: "linear", factor: value("rope.scaling.factor") }),
        },
        sliding_attention: { rope_theta: value("rope.local.freq_base") ?? value("rope.freq_base_swa") ?? 10_000 },
      };
    },
    tensor: decoderTensor({
      ...decoderParts,
      post_attention_norm: "post_attention_layernorm",
      ffn_norm: "pre_feedforward_layernorm",
      post_ffw_norm: "post_feedforward_layernorm",
    }),
    /** The converter added the 1 that the architecture adds to its norms. */
    restore: (name, numbers) => (name.endsWith("norm.weight") ? numbers.map((weight) => weight - 1) : numbers),
  },
  gpt2: {
    modelType: "gpt2",
    config: {
      n_layer: "block_count",
      n_embd: "embedding_length",
      n_head: "attention.head_count",
      n_inner: "feed_forward_length",
      layer_norm_epsilon: "attention.layer_norm_epsilon",
      n_positions: "context_length",
    },
    tensor(name) {
      const parts: Record<string, string> = {
        attn_norm: "ln_1",
        attn_qkv: "attn.c_attn",
        attn_output: "attn.c_proj",
        ffn_norm: "ln_2",
        ffn_up: "mlp.c_fc",
        ffn_down: "mlp.c_proj",
      };
      const [, layer, part = "", kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
      if (layer !== undefined) return Object.hasOwn(parts, part) ? `transformer.h.${layer}.${parts[part]}.${kind}` : undefined;
      const top: Record<string, string> = {
        "token_embd.weight": "transformer.wte.weight",
        "position_embd.weight": "transformer.wpe.weight",
        "output_norm.weight": "transformer.ln_f.weight",
        "output_norm.bias": "transformer.ln_f.bias",
        "output.weight": "lm_head.weight",
      };
      return Object.hasOwn(top, name) ? top[name] : undefined;
    },
    isTransposed: (name) => /\.c_\w+\.weight$/.test(name),
    restore: (name, numbers, shape) => (/\.c_\w+\.weight$/.test(name) ? transposed(numbers, shape) : numbers),
  },
  bert: {
    modelType: "bert",
    config: {
      num_hidden_layers: "block_count",
      hidden_size: "embedding_length",
      num_attention_heads: "attention.head_count",
      intermediate_size: "feed_forward_length",
      layer_norm_eps: "attention.layer_norm_epsilon",
      max_position_embeddings: "context_length",
    },
    derive(fields, _value, metadata) {
      fields.type_vocab_size = metadata.get("tokenizer.ggml.token_type_count") ?? 2;
    },
    tensor(name) {
      const parts: Record<string, string> = {
        attn_q: "attention.self.query",
        attn_k: "attention.self.key",
        attn_v: "attention.self.value",
        attn_output: "attention.output.dense",
        attn_output_norm: "attention.output.LayerNorm",
        ffn_up: "intermediate.dense",
        ffn_down: "output.dense",
        layer_output_norm: "output.LayerNorm",
      };
      const [, layer, part = "", kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
      if (layer !== undefined) return Object.hasOwn(parts, part) ? `encoder.layer.${layer}.${parts[part]}.${kind}` : undefined;
      const top: Record<string, string> = {
        "token_embd.weight": "embeddings.word_embeddings.weight",
        "position_embd.weight": "embeddings.position_embeddings.weight",
        "token_types.weight": "embeddings.token_type_embeddings.weight",
        "token_embd_norm.weight": "embeddings.LayerNorm.weight",
        "token_embd_norm.bias": "embeddings.LayerNorm.bias",
      };
      return Object.hasOwn(top, name) ? top[name] : undefined;
    },
    restore: same,
  },
};

/** Rows of each head from neighbours (0, 1), (2, 3) … to halves (0, half), (1, half + 1) … */
function halvesApart(numbers: Float32Array, [rows = 0, width = 0]: readonly number[], heads: number): Float32Array {
  const perHead = rows / heads;
  const half = perHead / 2;
  const out = new Float32Array(numbers.length);
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / perHead);
    const at = row % perHead;
    const from = head * perHead + 2 * (at % half) + Math.floor(at / half);
    out.set(numbers.subarray(from * width, (from + 1) * width), row * width);
  }
  return out;
}

/** From [outputs, inputs], as the file has it, to [inputs, outputs]; `shape` is the latter. */
function transposed(numbers: Float32Array, [inputs = 0, outputs = 0]: readonly number[]): Float32Array {
  const out = new Float32Array(numbers.length);
  for (let output = 0, from = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) out[input * outputs + output] = numbers[from++] as number;
  }
  return out;
}
