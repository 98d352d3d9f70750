import { attention } from "../open/attention.ts";
import type { ConfigReader } from "../open/config-reader.ts";
import { causalMask, tokenIds } from "../open/feeds.ts";
import { rmsNorm } from "../open/layers.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import { type Architecture, type Dimensions, limits, unembed } from "./architecture.ts";
import { activationOf, gatedMlp } from "./gated-mlp.ts";
import { mixtureOfExperts } from "./mixture-of-experts.ts";
import { rotaryAngles } from "./rotary-angles.ts";

/**
 * Llama, and what differs from it in a detail: Mistral (a sliding window), Qwen 2 (biases of q, k, v), Qwen 3 (norms of q and k),
 * SmolLM (nothing), Mixtral (a mixture of experts in place of the MLP).
 *
 * source  Touvron et al. 2023, "LLaMA", arXiv 2302.13971, section 2.2; Jiang et al. 2023, "Mistral 7B", arXiv 2310.06825;
 *         Qwen Team 2024 and 2025, arXiv 2407.10671 and 2505.09388; Jiang et al. 2024, "Mixtral of Experts", arXiv 2401.04088
 */
export const llama: Architecture = {
  modelTypes: ["llama", "mistral", "qwen2", "qwen3", "mixtral"],
  kind: "decoder",
  dimensions,
  window: windowOf,

  build(net, config) {
    const { g } = net;
    const { layers, width, heads, kvHeads, headSize, vocabSize } = dimensions(config);
    const type = config.get("model_type");
    const mlpWidth = config.count("intermediate_size", limits.mlpWidth);
    const epsilon = epsilonOf(config);
    const activation = activationOf(config);
    const biases = { qkv: type === "qwen2" || config.flag("attention_bias", false), o: type !== "qwen2" && config.flag("attention_bias", false) };
    const mlpBias = config.flag("mlp_bias", false);
    const angles = rotaryAngles(net, "rotary", config, headSize);
    const norm = (x: Tensor, name: string, size = width) =>
      rmsNorm(g, x, { weight: net.weight(`${name}.weight`, size), epsilon, isFrozen: net.plan.frozenNorms });

    const embedding = net.weight("model.embed_tokens.weight", vocabSize, width);
    let residual = net.hook("hook_embed", g.gather(embedding, tokenIds(net)));

    for (let layer = 0; layer < layers; layer++) {
      const at = `blocks.${layer}`;
      const name = `model.layers.${layer}`;
      residual = net.hook(`${at}.hook_resid_pre`, residual);

      // Attention: what each token takes over from those before it.
      const seen = net.hook(`${at}.ln1.hook_normalized`, norm(residual, `${name}.input_layernorm`));
      const project = (part: string, count: number) => net.linear(seen, `${name}.self_attn.${part}_proj`, count * headSize, { bias: biases.qkv });
      const headNorm = (part: string) => (x: Tensor) => norm(x, `${name}.self_attn.${part}_norm`, headSize);
      const z = attention(
        net,
        `${at}.attn`,
        { q: project("q", heads), k: project("k", kvHeads), v: project("v", kvHeads) },
        {
          heads,
          kvHeads,
          headSize,
          scale: 1 / Math.sqrt(headSize),
          mask: causalMask(net, windowOf(config, layer)),
          angles,
          layer,
          ...(type === "qwen3" && { normalize: { q: headNorm("q"), k: headNorm("k") } }),
        },
      );
      const attentionOut = net.hook(`${at}.hook_attn_out`, net.linear(z, `${name}.self_attn.o_proj`, width, { bias: biases.o }));
      residual = net.hook(`${at}.hook_resid_mid`, g.add(residual, attentionOut));

      // MLP: what each token makes of it by itself.
      const thought = net.hook(`${at}.ln2.hook_normalized`, norm(residual, `${name}.post_attention_layernorm`));
      const made =
        type === "mixtral"
          ? mixtureOfExperts(net, `${at}.mlp`, `${name}.block_sparse_moe`, thought, { config, width, mlpWidth, activation })
          : gatedMlp(net, `${at}.mlp`, `${name}.mlp`, thought, { width, mlpWidth, activation, bias: mlpBias });
      residual = net.hook(`${at}.hook_resid_post`, g.add(residual, net.hook(`${at}.hook_mlp_out`, made)));
    }

    return head(net, config, residual);
  },
  head,
};

function head(net: OpenNetwork, config: ConfigReader, residual: Tensor): Tensor {
  const { width, vocabSize } = dimensions(config);
  const norm = { weight: net.weight("model.norm.weight", width), epsilon: epsilonOf(config), isFrozen: net.plan.frozenNorms };
  const last = net.hook("ln_final.hook_normalized", rmsNorm(net.g, residual, norm));
  const name = config.flag("tie_word_embeddings", false) ? "model.embed_tokens.weight" : "lm_head.weight";
  return unembed(net, last, net.weight(name, vocabSize, width));
}

const epsilonOf = (config: ConfigReader): number => config.positive("rms_norm_eps", 1e-6);

function dimensions(config: ConfigReader): Dimensions {
  const width = config.count("hidden_size", limits.width);
  const heads = config.count("num_attention_heads", limits.heads);
  const kvHeads = config.count("num_key_value_heads", limits.heads, heads);
  if (heads % kvHeads !== 0) throw config.badField("num_attention_heads", `a multiple of those of keys and values, ${kvHeads}`);
  return {
    layers: config.count("num_hidden_layers", limits.layers),
    width,
    heads,
    kvHeads,
    headSize: config.count("head_dim", limits.headSize, width / heads),
    vocabSize: config.count("vocab_size", limits.vocabulary),
    trainedContext: config.count("max_position_embeddings", limits.context),
  };
}

/** How many of the last tokens a layer sees; undefined: all of them. Qwen 2 has a window only in its upper layers, and only when told so. */
export function windowOf(config: ConfigReader, layer: number): number | undefined {
  const window = config.get("sliding_window");
  if (window === undefined) return undefined;
  const size = config.count("sliding_window", limits.context);
  const types = config.texts("layer_types");
  if (types) return types[layer] === "sliding_attention" ? size : undefined;
  if (config.get("model_type") === "mistral" || config.get("model_type") === "mixtral") return size;
  if (!config.flag("use_sliding_window", false)) return undefined;
  return layer >= config.count("max_window_layers", limits.layers, limits.layers) ? size : undefined;
}
