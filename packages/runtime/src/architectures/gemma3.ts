import { attention } from "../open/attention.ts";
import type { ConfigReader } from "../open/config-reader.ts";
import { causalMask, tokenIds } from "../open/feeds.ts";
import { rmsNorm } from "../open/layers.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import { type Architecture, type Dimensions, limits, unembed } from "./architecture.ts";
import { activationOf, gatedMlp } from "./gated-mlp.ts";
import { rotaryAngles } from "./rotary-angles.ts";

/**
 * Gemma 3: five layers with a sliding window to one that sees everything, norms before and after each part, norms of q and k.
 * source  Gemma Team 2025, "Gemma 3 Technical Report", arXiv 2503.19786, section 2
 */
export const gemma3: Architecture = {
  modelTypes: ["gemma3_text", "gemma3"],
  kind: "decoder",
  dimensions,
  window: (config, layer) =>
    localLayers(config, dimensions(config).layers)[layer] ? config.count("sliding_window", limits.context, 4096) : undefined,

  build(net, config) {
    const { g } = net;
    const { layers, width, heads, kvHeads, headSize, vocabSize } = dimensions(config);
    const mlpWidth = config.count("intermediate_size", limits.mlpWidth);
    const activation = activationOf(config, "hidden_activation", "gelu_pytorch_tanh");
    const scale = config.positive("query_pre_attn_scalar", headSize) ** -0.5;
    const window = config.count("sliding_window", limits.context, 4096);
    const ropes = config.object("rope_parameters");
    const far = rotaryAngles(net, "rotary", config, headSize, ropes?.object("full_attention"));
    const near = rotaryAngles(net, "rotary.local", config, headSize, ropes?.object("sliding_attention") ?? localRope(config));
    const isLocal = localLayers(config, layers);
    const normed = (x: Tensor, name: string) => norm(net, config, x, name);

    const embedding = net.weight("model.embed_tokens.weight", vocabSize, width);
    let residual = net.hook("hook_embed", g.scale(g.gather(embedding, tokenIds(net)), Math.sqrt(width)));

    for (let layer = 0; layer < layers; layer++) {
      const at = `blocks.${layer}`;
      const name = `model.layers.${layer}`;
      residual = net.hook(`${at}.hook_resid_pre`, residual);

      const seen = net.hook(`${at}.ln1.hook_normalized`, normed(residual, `${name}.input_layernorm`));
      const project = (part: string, count: number) => net.linear(seen, `${name}.self_attn.${part}_proj`, count * headSize);
      const headNorm = (part: string) => (x: Tensor) => normed(x, `${name}.self_attn.${part}_norm`);
      const z = attention(
        net,
        `${at}.attn`,
        { q: project("q", heads), k: project("k", kvHeads), v: project("v", kvHeads) },
        {
          heads,
          kvHeads,
          headSize,
          scale,
          mask: isLocal[layer] ? causalMask(net, window) : causalMask(net),
          angles: isLocal[layer] ? near : far,
          normalize: { q: headNorm("q"), k: headNorm("k") },
          layer,
        },
      );
      const attentionOut = normed(net.linear(z, `${name}.self_attn.o_proj`, width), `${name}.post_attention_layernorm`);
      residual = net.hook(`${at}.hook_resid_mid`, g.add(residual, net.hook(`${at}.hook_attn_out`, attentionOut)));

      const thought = net.hook(`${at}.ln2.hook_normalized`, normed(residual, `${name}.pre_feedforward_layernorm`));
      const made = gatedMlp(net, `${at}.mlp`, `${name}.mlp`, thought, { width, mlpWidth, activation });
      const mlpOut = net.hook(`${at}.hook_mlp_out`, normed(made, `${name}.post_feedforward_layernorm`));
      residual = net.hook(`${at}.hook_resid_post`, g.add(residual, mlpOut));
    }

    return head(net, config, residual);
  },
  head,
};

/** Its weights are what is added to 1. */
function norm(net: OpenNetwork, config: ConfigReader, x: Tensor, name: string): Tensor {
  const weight = net.g.shift(net.weight(`${name}.weight`, x.shape.at(-1) as number), 1);
  return rmsNorm(net.g, x, { weight, epsilon: config.positive("rms_norm_eps", 1e-6), isFrozen: net.plan.frozenNorms });
}

function head(net: OpenNetwork, config: ConfigReader, residual: Tensor): Tensor {
  const { width, vocabSize } = dimensions(config);
  const last = net.hook("ln_final.hook_normalized", norm(net, config, residual, "model.norm"));
  return unembed(net, last, net.weight(net.has("lm_head.weight") ? "lm_head.weight" : "model.embed_tokens.weight", vocabSize, width));
}

function dimensions(config: ConfigReader): Dimensions {
  const heads = config.count("num_attention_heads", limits.heads);
  const kvHeads = config.count("num_key_value_heads", limits.heads, heads);
  if (heads % kvHeads !== 0) throw config.badField("num_attention_heads", `a multiple of those of keys and values, ${kvHeads}`);
  return {
    layers: config.count("num_hidden_layers", limits.layers),
    width: config.count("hidden_size", limits.width),
    heads,
    kvHeads,
    headSize: config.count("head_dim", limits.headSize, 256),
    vocabSize: config.count("vocab_size", limits.vocabulary),
    trainedContext: config.count("max_position_embeddings", limits.context),
  };
}

/** Which layers have a window: as listed, else all but every sixth. */
export function localLayers(config: ConfigReader, layers: number): boolean[] {
  const types = config.texts("layer_types");
  const pattern = config.count("sliding_window_pattern", limits.layers, 6);
  return Array.from({ length: layers }, (_, layer) => (types ? types[layer] === "sliding_attention" : (layer + 1) % pattern !== 0));
}

/** Layers with a window turn by a base of their own, and are never stretched. */
export function localRope(config: ConfigReader): ConfigReader {
  return config.derived({ rope_type: "default", rope_theta: config.positive("rope_local_base_freq", 10_000) });
}
