import type { ConfigReader } from "../open/config-reader.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";
import { limits } from "./architecture.ts";
import type { MlpOptions } from "./gated-mlp.ts";

/**
 * A router gives each token to its best few experts, whose answers are added by weight.
 * Here every expert reads every token and those not chosen weigh 0: dearer than it must be, and open to every probe.
 * source  Jiang et al. 2024, "Mixtral of Experts", arXiv 2401.04088, section 2.1
 */
export function mixtureOfExperts(
  net: OpenNetwork,
  at: string,
  name: string,
  x: Tensor,
  { config, width, mlpWidth, activation }: MlpOptions & { config: ConfigReader },
): Tensor {
  const { g } = net;
  const experts = config.count("num_local_experts", limits.experts);
  const chosen = config.count("num_experts_per_tok", experts, 2);
  const router = net.hook(`${at}.hook_gate`, net.linear(x, `${name}.gate`, experts)); // [batch, tokens, experts]
  const [best] = g.largest(router, chosen);
  const least = g
    .split(
      best,
      [chosen - 1, 1].filter((size) => size > 0),
      -1,
    )
    .at(-1) as Tensor;
  const kept = g.where(g.notLess(router, least), router, g.number(-3e38));
  const weights = net.hook(`${at}.hook_expert_weights`, g.softmax(kept));

  const shares = g.split(
    weights,
    Array.from({ length: experts }, () => 1),
    -1,
  );
  const answers = shares.map((share, expert) => {
    const part = (index: number, outputs: number, input: Tensor) => net.linear(input, `${name}.experts.${expert}.w${index}`, outputs);
    const made = g.multiply(activation(g, part(1, mlpWidth, x)), part(3, mlpWidth, x));
    return g.multiply(part(2, width, made), share);
  });
  return answers.reduce((sum, answer) => g.add(sum, answer));
}
