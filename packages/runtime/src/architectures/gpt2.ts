import { attention } from "../open/attention.ts";
import type { ConfigReader } from "../open/config-reader.ts";
import { causalMask, positions, tokenIds } from "../open/feeds.ts";
import { layerNorm } from "../open/layers.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import { type Architecture, type Dimensions, limits, unembed } from "./architecture.ts";
import { activationOf } from "./gated-mlp.ts";

/** source  Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3 */
export const gpt2: Architecture = {
  modelTypes: ["gpt2"],
  kind: "decoder",
  dimensions,

  build(net, config) {
    const { g } = net;
    const { layers, width, heads, headSize, vocabSize, trainedContext } = dimensions(config);
    const mlpWidth = config.count("n_inner", limits.mlpWidth, 4 * width);
    const activation = activationOf(config, "activation_function", "gelu_new");
    const root = rootOf(net);
    const normed = (x: Tensor, name: string) => norm(net, config, x, name);
    /** Its matrices are [inputs, outputs]. */
    const linear = (x: Tensor, name: string, outputs: number) =>
      g.add(g.matMul(x, net.weight(`${name}.weight`, x.shape.at(-1) as number, outputs)), net.weight(`${name}.bias`, outputs));

    const embedding = net.weight(`${root}wte.weight`, vocabSize, width);
    const embedded = net.hook("hook_embed", g.gather(embedding, tokenIds(net)));
    const placed = net.hook("hook_pos_embed", g.gather(net.weight(`${root}wpe.weight`, trainedContext, width), positions(net)));
    let residual = g.add(embedded, placed);

    for (let layer = 0; layer < layers; layer++) {
      const at = `blocks.${layer}`;
      const name = `${root}h.${layer}`;
      residual = net.hook(`${at}.hook_resid_pre`, residual);

      const seen = net.hook(`${at}.ln1.hook_normalized`, normed(residual, `${name}.ln_1`));
      const [q, k, v] = g.split(linear(seen, `${name}.attn.c_attn`, 3 * width), [width, width, width], -1) as [Tensor, Tensor, Tensor];
      const scale = 1 / Math.sqrt(headSize);
      const z = attention(net, `${at}.attn`, { q, k, v }, { heads, kvHeads: heads, headSize, scale, mask: causalMask(net), layer });
      const attentionOut = net.hook(`${at}.hook_attn_out`, linear(z, `${name}.attn.c_proj`, width));
      residual = net.hook(`${at}.hook_resid_mid`, g.add(residual, attentionOut));

      const thought = net.hook(`${at}.ln2.hook_normalized`, normed(residual, `${name}.ln_2`));
      const before = net.hook(`${at}.mlp.hook_pre`, linear(thought, `${name}.mlp.c_fc`, mlpWidth));
      const after = net.hook(`${at}.mlp.hook_post`, activation(g, before));
      const mlpOut = net.hook(`${at}.hook_mlp_out`, linear(after, `${name}.mlp.c_proj`, width));
      residual = net.hook(`${at}.hook_resid_post`, g.add(residual, mlpOut));
    }

    return head(net, config, residual);
  },
  head,
};

/** Checkpoints of the bare model have no prefix. */
const rootOf = (net: OpenNetwork): string => (net.has("transformer.wte.weight") ? "transformer." : "");

function norm(net: OpenNetwork, config: ConfigReader, x: Tensor, name: string): Tensor {
  const width = x.shape.at(-1) as number;
  const [weight, bias] = [net.weight(`${name}.weight`, width), net.weight(`${name}.bias`, width)];
  return layerNorm(net.g, x, { weight, bias, epsilon: config.positive("layer_norm_epsilon", 1e-5), isFrozen: net.plan.frozenNorms });
}

function head(net: OpenNetwork, config: ConfigReader, residual: Tensor): Tensor {
  const { width, vocabSize } = dimensions(config);
  const last = net.hook("ln_final.hook_normalized", norm(net, config, residual, `${rootOf(net)}ln_f`));
  return unembed(net, last, net.weight(net.has("lm_head.weight") ? "lm_head.weight" : `${rootOf(net)}wte.weight`, vocabSize, width));
}

function dimensions(config: ConfigReader): Dimensions {
  const width = config.count("n_embd", limits.width);
  const heads = config.count("n_head", limits.heads);
  if (width % heads !== 0) throw config.bad(`n_embd (${width}) is no multiple of n_head (${heads})`);
  return {
    layers: config.count("n_layer", limits.layers),
    width,
    heads,
    kvHeads: heads,
    headSize: width / heads,
    vocabSize: config.count("vocab_size", limits.vocabulary),
    trainedContext: config.count("n_positions", limits.context),
  };
}
