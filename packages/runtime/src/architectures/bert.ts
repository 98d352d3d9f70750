import { attention } from "../open/attention.ts";
import type { ConfigReader } from "../open/config-reader.ts";
import { fullMask, positions, tokenIds } from "../open/feeds.ts";
import { layerNorm } from "../open/layers.ts";
import type { Tensor } from "../open/open-graph.ts";
import { type Architecture, type Dimensions, limits } from "./architecture.ts";
import { activationOf } from "./gated-mlp.ts";

/**
 * An encoder: every token sees every other, and the norm stands behind each part. Of it MiniLM and most sentence embedders are made.
 * Gives the last hidden state; there is no unembedding. All tokens are of the first segment.
 * source  Devlin et al. 2018, "BERT", arXiv 1810.04805, section 3
 */
export const bert: Architecture = {
  modelTypes: ["bert"],
  kind: "encoder",
  dimensions,

  build(net, config) {
    const { g } = net;
    const { layers, width, heads, headSize, vocabSize, trainedContext } = dimensions(config);
    const mlpWidth = config.count("intermediate_size", limits.mlpWidth);
    const epsilon = config.positive("layer_norm_eps", 1e-12);
    const activation = activationOf(config, "hidden_act", "gelu");
    const root = net.has("bert.embeddings.word_embeddings.weight") ? "bert." : "";
    const norm = (x: Tensor, name: string) =>
      layerNorm(g, x, {
        weight: net.weight(`${name}.weight`, width),
        bias: net.weight(`${name}.bias`, width),
        epsilon,
        isFrozen: net.plan.frozenNorms,
      });
    const linear = (x: Tensor, name: string, outputs: number) => net.linear(x, name, outputs, { bias: true });
    const segments = config.count("type_vocab_size", 64, 2);

    const name = `${root}embeddings`;
    const embedded = net.hook("hook_embed", g.gather(net.weight(`${name}.word_embeddings.weight`, vocabSize, width), tokenIds(net)));
    const placed = net.hook("hook_pos_embed", g.gather(net.weight(`${name}.position_embeddings.weight`, trainedContext, width), positions(net)));
    const types = net.weight(`${name}.token_type_embeddings.weight`, segments, width);
    const segment = g.gather(types, g.integers([0n])); // [1, width]
    let residual = norm(g.add(g.add(embedded, placed), segment), `${name}.LayerNorm`);

    for (let layer = 0; layer < layers; layer++) {
      const at = `blocks.${layer}`;
      const block = `${root}encoder.layer.${layer}`;
      residual = net.hook(`${at}.hook_resid_pre`, residual);
      const [q, k, v] = ["query", "key", "value"].map((part) => linear(residual, `${block}.attention.self.${part}`, width)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const z = attention(net, `${at}.attn`, { q, k, v }, { heads, kvHeads: heads, headSize, scale: 1 / Math.sqrt(headSize), mask: fullMask(net) });
      const attentionOut = net.hook(`${at}.hook_attn_out`, linear(z, `${block}.attention.output.dense`, width));
      residual = net.hook(`${at}.hook_resid_mid`, norm(g.add(residual, attentionOut), `${block}.attention.output.LayerNorm`));

      const before = net.hook(`${at}.mlp.hook_pre`, linear(residual, `${block}.intermediate.dense`, mlpWidth));
      const after = net.hook(`${at}.mlp.hook_post`, activation(g, before));
      const mlpOut = net.hook(`${at}.hook_mlp_out`, linear(after, `${block}.output.dense`, width));
      residual = net.hook(`${at}.hook_resid_post`, norm(g.add(residual, mlpOut), `${block}.output.LayerNorm`));
    }
    return residual;
  },
};

function dimensions(config: ConfigReader): Dimensions {
  const width = config.count("hidden_size", limits.width);
  const heads = config.count("num_attention_heads", limits.heads);
  if (width % heads !== 0) throw config.bad(`hidden_size (${width}) is no multiple of num_attention_heads (${heads})`);
  return {
    layers: config.count("num_hidden_layers", limits.layers),
    width,
    heads,
    kvHeads: heads,
    headSize: width / heads,
    vocabSize: config.count("vocab_size", limits.vocabulary),
    trainedContext: config.count("max_position_embeddings", limits.context),
  };
}
