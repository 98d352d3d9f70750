import type { ConfigReader } from "../open/config-reader.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";

/** What a network is, in numbers. */
export interface Dimensions {
  /** Of an encoder–decoder, the decoder's. */
  layers: number;
  encoderLayers?: number;
  /** Width of the residual stream. */
  width: number;
  heads: number;
  /** Each serves heads / kvHeads query heads. */
  kvHeads: number;
  headSize: number;
  vocabSize: number;
  /** Positions it was trained for. */
  trainedContext: number;
}

/**
 * A family of networks. One file each, which reads like its paper; `docs/architectures.md` tells how to add one.
 * `build` writes the network: token ids in, and out come logits [batch, rows, vocab] of the tokens asked for, or for an encoder its last hidden
 * state [batch, tokens, width].
 */
export interface Architecture {
  /** `model_type` of config.json. */
  modelTypes: readonly string[];
  kind: "decoder" | "encoder" | "encoder-decoder";
  dimensions(config: ConfigReader): Dimensions;
  build(net: OpenNetwork, config: ConfigReader): Tensor;
  /** Of how many last tokens, itself included, a layer's tokens see; undefined: all. */
  window?(config: ConfigReader, layer: number): number | undefined;
  /** The last step by itself: a residual stream [batch, tokens, width], after whatever layer, as logits [batch, rows, vocab]. Encoders have none. */
  head?(net: OpenNetwork, config: ConfigReader, residual: Tensor): Tensor;
  /** An encoder–decoder in two graphs, so that the encoder runs once an answer: states [batch, sources, width], and the logits from them. */
  encode?(net: OpenNetwork, config: ConfigReader): Tensor;
  decode?(net: OpenNetwork, config: ConfigReader, encoded: Tensor): Tensor;
}

/** Largest values believed, each well above the largest real model's [in brackets]. */
export const limits = {
  layers: 1024, // [126]
  width: 65_536, // [18,432]
  heads: 1024, // [128]
  headSize: 1024, // [256]
  mlpWidth: 1_048_576, // [53,248]
  vocabulary: 4_000_000, // [262,208]
  context: 16_777_216, // [10 million]
  experts: 1024, // [256]
};

/** The logits of each token asked for; `weight` is the embedding itself where the model ties them. */
export function unembed(net: OpenNetwork, x: Tensor, weight: Tensor): Tensor {
  const { g } = net;
  const asked = net.feed("asked", "int64", ["rows"], ({ asked, ids }) => {
    const rows = asked ?? (ids[0] ?? []).map((_, row) => row);
    return { data: BigInt64Array.from(rows, BigInt), shape: [rows.length] };
  });
  return g.linear(g.pick(x, asked), weight);
}
