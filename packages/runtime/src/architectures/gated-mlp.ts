import type { ConfigReader } from "../open/config-reader.ts";
import { activations } from "../open/layers.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";

export interface MlpOptions {
  width: number;
  mlpWidth: number;
  activation: (typeof activations)[string];
  bias?: boolean;
}

/** down(activation(gate(x)) · up(x)). source  Shazeer 2020, "GLU Variants Improve Transformer", arXiv 2002.05202 */
export function gatedMlp(net: OpenNetwork, at: string, name: string, x: Tensor, { width, mlpWidth, activation, bias = false }: MlpOptions): Tensor {
  const gate = net.hook(`${at}.hook_pre`, net.linear(x, `${name}.gate_proj`, mlpWidth, { bias }));
  const up = net.hook(`${at}.hook_pre_linear`, net.linear(x, `${name}.up_proj`, mlpWidth, { bias }));
  const made = net.hook(`${at}.hook_post`, net.g.multiply(activation(net.g, gate), up));
  return net.linear(made, `${name}.down_proj`, width, { bias });
}

export function activationOf(config: ConfigReader, name = "hidden_act", fallback = "silu"): (typeof activations)[string] {
  const known = config.choice(name, Object.keys(activations), fallback);
  return activations[known] as (typeof activations)[string];
}
