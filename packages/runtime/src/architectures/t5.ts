import { attention } from "../open/attention.ts";
import type { ConfigReader } from "../open/config-reader.ts";
import { causalMask, crossMask, relativeBuckets, sourceIds, sourceMask, tokenIds } from "../open/feeds.ts";
import { activations, rmsNorm } from "../open/layers.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import { type Architecture, type Dimensions, limits, unembed } from "./architecture.ts";

/**
 * T5 and Flan-T5: an encoder reads the source, a decoder writes, looking at the encoder's states (cross-attention).
 * Positions are a bias of the scores, learned by bucket of distance.
 * source  Raffel et al. 2019, "Exploring the Limits of Transfer Learning", arXiv 1910.10683, section 2.1
 */
export const t5: Architecture = {
  modelTypes: ["t5"],
  kind: "encoder-decoder",
  dimensions,
  build: (net, config) => decode(net, config, encode(net, config)),
  head,
  encode,
  decode,
};

/** The encoder's states, [batch, sources, width]. */
function encode(net: OpenNetwork, config: ConfigReader): Tensor {
  const { width, encoderLayers, norm, feedForward, selfAttention, embedding } = parts(net, config);
  const { g } = net;
  const bias = positionBias(net, config, "encoder", true);
  let residual = net.hook("encoder.hook_embed", g.gather(embedding, sourceIds(net)));
  for (let layer = 0; layer < encoderLayers; layer++) {
    const at = `encoder.blocks.${layer}`;
    const name = `encoder.block.${layer}.layer`;
    residual = net.hook(`${at}.hook_resid_pre`, residual);
    const seen = net.hook(`${at}.ln1.hook_normalized`, norm(residual, `${name}.0.layer_norm`));
    const mask = g.add(bias, sourceMask(net));
    const z = selfAttention(`${at}.attn`, `${name}.0.SelfAttention`, seen, seen, { mask });
    const attentionOut = net.hook(`${at}.hook_attn_out`, net.linear(z, `${name}.0.SelfAttention.o`, width));
    residual = net.hook(`${at}.hook_resid_mid`, g.add(residual, attentionOut));
    const thought = net.hook(`${at}.ln2.hook_normalized`, norm(residual, `${name}.1.layer_norm`));
    const mlpOut = net.hook(`${at}.hook_mlp_out`, feedForward(`${at}.mlp`, `${name}.1.DenseReluDense`, thought));
    residual = net.hook(`${at}.hook_resid_post`, g.add(residual, mlpOut));
  }
  return net.hook("encoder.ln_final.hook_normalized", norm(residual, "encoder.final_layer_norm"));
}

/** Logits of the decoder's tokens, over the encoder's states. */
function decode(net: OpenNetwork, config: ConfigReader, encoded: Tensor): Tensor {
  const { width, layers, norm, feedForward, selfAttention, embedding } = parts(net, config);
  const { g } = net;
  const bias = positionBias(net, config, "decoder", false);
  let residual = net.hook("decoder.hook_embed", g.gather(embedding, tokenIds(net)));
  for (let layer = 0; layer < layers; layer++) {
    const at = `decoder.blocks.${layer}`;
    const name = `decoder.block.${layer}.layer`;
    residual = net.hook(`${at}.hook_resid_pre`, residual);
    const seen = net.hook(`${at}.ln1.hook_normalized`, norm(residual, `${name}.0.layer_norm`));
    const mask = g.add(bias, causalMask(net));
    const z = selfAttention(`${at}.attn`, `${name}.0.SelfAttention`, seen, seen, { mask, layer });
    const attentionOut = net.hook(`${at}.hook_attn_out`, net.linear(z, `${name}.0.SelfAttention.o`, width));
    residual = net.hook(`${at}.hook_resid_mid`, g.add(residual, attentionOut));

    const asking = net.hook(`${at}.ln2.hook_normalized`, norm(residual, `${name}.1.layer_norm`));
    const taken = selfAttention(`${at}.cross_attn`, `${name}.1.EncDecAttention`, asking, encoded, { mask: crossMask(net) });
    const crossOut = net.hook(`${at}.hook_cross_attn_out`, net.linear(taken, `${name}.1.EncDecAttention.o`, width));
    residual = net.hook(`${at}.hook_resid_mid_cross`, g.add(residual, crossOut));

    const thought = net.hook(`${at}.ln3.hook_normalized`, norm(residual, `${name}.2.layer_norm`));
    const mlpOut = net.hook(`${at}.hook_mlp_out`, feedForward(`${at}.mlp`, `${name}.2.DenseReluDense`, thought));
    residual = net.hook(`${at}.hook_resid_post`, g.add(residual, mlpOut));
  }
  return head(net, config, residual);
}

function head(net: OpenNetwork, config: ConfigReader, residual: Tensor): Tensor {
  const { width, vocabSize, norm } = parts(net, config);
  const last = net.hook("decoder.ln_final.hook_normalized", norm(residual, "decoder.final_layer_norm"));
  // Flan-T5's are not scaled: its unembedding is a matrix of its own.
  const isScaled = config.flag("scale_decoder_outputs", config.flag("tie_word_embeddings", true));
  const unembedding = net.weight(net.has("lm_head.weight") ? "lm_head.weight" : "shared.weight", vocabSize, width);
  return unembed(net, isScaled ? net.g.scale(last, width ** -0.5) : last, unembedding);
}

/** What encoder and decoder are both made of. */
function parts(net: OpenNetwork, config: ConfigReader) {
  const { g } = net;
  const dims = dimensions(config);
  const { width, heads, headSize, vocabSize } = dims;
  const mlpWidth = config.count("d_ff", limits.mlpWidth);
  const epsilon = config.positive("layer_norm_epsilon", 1e-6);
  const projection = config.choice("feed_forward_proj", ["relu", "gated-gelu"], "relu");
  return {
    ...dims,
    embedding: net.weight("shared.weight", vocabSize, width),
    norm: (x: Tensor, name: string) => rmsNorm(g, x, { weight: net.weight(`${name}.weight`, width), epsilon, isFrozen: net.plan.frozenNorms }),

    feedForward(at: string, name: string, x: Tensor): Tensor {
      const gated = projection === "gated-gelu";
      const activate = activations[gated ? "gelu_new" : "relu"] as (typeof activations)[string];
      const gate = net.hook(`${at}.hook_pre`, net.linear(x, gated ? `${name}.wi_0` : `${name}.wi`, mlpWidth));
      const activated = activate(g, gate);
      const made = gated ? g.multiply(activated, net.hook(`${at}.hook_pre_linear`, net.linear(x, `${name}.wi_1`, mlpWidth))) : activated;
      return net.linear(net.hook(`${at}.hook_post`, made), `${name}.wo`, width);
    },

    /** Queries from `x`, keys and values from `from`; the scores are not scaled. */
    selfAttention(at: string, name: string, x: Tensor, from: Tensor, { mask, layer }: { mask: Tensor; layer?: number }): Tensor {
      const project = (part: string, input: Tensor) => net.linear(input, `${name}.${part}`, heads * headSize);
      const qkv = { q: project("q", x), k: project("k", from), v: project("v", from) };
      return attention(net, at, qkv, { heads, kvHeads: heads, headSize, scale: 1, mask, ...(layer !== undefined && { layer }) });
    },
  };
}

/** [1, heads, queries, keys]: of the first layer, used by all. */
function positionBias(net: OpenNetwork, config: ConfigReader, side: "encoder" | "decoder", bothWays: boolean): Tensor {
  const { heads } = dimensions(config);
  const buckets = config.count("relative_attention_num_buckets", 4096, 32);
  const distance = config.count("relative_attention_max_distance", limits.context, 128);
  const weight = net.weight(`${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`, buckets, heads);
  const places = relativeBuckets(net, side, (offset) => bucketOf(offset, buckets, distance, bothWays));
  return net.hook(`${side}.hook_position_bias`, net.g.transpose(net.g.gather(weight, places), [0, 3, 1, 2]));
}

/** The bucket of a key `offset` tokens after the query (before it: negative): one for each near distance, wider and wider ones further on. */
export function bucketOf(offset: number, buckets: number, maxDistance: number, bothWays: boolean): number {
  const count = bothWays ? Math.floor(buckets / 2) : buckets;
  const base = bothWays && offset > 0 ? count : 0;
  const distance = bothWays ? Math.abs(offset) : Math.max(0, -offset);
  const exact = Math.floor(count / 2);
  if (distance < exact) return base + distance;
  const wide = exact + Math.floor((Math.log(distance / exact) / Math.log(maxDistance / exact)) * (count - exact));
  return base + Math.min(wide, count - 1);
}

function dimensions(config: ConfigReader): Dimensions & { encoderLayers: number } {
  const heads = config.count("num_heads", limits.heads);
  const encoderLayers = config.count("num_layers", limits.layers);
  return {
    layers: config.count("num_decoder_layers", limits.layers, encoderLayers),
    encoderLayers,
    width: config.count("d_model", limits.width),
    heads,
    kvHeads: heads,
    headSize: config.count("d_kv", limits.headSize),
    vocabSize: config.count("vocab_size", limits.vocabulary),
    trainedContext: config.count("n_positions", limits.context, 512),
  };
}
